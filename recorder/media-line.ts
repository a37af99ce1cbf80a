import { type GapLine, isSegmentLine, type JournalLine } from '../storage/model/recording.ts'
import { type ClockReading, elapsedAtLeast, elapsedMs, shifted } from './clock.ts'

/** A place on the session's media line and the clock when it was captured. */
export interface Anchor {
  mediaMs: number
  clock: ClockReading
  /** Whether the wall's clock was held synchronised then; absent where nobody could tell. */
  synchronised?: boolean
}

/** Where a part lies on the media line: its first picture or sound is at `baseMs`, captured at `startClock`. */
export interface PartPlace {
  baseMs: number
  startClock: ClockReading
  /** It may lie later: no clock tells for sure how long it was since the part before. */
  atLeast?: true
  /** It lies where a clock says that nobody held: the part before ended at least so long ago, ms of the line. */
  leastMs?: number
}

/** The end of what is journalled (of some tracks only, when they are named); undefined while nothing is. A journalled segment carries the clock of its end. */
export function lineEnd(lines: readonly JournalLine[], tracks?: readonly string[]): Anchor | undefined {
  let last: Anchor | undefined
  for (const line of lines) {
    if (!isSegmentLine(line) || (tracks !== undefined && !tracks.includes(line.track))) continue
    const mediaMs = line.ptsMs + line.durationMs
    if (last !== undefined && mediaMs < last.mediaMs) continue
    const clock = { wallMs: line.wallMs, monotonicNs: BigInt(line.monotonicNs), boot: line.boot }
    last = { mediaMs, clock, ...(line.synchronised === undefined ? {} : { synchronised: line.synchronised }) }
  }
  return last
}

/**
 * Places a new part: it starts where the last one ended plus the time that passed in between by the clock.
 * @param last end of the part before; undefined for the first part, which starts at 0
 * @param seen a place on the new part's own line, the clock when that place was captured, and whether it is known to be held
 * @param speed media ms per ms; above 1 only for a file played faster than real time
 */
export function placePart(
  last: Anchor | undefined,
  seen: { partMs: number; clock: ClockReading; synchronised?: boolean | undefined },
  speed: number,
): PartPlace {
  const startClock = shifted(seen.clock, -seen.partMs / speed)
  if (last === undefined) return { baseMs: 0, startClock }
  const { ms, leastMs } = elapsedAtLeast(last.clock, startClock, last.synchronised === true && seen.synchronised === true)
  const place = { baseMs: last.mediaMs + Math.max(0, Math.round(ms * speed)), startClock }
  if (leastMs === undefined) return place
  return ms === leastMs ? { ...place, atLeast: true } : { ...place, leastMs: Math.max(0, Math.round(leastMs * speed)) }
}

type GapDoubt = Pick<GapLine, 'atLeast' | 'leastMs'>

/**
 * What the gap before a part says of its length, when no clock tells it for sure.
 * @param soonerMs by how much the gap began before the anchor that the part was placed after; negative: after it, the rest is stated already
 */
export function doubtOf({ atLeast, leastMs }: GapDoubt, soonerMs = 0): GapDoubt {
  if (leastMs !== undefined) return { leastMs: Math.max(0, leastMs + soonerMs) }
  return atLeast === undefined ? {} : { atLeast }
}

/** The place that is being captured at `now`, when capture has run since `from`. */
export function placeAt(from: Anchor, now: ClockReading, speed: number): number {
  return Math.max(0, Math.round(from.mediaMs + elapsedMs(from.clock, now) * speed))
}
