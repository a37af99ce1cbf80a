import { describe, expect, it } from 'vitest'
import { EventLogError, eventLogBytes, headOfEvents, parseEventLog, votesHash } from '../../../storage/custody/event-log.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'

const session = newId()
const [vote, member] = [newId(), newId()]
const eventOf = (seq: number, of: object): SessionEvent =>
  sessionEvent.parse({
    ...{ v: 1, id: newId(), session, device: 'tableta', seq, by: { role: 'secretary', id: 'a' } },
    ...{ at: { wallMs: 1_793_000_000_000 - seq, monotonicNs: '1', boot: 'b' }, ...of },
  })
const events = [
  eventOf(1, { type: 'session.opened', call: 1 }),
  eventOf(2, { type: 'ballot.cast', vote, member, sense: 'favour' }),
  eventOf(3, { type: 'note', text: 'Chove' }),
]

describe('The log of events', () => {
  it('keeps the order in which events were accepted, whatever their times', () => {
    expect(parseEventLog(eventLogBytes(events))).toEqual(events)
  })

  it('only grows: the head of its beginning stays the same', () => {
    const before = headOfEvents(events.slice(0, 2))
    expect(headOfEvents(parseEventLog(eventLogBytes(events)).slice(0, before.size))).toEqual(before)
    expect(headOfEvents([...events].reverse()).root).not.toBe(headOfEvents(events).root)
  })

  it('has one hash for what was voted, which nothing else touches', () => {
    expect(votesHash(events)).toBe(votesHash(events.slice(0, 2)))
    expect(votesHash(events)).not.toBe(votesHash([...events, eventOf(4, { type: 'ballot.cast', vote, member, sense: 'against' })]))
  })

  it('is refused when a line is cut, not canonical, or no event', () => {
    const bytes = eventLogBytes(events)
    expect(() => parseEventLog(bytes.slice(0, -1))).toThrow(EventLogError)
    expect(() => parseEventLog(new TextEncoder().encode(`${JSON.stringify(events[0])}\n`))).toThrow(EventLogError)
    expect(() => parseEventLog(new TextEncoder().encode('{}\n'))).toThrow('line 1')
  })
})
