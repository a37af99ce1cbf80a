import { closedParts, withheldOf } from './closed-parts.ts'
import type { SegmentLine } from './recording.ts'
import type { SessionEvent } from './session-events.ts'

/** What is shown of a session while it runs is at least this old: the tap that closes it may come so late (design.md §2). */
export const liveDelayMs = 30_000
/** So long without a sign of the tablet that leads, what is live stops: nobody could close the session. */
export const leadSilenceMs = 10_000

export interface LiveFacts {
  /** Those that count, in order: `SessionState.events`. */
  events: readonly SessionEvent[]
  /** In the order of the media line. */
  segments: readonly SegmentLine[]
  /** Clock of the server. */
  nowMs: number
  /** When the tablet that leads last said that it has no mark left to send; undefined while it never did. */
  leadHeardMs: number | undefined
}

/**
 * The segments that may be live now. None without the leading tablet's heartbeat, none in a closed part or around it, none
 * younger than the delay; what was recorded goes on being recorded whatever the answer is.
 */
export function liveSegments(of: LiveFacts): SegmentLine[] {
  if (of.leadHeardMs === undefined || of.nowMs - of.leadHeardMs > leadSilenceMs) return []
  const closed = closedParts(of.events, of.segments).map(withheldOf)
  if (closed.some((span) => span.toMs === Number.POSITIVE_INFINITY)) return []
  return of.segments.filter(
    (line) =>
      line.wallMs + line.durationMs + liveDelayMs <= of.nowMs &&
      !closed.some((span) => line.ptsMs <= span.toMs && line.ptsMs + line.durationMs >= span.fromMs),
  )
}
