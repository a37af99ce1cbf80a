import type { EventId } from './ids.ts'
import type { SegmentLine } from './recording.ts'
import { correctedMs, type EventOf, type SessionEvent } from './session-events.ts'

/**
 * Taps come late: until the secretary has confirmed the limits of a closed part, this much before its beginning and after its end is
 * withheld too (design.md §2 "closed parts and live").
 */
export const closedMarginMs = 20_000

/** A stretch of a time line of which nothing is public; `toMs` is Infinity while the closed part has no end. */
export interface WithheldSpan {
  fromMs: number
  toMs: number
}

/** A closed part of a session, from the taps that made it. */
export interface ClosedPart {
  /** Ids of its taps, in order. */
  marks: EventId[]
  ground: string
  /** Whether it may be recorded for the secretary alone; in doubt nothing is. */
  recording: 'none' | 'restricted'
  /** Between the taps, on the media line; in doubt wider, never narrower. */
  tapped: WithheldSpan
  /** Between the taps, on the recorder's clock, Unix ms. */
  wall: WithheldSpan
  /** The exact limits on the media line, once the secretary has confirmed them for these very taps. */
  confirmed?: WithheldSpan
}

interface OpenPart {
  marks: EventId[]
  ground: string
  recording: 'none' | 'restricted'
  began: EventOf<'closed.began'>
  ended?: EventOf<'closed.ended'>
}

/**
 * The closed parts of a session. A second beginning inside one belongs to it; an end without a beginning is nothing.
 * @param events those that count, in order: `SessionState.events`
 * @param segments place a tap that carries no media time
 */
export function closedParts(events: readonly SessionEvent[], segments: readonly SegmentLine[]): ClosedPart[] {
  const parts: OpenPart[] = []
  for (const event of events) {
    const last = parts.at(-1)
    const open = last && !last.ended ? last : undefined
    if (event.type === 'closed.began') {
      if (open) {
        open.marks.push(event.id)
        if (event.recording === 'none') open.recording = 'none'
      } else parts.push({ marks: [event.id], ground: event.ground, recording: event.recording, began: event })
    } else if (event.type === 'closed.ended' && open) {
      open.marks.push(event.id)
      open.ended = event
    }
  }
  const confirmations = events.filter((event) => event.type === 'closed.confirmed')
  return parts.map((part) => toClosedPart(part, confirmations, segments))
}

/** What a closed part withholds: its confirmed limits, else the taps with a wide margin. */
export function withheldOf({ tapped, confirmed }: ClosedPart): WithheldSpan {
  return confirmed ?? { fromMs: Math.max(0, tapped.fromMs - closedMarginMs), toMs: tapped.toMs + closedMarginMs }
}

/** The same on the recorder's clock, for what carries no place on the media line; never less than between the taps. */
export function withheldWallOf({ tapped, wall, confirmed }: ClosedPart): WithheldSpan {
  if (!confirmed || tapped.toMs === Number.POSITIVE_INFINITY)
    return { fromMs: wall.fromMs - closedMarginMs, toMs: wall.toMs + closedMarginMs }
  return {
    fromMs: wall.fromMs + Math.min(0, confirmed.fromMs - tapped.fromMs),
    toMs: wall.toMs + Math.max(0, confirmed.toMs - tapped.toMs),
  }
}

/** A confirmation speaks of the taps it saw: another tap that arrives later makes it void, and the wide margin comes back. */
function toClosedPart(
  { marks, ground, recording, began, ended }: OpenPart,
  confirmations: readonly EventOf<'closed.confirmed'>[],
  segments: readonly SegmentLine[],
): ClosedPart {
  const confirmed = confirmations.findLast((one) => one.marks.length === marks.length && marks.every((id, n) => one.marks[n] === id))
  const forEver = Number.POSITIVE_INFINITY
  return {
    marks,
    ground,
    recording,
    tapped: { fromMs: mediaBefore(began, segments), toMs: ended ? mediaAfter(ended, segments) : forEver },
    wall: { fromMs: correctedMs(began), toMs: ended ? correctedMs(ended) : forEver },
    ...(confirmed ? { confirmed: { fromMs: confirmed.fromMs, toMs: confirmed.toMs } } : {}),
  }
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

/** Whether the session is closed now: its last closed part has no end. */
export function isClosedNow(parts: readonly ClosedPart[]): boolean {
  return parts.at(-1)?.wall.toMs === Number.POSITIVE_INFINITY
}
