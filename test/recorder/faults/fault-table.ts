import { TestRunner } from 'vitest'
import { partNumbers } from '../../../recorder/recover-spool.ts'
import type { SegmentSpool } from '../../../recorder/segment-spool.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import { capturedMs, capturePid, isThere, sha256Of } from '../recorded.ts'

/** What a fault did, as study-recorder.md §4 asks. Seconds are absent where the fault has none of them. */
export interface FaultRow {
  fault: string
  /** Media that was captured and is not there, or segments that never reached the store, s; absent where no media was at stake. */
  lostSeconds?: number
  /** The stated gap that the fault left, s. */
  gapSeconds?: number
  /** From the fault to the alarm or to the state that tells of it, s. */
  alarmSeconds?: number
  /** Segments whose bytes are not those of their hash; marks out of their order. */
  wrong: number
  /** Segments, objects or marks that are there twice. */
  double: number
  note?: string
}

declare module 'vitest' {
  interface TaskMeta {
    faults?: FaultRow[]
  }
}

/** Hands a row to the runner (setup/test-report.mjs): `npm test` prints the rows of all files as one table. */
export function noteFault(row: FaultRow): void {
  const meta = TestRunner.getCurrentTest()?.meta
  if (meta === undefined) throw new TypeError('a fault is noted inside a test')
  meta.faults = [...(meta.faults ?? []), row]
}

/** Journalled segments whose file has other bytes, and places of the journal that stand there twice. */
export async function countWrong(spool: Pick<SegmentSpool, 'lines' | 'segmentPath'>): Promise<{ wrong: number; double: number }> {
  const lines = spool.lines.filter(isSegmentLine)
  const hashes = await Promise.all(lines.map((line) => sha256Of(spool.segmentPath(line)).catch(() => '')))
  const places = new Set(lines.map((line) => `${line.part}/${line.track}/${line.index}`))
  return { wrong: lines.filter((line, at) => hashes[at] !== line.sha256).length, double: lines.length - places.size }
}

/** Of every part whose ffmpeg is gone: what it says it has given out, against what is journalled of it, s. */
export async function lostSeconds(spool: SegmentSpool): Promise<number> {
  let lostMs = 0
  for (const part of await partNumbers(spool)) {
    const pid = await capturePid(spool, part).catch(() => undefined)
    if (pid === undefined || isThere(pid)) continue
    const lines = spool.lines.filter(isSegmentLine).filter((line) => line.part === part)
    const keptMs = lines.length === 0 ? 0 : Math.max(...lines.map(endOf)) - Math.min(...lines.map((line) => line.ptsMs))
    lostMs += Math.max(0, (await capturedMs(spool, part)) - keptMs)
  }
  return Math.round(lostMs / 10) / 100
}

const endOf = (line: { ptsMs: number; durationMs: number }) => line.ptsMs + line.durationMs

/** Seconds since a moment of `performance.now()`, to a hundredth. */
export function secondsSince(atMs: number): number {
  return Math.round((performance.now() - atMs) / 10) / 100
}
