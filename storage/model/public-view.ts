import { type Acta, sentencesOf } from './acta.ts'
import { type ClosedPart, closedParts, type WithheldSpan, withheldOf, withheldWallOf } from './closed-parts.ts'
import type { SegmentLine } from './recording.ts'
import { correctedMs, type SessionEvent } from './session-events.ts'
import type { Transcript } from './transcript.ts'

/**
 * What closed parts take out of sight, on the media line and in order.
 * @param events those that count, in order: `SessionState.events`
 * @param segments place a tap that carries no media time; in doubt more is withheld, never less
 */
export function withheldSpans(events: readonly SessionEvent[], segments: readonly SegmentLine[]): WithheldSpan[] {
  return closedParts(events, segments).map(withheldOf)
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

/** Whether an acta tells what was said in a withheld span; what was voted in it may be told (R17). */
export function tellsWithheld(of: Acta, spans: readonly WithheldSpan[]): boolean {
  const sources = of.blocks.flatMap(sentencesOf).flatMap((sentence) => sentence.sources)
  return sources.some((source) => source.utterances.length > 0 && isWithheld(source.fromMs, source.toMs, spans))
}

/** What a closed part leaves public of itself: that it was, what it decided, and who was there. */
const alwaysPublic: ReadonlySet<SessionEvent['type']> = new Set([
  'session.lifted',
  'closed.began',
  'closed.ended',
  'closed.confirmed',
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
export function publicEvents(events: readonly SessionEvent[], closed: readonly ClosedPart[]): Omit<SessionEvent, 'by' | 'device'>[] {
  const [wall, media] = [closed.map(withheldWallOf), closed.map(withheldOf)]
  const isInside = (event: SessionEvent) => {
    const at = correctedMs(event)
    return isWithheld(at, at, wall) || (event.mediaMs !== undefined && isWithheld(event.mediaMs, event.mediaMs, media))
  }
  return events.flatMap((event) => {
    if (ownReminders.has(event.type)) return []
    if (!alwaysPublic.has(event.type) && isInside(event)) return []
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
