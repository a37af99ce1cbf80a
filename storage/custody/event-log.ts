import { z } from 'zod'
import { type SessionEvent, sessionEvent } from '../model/session-events.ts'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { leafHash, treeRoot } from './merkle-tree.ts'
import { sha256Now, toHex } from './sha256.ts'

/**
 * `events.jsonl`: the session's events in the order the server accepted them, one canonical line each. In that order the list only grows,
 * so a head taken at the close stays the head of its beginning; what is true is still a function of the order of contracts.md §1.
 */

const mostEvents = 100_000

/** State of an event log: number of events and root of the Merkle tree over their lines. */
export const eventHead = z.strictObject({ size: z.int().nonnegative().max(mostEvents), root: z.string().regex(/^[0-9a-f]{64}$/) })
export type EventHead = z.infer<typeof eventHead>

/** Bytes of `events.jsonl`, every line ended by LF. */
export function eventLogBytes(events: SessionEvent[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(events.map((event) => `${new TextDecoder().decode(canonicalJson(event))}\n`).join(''))
}

/** @throws EventLogError a line is not canonical or no session event; its number stands in the message */
export function parseEventLog(bytes: Uint8Array): SessionEvent[] {
  const events: SessionEvent[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from)
    if (to < 0 || events.length >= mostEvents)
      throw new EventLogError(`line ${events.length + 1} of the events has no end or is one too many`)
    try {
      events.push(sessionEvent.parse(parseCanonicalJson(bytes.subarray(from, to))))
    } catch (cause) {
      throw new EventLogError(`line ${events.length + 1} of the events is no canonical session event`, { cause })
    }
    from = to + 1
  }
  return events
}

export function headOfEvents(events: SessionEvent[]): EventHead {
  return { size: events.length, root: toHex(treeRoot(events.map((event) => leafHash(canonicalJson(event))))) }
}

/** What was voted, as one hash: SHA-256 of the lines of all events about votes, ballots and tallies, in the log's order. */
export function votesHash(events: SessionEvent[]): string {
  return toHex(sha256Now(eventLogBytes(events.filter((event) => /^(?:vote|ballot|tally)\./.test(event.type)))))
}

export class EventLogError extends Error {
  override readonly name = 'EventLogError'
}
