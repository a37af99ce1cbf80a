import { compareEvents, type SessionEvent } from '../session-events.ts'

/** Two tablets place the same instant on the media line up to this far apart; a mark never falls before the one it follows (R15). */
const placeToleranceMs = 5000

/**
 * The events that stand, in order (contracts.md §1): repeats once, corrected ones gone. What corrects another says by its own time when
 * the thing happened; when it was said stands in its id, a UUIDv7.
 */
export function standingEvents(events: readonly SessionEvent[]): SessionEvent[] {
  const byId = new Map(events.map((event) => [event.id as string, event]))
  const corrected = new Set([...byId.values()].flatMap((event) => (event.corrects ? [event.corrects as string] : [])))
  const standing = [...byId.values()].filter((event) => !corrected.has(event.id))
  return monotone(standing.sort((a, b) => compareEvents(a, b) || (a.id < b.id ? -1 : 1)))
}

/** Closed parts keep the place that withholds most; what the recorder says is its own. */
const ownPlace = /^(closed|recording)\./

function monotone(events: SessionEvent[]): SessionEvent[] {
  let last = 0
  return events.map((event) => {
    if (event.mediaMs === undefined || ownPlace.test(event.type)) return event
    const late = last - event.mediaMs
    if (late > 0 && late <= placeToleranceMs) return { ...event, mediaMs: last }
    last = event.mediaMs
    return event
  })
}
