import { describe, expect, test } from 'vitest'
import type { Council } from '../../../storage/model/council.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import { heardSpeakers, keepPlaces } from '../../../web/control/heard-speakers.ts'
import { heardMarks } from '../../../web/control/marks.ts'
import { testCouncil, testSession } from '../../servers/test-storage.ts'

const bare = testCouncil()
const noela = {
  id: newId(),
  name: 'Noela',
  surname: 'Lestrigo',
  treatment: 'Sra.',
  legal: false,
  roles: [{ office: 'secretary', from: '2023-06-17' }],
}
const council = {
  ...bare,
  members: [...bare.members, noela],
  seats: [...bare.seats, { seat: 3, member: noela.id, from: '2023-06-17' }],
} as Council
const item = { id: newId(), number: 1, kind: 'ditame', section: 'resolutive', title: { gl: 'Taxas', es: 'Tasas' } }
const session = testSession(council, { agenda: [item] } as unknown as Partial<Session>)
const [castro, souto, lema] = council.members
const at = 1_000_000
const marks = (...contents: object[]) =>
  contents.map(
    (one, index) =>
      ({
        ...{ v: 1, id: newId(), session: session.id, device: 'd', seq: index + 1, by: { role: 'secretary', id: 'x' } },
        at: { wallMs: at - 60_000 + index, monotonicNs: '1', boot: 'b' },
        ...one,
      }) as SessionEvent,
  )
const opening = [
  { type: 'role.taken', role: 'presidency', person: castro?.id, capacity: 'Alcaldesa' },
  { type: 'role.taken', role: 'secretary', person: noela.id, capacity: 'Secretaria' },
  ...bare.members.map((one) => ({ type: 'attendance.present', member: one.id })),
  { type: 'session.opened', call: 1 },
  { type: 'item.opened', item: item.id },
]
const roomAfter = (...contents: object[]) => ({
  ...{ council, session },
  state: sessionState(marks(...opening, ...contents), council, session),
})
const open = (seat: number, sinceMs = at - 5000) => ({ seat, sinceMs })
const heard = (list: { seat: number; sinceMs: number }[], room = roomAfter()) => heardSpeakers(list, keepPlaces([], list), room, at)

describe('who seems to speak', () => {
  test('is who sits where the microphone is on, once it has been on for half a second', () => {
    expect(heard([open(1)])).toEqual({
      places: [{ seat: 1, speaker: castro?.id, hasFloor: false }, null, null],
      more: 0,
      newest: castro?.id,
    })
    expect(heard([open(1, at - 499)])).toEqual({ places: [null, null, null], more: 0, newest: undefined })
  })

  test('is each of several, and the keyboard takes the one who opened last and has not the floor', () => {
    expect(heard([open(2, at - 1000), open(1)])).toMatchObject({ places: [{ seat: 2 }, { seat: 1 }, null], newest: souto?.id })
    const room = roomAfter({ type: 'floor.given', speaker: souto?.id, turn: 'first' })
    expect(heard([open(2, at - 1000), open(1)], room)).toMatchObject({
      places: [{ speaker: souto?.id, hasFloor: true }, { speaker: castro?.id, hasFloor: false }, null],
      newest: castro?.id,
    })
  })

  test('is the secretary at the secretary’s seat', () => {
    expect(heard([open(3)]).newest).toBe('secretary')
  })

  test('is nobody at a seat that is nobody’s, or of who is not in the room', () => {
    expect(heard([open(7)])).toMatchObject({ places: [{ seat: 7, hasFloor: false }, null, null], newest: undefined })
    expect(heard([open(7)]).places[0]).not.toHaveProperty('speaker')
    const left = roomAfter({ type: 'attendance.left', member: castro?.id })
    expect(heard([open(1)], left).places[0]).not.toHaveProperty('speaker')
  })

  test('is who sits there on the day of the session, not who sat there before', () => {
    const since = { ...council.seats[0], member: lema?.id, from: '2026-01-01' }
    const moved = { ...council, seats: [{ ...council.seats[0], until: '2025-12-31' }, since] } as typeof council
    expect(heardSpeakers([open(1)], [open(1)], { ...roomAfter(), council: moved }, at).newest).toBe(lema?.id)
  })

  test('keeps the place while the microphone is on, whatever opens and closes beside it', () => {
    let places = keepPlaces([], [open(1)])
    const seats = () => places.map((one) => one?.seat)
    places = keepPlaces(places, [open(2), open(1)])
    expect(seats()).toEqual([1, 2, undefined])
    places = keepPlaces(places, [open(2)])
    expect(seats()).toEqual([undefined, 2, undefined])
    places = keepPlaces(places, [open(5), open(4), open(3), open(2)])
    expect(seats()).toEqual([5, 2, 4])
    expect(heardSpeakers([open(5), open(4), open(3), open(2)], places, roomAfter(), at).more).toBe(1)
  })

  test('has the floor only by a person’s tap, which says what proposed it; a second tap marks nothing (R29)', () => {
    const room = roomAfter()
    expect(heardMarks(room.state, souto?.id ?? 'public')).toEqual([
      { type: 'floor.given', speaker: souto?.id, turn: 'first', proposedBy: 'microphone' },
    ])
    const given = roomAfter({ type: 'floor.given', speaker: souto?.id, turn: 'first', proposedBy: 'microphone' })
    expect(heardMarks(given.state, souto?.id ?? 'public')).toEqual([])
  })
})
