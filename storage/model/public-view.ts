import type { SegmentLine } from './recording.ts'
import { correctedMs, type SessionEvent } from './session-events.ts'
import type { Transcript } from './transcript.ts'

/**
 * A closed part's tap comes late: everything from this long before it is withheld too (design.md §2 "closed parts and live").
 */
export const closedMarginMs = 20_000

/** A stretch of the media line of which nothing is public; `toMs` is Infinity while the closed part has no end. */
export interface WithheldSpan {
  fromMs: number
  toMs: number
}

/**
 * What closed parts take out of sight, on the media line and in order.
 * @param events those that count, in order: `SessionState.events`
 * @param segments place a tap that carries no media time; in doubt more is withheld, never less
 */
export function withheldSpans(events: readonly SessionEvent[], segments: readonly SegmentLine[]): WithheldSpan[] {
  const spans: WithheldSpan[] = []
  let open: WithheldSpan | undefined
  for (const event of events) {
    if (event.type === 'closed.began') {
      const fromMs = Math.max(0, mediaBefore(event, segments) - closedMarginMs)
      if (open) open.fromMs = Math.min(open.fromMs, fromMs)
      else {
        open = { fromMs, toMs: Number.POSITIVE_INFINITY }
        spans.push(open)
      }
    } else if (event.type === 'closed.ended' && open) {
      open.toMs = mediaAfter(event, segments)
      open = undefined
    }
  }
  return spans
}

/** Whether a stretch touches a withheld one, its ends included. */
export function isWithheld(fromMs: number, toMs: number, spans: readonly WithheldSpan[]): boolean {
  return spans.some((span) => fromMs <= span.toMs && toMs >= span.fromMs)
}

/** Segments that anybody may be given: one that straddles a limit is left out whole. */
export function publicSegments<T extends Pick<SegmentLine, 'ptsMs' | 'durationMs'>>(
  segments: readonly T[],
  spans: readonly WithheldSpan[],
): T[] {
  return segments.filter((line) => !isWithheld(line.ptsMs, line.ptsMs + line.durationMs, spans))
}

/** The transcript without the utterances that touch a withheld span. */
export function publicTranscript(of: Transcript, spans: readonly WithheldSpan[]): Transcript {
  return { ...of, utterances: of.utterances.filter((one) => !isWithheld(one.fromMs, one.toMs, spans)) }
}

/** What a closed part leaves public of itself: that it was, what it decided, and who was there. */
const alwaysPublic: ReadonlySet<SessionEvent['type']> = new Set([
  'session.lifted',
  'closed.began',
  'closed.ended',
  'item.opened',
  'item.closed',
  'vote.opened',
  'tally.entered',
  'vote.proclaimed',
  'attendance.arrived',
  'attendance.left',
])

/** The secretary's own reminders: never public. */
const ownReminders: ReadonlySet<SessionEvent['type']> = new Set(['note', 'star'])

/** Events as anybody may read them: without the staff's reminders, without what was said inside closed parts, and without the device and account that marked them. */
export function publicEvents(events: readonly SessionEvent[]): Omit<SessionEvent, 'by' | 'device'>[] {
  const closed = closedWallSpans(events)
  return events.flatMap((event) => {
    if (ownReminders.has(event.type)) return []
    const at = correctedMs(event)
    if (!alwaysPublic.has(event.type) && closed.some((span) => at >= span.fromMs && at <= span.toMs)) return []
    const { by: _by, device: _device, ...shown } = event
    return [shown]
  })
}

/** Votes that were opened inside a closed part: their count is public, who voted what is not. */
export function votesInClosedParts(events: readonly SessionEvent[]): Set<string> {
  const votes = new Set<string>()
  let closed = false
  for (const event of events) {
    if (event.type === 'closed.began') closed = true
    if (event.type === 'closed.ended') closed = false
    if (closed && event.type === 'vote.opened') votes.add(event.vote)
  }
  return votes
}

function closedWallSpans(events: readonly SessionEvent[]): WithheldSpan[] {
  const spans: WithheldSpan[] = []
  for (const event of events) {
    if (event.type === 'closed.began') spans.push({ fromMs: correctedMs(event) - closedMarginMs, toMs: Number.POSITIVE_INFINITY })
    const last = spans.at(-1)
    if (event.type === 'closed.ended' && last?.toMs === Number.POSITIVE_INFINITY) last.toMs = correctedMs(event)
  }
  return spans
}

/** The earliest place on the media line an event can have. */
function mediaBefore(event: SessionEvent, segments: readonly SegmentLine[]): number {
  if (event.mediaMs !== undefined) return event.mediaMs
  const at = correctedMs(event)
  const ended = segments.filter((line) => line.wallMs + line.durationMs <= at).map((line) => line.ptsMs)
  return Math.max(0, ...ended)
}

/** The latest place on the media line an event can have. */
function mediaAfter(event: SessionEvent, segments: readonly SegmentLine[]): number {
  if (event.mediaMs !== undefined) return event.mediaMs
  const at = correctedMs(event)
  const later = segments.filter((line) => line.wallMs - line.durationMs >= at).map((line) => line.ptsMs + line.durationMs)
  return Math.min(Number.POSITIVE_INFINITY, ...later)
}
