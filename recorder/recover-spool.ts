import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { nanoseconds } from '../storage/model/ids.ts'
import { type GapLine, isSegmentLine, isStoredLine, type JournalLine } from '../storage/model/recording.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { adoptCapture, type Capture } from './capture.ts'
import { captureFiles, segmentListName } from './capture-arguments.ts'
import { type ClockReading, shifted } from './clock.ts'
import { type Anchor, lineEnd, type PartPlace } from './media-line.ts'
import { PartFollower } from './part-follower.ts'
import { PartPlacing, type PartPlan } from './part-place.ts'
import { closedPartCause } from './part-seal.ts'
import { parseSegmentList } from './segment-list.ts'
import type { SegmentSpool } from './segment-spool.ts'

/** What a part is of; written before its ffmpeg starts. */
export const partPlan = z.object({
  source: z.string().min(1),
  tracks: z.array(z.string().min(1)).min(1),
  begunAt: z.object({ wallMs: z.int(), monotonicNs: nanoseconds.transform(BigInt), boot: z.string().min(1) }).optional(),
})

/** One part with the ffmpeg that writes it: a follower for each track, the leading one first. */
export interface RunningPart {
  part: number
  capture: Capture
  followers: [PartFollower, ...PartFollower[]]
}

/** The source that is recovered, and what its gaps are called. */
export interface RecoveredSource {
  id: string
  speed: number
  /** Every track it may write. */
  tracks: readonly string[]
  /** Beginning of the session, when it has several sources. */
  origin: Anchor | undefined
}

/**
 * Brings the journal up to what lies on the disk of one source: segments closed but not journalled, and the one that was cut short.
 * @param keepRunning take over an ffmpeg that still writes; otherwise it is ended first
 */
export async function recoverSpool(
  spool: SegmentSpool,
  ffmpeg: Ffmpeg,
  of: RecoveredSource,
  keepRunning: boolean,
): Promise<RunningPart | undefined> {
  const parts = await partsOf(spool, of.id)
  const newest = parts.at(-1)?.part
  for (const { part, tracks, begunAt } of parts) {
    const followers = await followersOf(spool, ffmpeg, { ...of, part, written: tracks, begunAt })
    const capture = await adoptCapture(spool.partFolder(part))
    if (capture !== undefined && keepRunning && part === newest) return { part, capture, followers }
    await capture?.stop()
    for (const follower of followers) await follower.keepAll()
  }
  return undefined
}

/** Numbers of all parts in the spool, of whatever source. */
export async function partNumbers(spool: SegmentSpool): Promise<number[]> {
  const names = await readdir(spool.folder)
  return names
    .flatMap((name) => /^part-(\d{3,})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

interface WrittenPart {
  part: number
  tracks: [string, ...string[]]
  begunAt: ClockReading | undefined
}

async function partsOf(spool: SegmentSpool, source: string): Promise<WrittenPart[]> {
  const found = await Promise.all(
    (await partNumbers(spool)).map(async (part) => {
      const text = await readFile(join(spool.partFolder(part), captureFiles.plan), 'utf8').catch(() => undefined)
      const plan = text === undefined ? { source: 'main', tracks: ['master'], begunAt: undefined } : partPlan.parse(JSON.parse(text))
      const [lead = 'master', ...others] = plan.tracks
      return { part, source: plan.source, tracks: [lead, ...others] as [string, ...string[]], begunAt: plan.begunAt }
    }),
  )
  return found.filter((one) => one.source === source)
}

async function followersOf(
  spool: SegmentSpool,
  ffmpeg: Ffmpeg,
  of: RecoveredSource & { part: number; written: [string, ...string[]]; begunAt: ClockReading | undefined },
): Promise<[PartFollower, ...PartFollower[]]> {
  const { part, written, speed } = of
  const [lead, ...others] = written
  const own = lineEnd(
    spool.lines.filter((line) => isSegmentLine(line) && line.part < part),
    of.tracks,
  )
  const after = own ?? of.origin
  const list = await readFile(join(spool.partFolder(part), segmentListName(lead)), 'utf8').catch(() => '')
  const place = placeFromJournal(spool.lines, { part, track: lead }, after, list, speed)
  const known = { ...(place === undefined ? {} : { place }), ...(of.begunAt === undefined ? {} : { begunAt: of.begunAt }) }
  const missing = causeBefore(spool, of.tracks[0] ?? lead, 'agent-restarted')
  const gap = (await spool.sealOf(part)) === undefined ? gapOf(spool, of.tracks[0] ?? lead, lead) : { track: undefined }
  const plan = { part, after, first: own === undefined, cause: missing, speed, ...gap }
  const placing = new PartPlacing(spool, { ...plan, ...known })
  const follow = (track: string) => {
    const { kept, endMs } = keptOf(spool.lines, part, track)
    return new PartFollower(spool, ffmpeg, { placing, track, kept, endMs: place === undefined ? 0 : Math.max(0, endMs - place.baseMs) })
  }
  return [follow(lead), ...others.map(follow)]
}

/** Why a track misses what lies before a new part: what was sealed is missing to everybody else, whatever else happened meanwhile. */
export function causeBefore(spool: SegmentSpool, lead: string, missing: string): string {
  return spool.endsSealed(lead) ? closedPartCause : missing
}

/** Whose gap lies before a part, and from where: that of the source's leading track, when the part goes on with it. What is stated is not stated again. */
export function gapOf(spool: SegmentSpool, leadOfSource: string, leadOfPart: string): Pick<PartPlan, 'track' | 'gapFromMs'> {
  const gapFromMs = spool.missingFrom(leadOfSource)
  return { track: leadOfSource === leadOfPart ? leadOfSource : undefined, ...(gapFromMs === undefined ? {} : { gapFromMs }) }
}

/** How many segments of a track are journalled, and where on the session's line the last one ends. */
function keptOf(lines: readonly JournalLine[], part: number, track: string): { kept: number; endMs: number } {
  const own = lines.filter(isStoredLine).filter((line) => line.part === part && line.track === track)
  return {
    kept: Math.max(-1, ...own.map((line) => line.index)) + 1,
    endMs: Math.max(0, ...own.map((line) => line.ptsMs + line.durationMs)),
  }
}

/** Where a part lies, when the journal tells: by a segment of its leading track, or by the gap that was written just before its first one. */
export function placeFromJournal(
  lines: readonly JournalLine[],
  of: { part: number; track: string },
  after: Anchor | undefined,
  list: string,
  speed: number,
): PartPlace | undefined {
  const first = lines.find((line) => isStoredLine(line) && line.part === of.part && line.track === of.track)
  if (first !== undefined && isStoredLine(first)) {
    const fromMs = parseSegmentList(list).find((listed) => listed.index === first.index)?.fromMs ?? 0
    const clock = { wallMs: first.wallMs, monotonicNs: BigInt(first.monotonicNs), boot: first.boot }
    return { baseMs: first.ptsMs - fromMs, startClock: shifted(clock, -(fromMs + first.durationMs) / speed) }
  }
  const gap = lines.find((line): line is GapLine => 'kind' in line && line.kind === 'gap' && line.part === of.part)
  if (gap === undefined || after === undefined) return undefined
  return { baseMs: gap.toMs, startClock: shifted(after.clock, (gap.toMs - after.mediaMs) / speed) }
}
