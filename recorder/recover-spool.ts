import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GapLine, isSegmentLine, type JournalLine } from '../storage/model/recording.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { adoptCapture, type Capture } from './capture.ts'
import { segmentListName } from './capture-arguments.ts'
import { shifted } from './clock.ts'
import { type Anchor, lineEnd, type PartPlace } from './media-line.ts'
import { PartFollower } from './part-follower.ts'
import { parseSegmentList } from './segment-list.ts'
import type { SegmentSpool } from './segment-spool.ts'

/** What a crash left: where to go on, and the capture that still runs, if one does. */
export interface Recovered {
  nextPart: number
  adopted: { capture: Capture; follower: PartFollower; part: number } | undefined
}

/**
 * Brings the journal up to what lies on the disk: segments closed but not journalled, and the one that was cut short.
 * @param keepRunning take over an ffmpeg that still writes; otherwise it is ended first
 */
export async function recoverSpool(spool: SegmentSpool, ffmpeg: Ffmpeg, speed: number, keepRunning: boolean): Promise<Recovered> {
  const parts = (await readdir(spool.folder)).flatMap((name) => /^part-(\d{3,})$/.exec(name)?.[1] ?? []).map(Number)
  const nextPart = Math.max(-1, ...parts) + 1
  for (const part of parts.sort((a, b) => a - b)) {
    const follower = await followerOf(spool, part, speed)
    const capture = await adoptCapture(spool.partFolder(part))
    if (capture !== undefined && keepRunning && part === nextPart - 1) return { nextPart, adopted: { capture, follower, part } }
    await capture?.stop()
    await follower.keepAll(ffmpeg)
  }
  return { nextPart, adopted: undefined }
}

async function followerOf(spool: SegmentSpool, part: number, speed: number): Promise<PartFollower> {
  const own = spool.lines.filter(isSegmentLine).filter((line) => line.part === part)
  const after = lineEnd(spool.lines.filter((line) => isSegmentLine(line) && line.part < part))
  const list = await readFile(join(spool.partFolder(part), segmentListName('master')), 'utf8').catch(() => '')
  const place = placeFromJournal(spool.lines, part, after, list, speed)
  const kept = own.length === 0 ? 0 : Math.max(...own.map((line) => line.index)) + 1
  return new PartFollower(spool, { part, after, cause: 'agent-restarted', speed, kept, ...(place === undefined ? {} : { place }) })
}

/** Where a part lies, when the journal tells: by a segment of it, or by the gap that was written just before its first one. */
export function placeFromJournal(
  lines: readonly JournalLine[],
  part: number,
  after: Anchor | undefined,
  list: string,
  speed: number,
): PartPlace | undefined {
  const first = lines.find((line) => isSegmentLine(line) && line.part === part)
  if (first !== undefined && isSegmentLine(first)) {
    const fromMs = parseSegmentList(list).find((listed) => listed.index === first.index)?.fromMs ?? 0
    const clock = { wallMs: first.wallMs, monotonicNs: BigInt(first.monotonicNs), boot: first.boot }
    return { baseMs: first.ptsMs - fromMs, startClock: shifted(clock, -(fromMs + first.durationMs) / speed) }
  }
  const gap = lines.find((line): line is GapLine => 'kind' in line && line.kind === 'gap' && line.part === part)
  if (gap === undefined || after === undefined) return undefined
  return { baseMs: gap.toMs, startClock: shifted(after.clock, (gap.toMs - gap.fromMs) / speed) }
}
