import { describe, expect, test } from 'vitest'
import { newId } from '../../../../storage/model/ids.ts'
import { quorumNow, quorumRefusals } from '../../../../storage/model/law/quorum.ts'
import { secondCallMs } from '../../../../storage/model/law/second-call.ts'
import { session as sessionSchema } from '../../../../storage/model/session.ts'
import { quorums } from '../../../fixtures/council/legal-numbers.ts'
import { councilOf, markedSession, openedSession, sessionWith } from '../../../fixtures/council/marked-session.ts'

describe('the course of a session', () => {
  test('R1: a session has no being without its kind and its call, and keeps both', () => {
    const session = sessionWith(councilOf(7), ['ditame'])
    expect(sessionSchema.safeParse({ ...session, kind: undefined }).success).toBe(false)
    expect(sessionSchema.safeParse({ ...session, call: undefined }).success).toBe(false)
    const { state } = openedSession(7, ['ditame'], { kind: 'extraordinary', call: 2 })
    expect([state().kind, state().call]).toEqual(['extraordinary', 1])
  })

  test('R3: an urgent session votes its urgency first; voted down, only closing is left', () => {
    const { ask, mark, decide, items, members } = openedSession(9, ['urgency', 'ditame'], { kind: 'extraordinary-urgent' })
    expect(ask({ type: 'item.opened', item: items[1] })).toMatchObject({ allowed: false, requirement: 'R3', article: 'ROF 79' })
    expect(ask({ type: 'item.withdrawn', item: items[0] })).toMatchObject({ allowed: false, requirement: 'R3' })
    decide([4, 5, 0], 'rejected')
    for (const next of [
      { type: 'item.opened', item: items[1] },
      { type: 'floor.given', speaker: members[1], turn: 'first' },
      { type: 'vote.opened', vote: newId(), item: items[0], purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 },
      { type: 'recess.began' },
    ]) {
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R3' })
    }
    mark({ type: 'session.lifted' })
  })

  test('R3: found urgent, the session goes on', () => {
    const { ask, decide, items } = openedSession(9, ['urgency', 'ditame'], { kind: 'extraordinary-urgent' })
    decide([5, 4, 0], 'approved')
    expect(ask({ type: 'item.opened', item: items[1] })).toEqual({ allowed: true })
  })

  test.each(quorums)('R13: %i members by law open with %i and not with one less', (legal, needed) => {
    const council = councilOf(legal)
    const { ask, mark, state } = markedSession(council, sessionWith(council, ['ditame']))
    mark({ type: 'role.taken', role: 'presidency', person: council.members[0]?.id, capacity: 'Alcaldesa' })
    mark({ type: 'role.taken', role: 'secretary', person: council.members.at(-1)?.id, capacity: 'Secretaria' })
    for (let present = 0; present < needed; present++) {
      expect(ask({ type: 'session.opened', call: 1 })).toMatchObject({ allowed: false, requirement: 'R13' })
      mark({ type: 'attendance.present', member: council.members[present]?.id })
    }
    expect(quorumNow(state())).toMatchObject({ present: needed, needed, holds: true })
    expect(ask({ type: 'session.opened', call: 1 })).toEqual({ allowed: true })
  })

  test.each([7, 9, 11, 13, 17])('R13: of %i members, the one who breaks the quorum is told at once and nothing is voted', (legal) => {
    const { ask, mark, state, members, item } = openedSession(legal)
    const { needed } = quorumNow(state())
    const vote = { type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 }
    for (const member of members.slice(needed)) mark({ type: 'attendance.left', member })
    expect(quorumRefusals(state())).toEqual([])
    expect(ask(vote)).toEqual({ allowed: true })
    mark({ type: 'attendance.left', member: members[needed - 1] })
    expect(quorumRefusals(state())).toMatchObject([{ requirement: 'R13', article: 'LBRL 46.2.c' }])
    expect(ask(vote)).toMatchObject({ allowed: false, requirement: 'R13' })
  })

  test('R13: presidency and secretary are there all through, or who takes their place', () => {
    const { ask, mark, state, members, item, secretary } = openedSession(9)
    const vote = { type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 }
    mark({ type: 'attendance.left', member: members[0] })
    expect(quorumRefusals(state())).toMatchObject([{ article: 'ROF 90.2' }])
    expect(ask(vote)).toMatchObject({ allowed: false, article: 'ROF 90.2' })
    mark({ type: 'role.taken', role: 'presidency', person: members[1], capacity: 'Primeira tenente de alcalde' })
    expect(ask(vote)).toEqual({ allowed: true })
    mark({ type: 'role.left', role: 'secretary', person: secretary })
    expect(ask(vote)).toMatchObject({ allowed: false, article: 'ROF 90.2' })
  })

  test('R13: the second call is two days later at the same hour, also over the change of clocks; after it there is none', () => {
    const session = sessionWith(councilOf(9), ['ditame'])
    const at = (iso: string) => ({ ...session, convenedFor: Date.parse(iso) })
    expect(secondCallMs(at('2026-10-24T17:00:00Z'), 'Europe/Madrid')).toBe(Date.parse('2026-10-26T18:00:00Z'))
    expect(secondCallMs(at('2026-03-28T18:00:00Z'), 'Europe/Madrid')).toBe(Date.parse('2026-03-30T17:00:00Z'))
    expect(secondCallMs({ ...session, call: 2 }, 'Europe/Madrid')).toBeUndefined()
  })

  test('R14: a session that is not held says why, truly, and nothing follows', () => {
    const council = councilOf(9)
    const { ask, mark, state } = markedSession(council, sessionWith(council, ['ditame']))
    mark({ type: 'role.taken', role: 'presidency', person: council.members[0]?.id, capacity: 'Alcaldesa' })
    for (const one of council.members.slice(0, 3)) mark({ type: 'attendance.present', member: one.id })
    expect(ask({ type: 'session.not-held', cause: 'sen quórum', ground: 'no-quorum' })).toMatchObject({
      allowed: false,
      requirement: 'R14',
    })
    mark({ type: 'attendance.left', member: council.members[2]?.id })
    mark({ type: 'session.not-held', cause: 'sen quórum', ground: 'no-quorum' })
    expect(state()).toMatchObject({ phase: 'not-held', notHeldCause: 'sen quórum' })
    expect(ask({ type: 'session.opened', call: 1 })).toMatchObject({ allowed: false })
    expect(ask({ type: 'incident', text: 'x' })).toMatchObject({ allowed: false })
  })

  test('R15: a mark that two tablets place a little before the last never falls before it', () => {
    const { mark, state, items, members } = openedSession(9, ['ditame', 'ditame'])
    mark({ type: 'floor.given', speaker: members[1], turn: 'first', mediaMs: 60_000 })
    mark({ type: 'floor.ended', mediaMs: 59_700 })
    mark({ type: 'item.opened', item: items[1], mediaMs: 59_900 })
    expect(state().floor[0]?.span).toEqual({ fromMs: 60_000, toMs: 60_000 })
    expect(state().items[1]?.spans).toEqual([{ fromMs: 60_000 }])
    const places = state().events.flatMap((one) => (one.mediaMs === undefined ? [] : [one.mediaMs]))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('R16: a recess stops everything but who comes and goes, and its stretch and the recorder’s gap stand in the state', () => {
    const { ask, mark, state, members, item } = openedSession(9)
    mark({ type: 'recess.began', mediaMs: 100_000 })
    for (const next of [
      { type: 'floor.given', speaker: members[1], turn: 'first' },
      { type: 'item.closed', item },
    ]) {
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R16', article: 'ROF 87' })
    }
    expect(ask({ type: 'attendance.left', member: members[2] })).toEqual({ allowed: true })
    mark({ type: 'recording.gap', part: 0, fromMs: 110_000, toMs: 410_000, cause: 'paused' })
    mark({ type: 'recess.ended', mediaMs: 420_000 })
    expect(state().recesses).toEqual([{ fromMs: 100_000, toMs: 420_000 }])
    expect(state().recordingGaps).toEqual([{ fromMs: 110_000, toMs: 410_000, cause: 'paused' }])
  })

  test('R18: after «levántase a sesión» nothing enters the acta, and the citizens’ turn leaves no trace in it', () => {
    const { ask, mark, state, members, items } = openedSession(9, ['ditame', 'ditame'])
    expect(ask({ type: 'public-turn.began' })).toMatchObject({ allowed: false, requirement: 'R18' })
    mark({ type: 'session.lifted' })
    const before = JSON.stringify({ ...state(), events: [] })
    for (const next of [
      { type: 'item.opened', item: items[1] },
      { type: 'floor.given', speaker: members[1], turn: 'first' },
      { type: 'incident', text: 'x' },
      { type: 'attendance.left', member: members[1] },
    ]) {
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R18' })
    }
    mark({ type: 'public-turn.began' })
    mark({ type: 'public-turn.ended' })
    expect(JSON.stringify({ ...state(), events: [] })).toBe(before)
  })

  test('R21: a recorder that dies takes nothing from the session: it is conducted, voted and lifted', () => {
    const { ask, mark, state, decide, item } = openedSession(9)
    mark({ type: 'recording.failed', part: 0, cause: 'killed' })
    mark({ type: 'recording.gap', part: 0, fromMs: 30_000, cause: 'killed' })
    decide([9, 0, 0], 'approved')
    mark({ type: 'item.closed', item })
    mark({ type: 'session.lifted' })
    expect(ask({ type: 'recording.proven', part: 1 })).toEqual({ allowed: true })
    expect(state()).toMatchObject({ phase: 'lifted', recordingGaps: [{ fromMs: 30_000, cause: 'killed' }], setAside: [] })
  })

  test('R82: the Xunta de Goberno counts by its own members: half and one on the first call, a third on the second, nobody from outside', () => {
    const council = councilOf(13)
    const of = (call: 1 | 2) => {
      const members = council.members.slice(0, 5).map((one) => one.id)
      const withBody = { ...council, bodies: [{ kind: 'xunta-de-goberno' as const, name: 'Xunta de Goberno', members }] }
      const marked = markedSession(withBody, sessionWith(withBody, ['ditame'], { body: 'xunta-de-goberno', call }))
      marked.mark({ type: 'role.taken', role: 'presidency', person: members[0], capacity: 'Alcaldesa' })
      marked.mark({ type: 'role.taken', role: 'secretary', person: council.members.at(-1)?.id, capacity: 'Secretaria' })
      return { ...marked, members }
    }
    const first = of(1)
    expect(first.ask({ type: 'attendance.present', member: council.members[7]?.id })).toMatchObject({ allowed: false, requirement: 'R82' })
    expect(first.state().body).toMatchObject({ kind: 'xunta-de-goberno', legalNumber: 5 })
    expect(quorumNow(first.state()).needed).toBe(3)
    const seven = { ...first.state(), body: { ...first.state().body, legalNumber: 9 } }
    expect([quorumNow(seven).needed, quorumNow({ ...seven, call: 2 }).needed]).toEqual([5, 3])
    expect(secondCallMs({ body: 'xunta-de-goberno', call: 1, convenedFor: 0 }, 'Europe/Madrid')).toBe(3_600_000)
  })
})
