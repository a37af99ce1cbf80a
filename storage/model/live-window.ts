import { closedParts, withheldOf } from './closed-parts.ts'
import type { SegmentLine } from './recording.ts'
import { correctedMs, type SessionEvent } from './session-events.ts'

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
  /** How far the recorder's clock is behind the server's, ms: what it dates is younger than it seems. */
  recorderBehindMs?: number
}

/** How much of the newest is there to be fetched: a minute. */
const mostLive = 15

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
      line.wallMs + line.durationMs + liveDelayMs + (of.recorderBehindMs ?? 0) <= of.nowMs &&
      !closed.some((span) => line.ptsMs <= span.toMs && line.ptsMs + line.durationMs >= span.fromMs),
  )
}

/**
 * The newest of them that follow one another without a break, a minute at most: what a player is given. Only of what the public may attend:
 * from the opening of the session to its lifting, without its recesses (R18).
 */
export function liveRun(of: LiveFacts): SegmentLine[] {
  const hours = publicHours(of.events)
  const shown = liveSegments(of).filter((line) =>
    hours.some((span) => line.wallMs - line.durationMs >= span.fromMs && line.wallMs + line.durationMs <= span.toMs),
  )
  let from = Math.max(0, shown.length - 1)
  for (let before = shown[from - 1]; before && shown.length - from < mostLive; before = shown[from - 1]) {
    const line = shown[from]
    if (line?.part !== before.part || line.index !== before.index + 1) break
    from -= 1
  }
  return shown.slice(from)
}

/** When anybody may be in the room, Unix ms of the recorder's clock. */
function publicHours(events: readonly SessionEvent[]): { fromMs: number; toMs: number }[] {
  const hours: { fromMs: number; toMs: number }[] = []
  for (const event of events) {
    const last = hours.at(-1)
    const open = last?.toMs === Number.POSITIVE_INFINITY ? last : undefined
    if (event.type === 'session.opened' || event.type === 'recess.ended') {
      if (!open) hours.push({ fromMs: correctedMs(event), toMs: Number.POSITIVE_INFINITY })
    } else if (open && (event.type === 'recess.began' || event.type === 'session.lifted' || event.type === 'session.not-held')) {
      open.toMs = correctedMs(event)
    }
  }
  return hours
}
