import { isSegmentLine, type JournalLine } from '../storage/model/recording.ts'
import { type ClockReading, elapsedAtLeast, elapsedMs, shifted } from './clock.ts'

/** A place on the session's media line and the clock when it was captured. */
export interface Anchor {
  mediaMs: number
  clock: ClockReading
}

/** Where a part lies on the media line: its first picture or sound is at `baseMs`, captured at `startClock`. */
export interface PartPlace {
  baseMs: number
  startClock: ClockReading
  /** It may lie later: no clock tells for sure how long it was since the part before. */
  atLeast?: true
}

/** The end of what is journalled (of some tracks only, when they are named); undefined while nothing is. A journalled segment carries the clock of its end. */
export function lineEnd(lines: readonly JournalLine[], tracks?: readonly string[]): Anchor | undefined {
  let last: Anchor | undefined
  for (const line of lines) {
    if (!isSegmentLine(line) || (tracks !== undefined && !tracks.includes(line.track))) continue
    const mediaMs = line.ptsMs + line.durationMs
    if (last !== undefined && mediaMs < last.mediaMs) continue
    last = { mediaMs, clock: { wallMs: line.wallMs, monotonicNs: BigInt(line.monotonicNs), boot: line.boot } }
  }
  return last
}

/**
 * Places a new part: it starts where the last one ended plus the time that passed in between by the clock.
 * @param last end of the part before; undefined for the first part, which starts at 0
 * @param seen a place on the new part's own line and the clock when that place was captured
 * @param speed media ms per ms; above 1 only for a file played faster than real time
 */
export function placePart(last: Anchor | undefined, seen: { partMs: number; clock: ClockReading }, speed: number): PartPlace {
  const startClock = shifted(seen.clock, -seen.partMs / speed)
  if (last === undefined) return { baseMs: 0, startClock }
  const since = elapsedAtLeast(last.clock, startClock)
  const baseMs = last.mediaMs + Math.max(0, Math.round(since.ms * speed))
  return { baseMs, startClock, ...(since.known ? {} : { atLeast: true as const }) }
}

/** The place that is being captured at `now`, when capture has run since `from`. */
export function placeAt(from: Anchor, now: ClockReading, speed: number): number {
  return Math.max(0, Math.round(from.mediaMs + elapsedMs(from.clock, now) * speed))
}
