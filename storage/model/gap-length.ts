import { type GapLine, isSegmentLine, type JournalLine, type SegmentLine } from './recording.ts'

/** How long an interruption was, ms; where nothing tells, no more than that it was not shorter than `leastMs`. */
export type GapLength = { ms: number } | { leastMs: number }

/** A reading of two clocks agrees with a place of the media line to this much. */
const slackMs = 1000

/** The line itself says that its length is not certain. */
export function isUnsure(gap: GapLine): boolean {
  return gap.atLeast === true || gap.leastMs !== undefined
}

/**
 * What a journal tells of the length of one of its gaps. Where the line is not certain, a clock that was held synchronised at some time of
 * each of the two boots tells it all the same: the steady clock carries what it said to the limits of the gap. No line is changed by it.
 * @param lines the journal that the gap is a line of
 */
export function gapLength(gap: GapLine, lines: readonly JournalLine[]): GapLength {
  const statedMs = gap.toMs - gap.fromMs
  if (!isUnsure(gap)) return { ms: statedMs }
  const leastMs = gap.leastMs ?? statedMs
  const at = lines.indexOf(gap)
  const isOwn = (line: JournalLine): line is SegmentLine => isSegmentLine(line) && line.track === (gap.track ?? 'master')
  const before = lines.slice(0, Math.max(0, at)).findLast(isOwn)
  const after = lines.slice(at + 1).find(isOwn)
  if (before === undefined || after === undefined) return { leastMs }
  // What was sealed, or never reached the disk, lies between: then these are not its limits.
  if (Math.abs(before.ptsMs + before.durationMs - gap.fromMs) > slackMs || Math.abs(after.ptsMs - gap.toMs) > slackMs) return { leastMs }
  const [fromWallMs, endWallMs] = [heldWallMs(before, lines), heldWallMs(after, lines)]
  if (fromWallMs === undefined || endWallMs === undefined) return { leastMs }
  const ms = Math.round(endWallMs - after.durationMs - fromWallMs)
  return ms < leastMs - slackMs ? { leastMs } : { ms }
}

/**
 * The same for the part of it that no other recorder holds: where one recorded on for a while, the interruption began later, and what is
 * not certain is how much later the recorder that ended it came back.
 * @param fromMs where the interruption of the session begins
 */
export function gapLengthFrom(fromMs: number, gap: GapLine, lines: readonly JournalLine[]): GapLength {
  const length = gapLength(gap, lines)
  const heldMs = fromMs - gap.fromMs
  return 'ms' in length ? { ms: Math.max(0, length.ms - heldMs) } : { leastMs: Math.max(0, length.leastMs - heldMs) }
}

/** When a segment ended, Unix ms, by a wall's clock that was held in the same boot; undefined where it never was. */
function heldWallMs(of: SegmentLine, lines: readonly JournalLine[]): number | undefined {
  if (of.synchronised === true) return of.wallMs
  const held = lines.find((line): line is SegmentLine => isSegmentLine(line) && line.boot === of.boot && line.synchronised === true)
  return held && held.wallMs + Number(BigInt(of.monotonicNs) - BigInt(held.monotonicNs)) / 1e6
}
