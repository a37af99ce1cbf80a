import { describe, expect, test } from 'vitest'
import { newId } from '../../../../storage/model/ids.ts'
import { turnOf } from '../../../../storage/model/law/floor.ts'
import { whatMayHappen } from '../../../../storage/model/law/what-may-happen.ts'
import type { Speaker } from '../../../../storage/model/session-events.ts'
import { absoluteMajorities } from '../../../fixtures/council/legal-numbers.ts'
import { openedSession } from '../../../fixtures/council/marked-session.ts'

const main = (item: string | undefined) => ({
  type: 'vote.opened',
  vote: newId(),
  item,
  purpose: 'main',
  kind: 'ordinary',
  majority: 'simple',
  round: 1,
})

describe('what must come before a debate and a vote', () => {
  test.each([
    ['proposicion', 'ratify-inclusion', 'simple'],
    ['mocion', 'urgency', 'absolute'],
  ] as const)('R5: a %s is neither debated nor voted before its %s', (kind, purpose, majority) => {
    const { ask, mark, decide, state, item, members } = openedSession(9, [kind])
    const first = { type: 'floor.given', speaker: members[1], turn: 'first' }
    for (const next of [first, main(item), { type: 'debate.began', item }])
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R5' })
    expect(turnOf(state(), members[1] as Speaker)).toBe('justification')
    mark({ type: 'floor.given', speaker: members[1], turn: 'justification' })
    decide([5, 4, 0], 'approved', { purpose, majority })
    for (const next of [first, main(item), { type: 'debate.began', item }]) expect(ask(next)).toEqual({ allowed: true })
    expect(ask({ type: 'floor.given', speaker: members[1], turn: 'justification' })).toMatchObject({ allowed: false, requirement: 'R5' })
  })

  test.each(absoluteMajorities)(
    'R5: of %i members by law the urgency of a moción needs %i: with one less, though more than against, it is not admitted',
    (legal, needed) => {
      const { ask, mark, openVote, item } = openedSession(legal, ['mocion'])
      const vote = openVote(item, { purpose: 'urgency', majority: 'absolute' })
      mark({ type: 'tally.entered', vote, favour: needed - 1, against: 1, abstain: legal - needed })
      expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R25' })
      mark({ type: 'vote.proclaimed', vote, outcome: 'rejected' })
      expect(ask(main(item))).toMatchObject({
        allowed: false,
        requirement: 'R5',
        reason: { gl: 'Non se admitiu: nin se debate nin se vota.' },
      })
    },
  )

  test('R5: what is not on the agenda comes in only as a moción, and only in an ordinary session', () => {
    const ordinary = openedSession(9)
    const added = { type: 'item.added', item: newId(), title: 'Incendios', kind: 'mocion' }
    expect(ordinary.ask({ ...added, kind: 'ditame' })).toMatchObject({ allowed: false, requirement: 'R5', article: 'ROF 91.4' })
    ordinary.mark(added)
    expect(ordinary.state().items.at(-1)).toMatchObject({ added: true, item: { number: 2, kind: 'mocion' } })
    const extraordinary = openedSession(9, ['ditame'], { kind: 'extraordinary' })
    expect(extraordinary.ask(added)).toMatchObject({ allowed: false, requirement: 'R5', article: 'ROF 83' })
  })

  test.each(['rogo', 'pregunta', 'rogos-e-preguntas', 'dacion-de-conta'] as const)('R5: a %s is never voted', (kind) => {
    const { ask, item } = openedSession(9, [kind])
    expect(ask(main(item))).toMatchObject({ allowed: false, requirement: 'R5' })
  })

  test('R18: the public does not speak in the session, an authorised body only before the reading of the item', () => {
    const { ask, mark, item, members } = openedSession(9)
    const body = { type: 'floor.given', speaker: 'authorised-body', turn: 'first', name: 'Asociación de veciños' }
    expect(ask({ ...body, speaker: 'public' })).toMatchObject({ allowed: false, requirement: 'R18', article: 'ROF 88.3' })
    mark(body)
    mark({ type: 'item.read', item })
    expect(ask(body)).toMatchObject({ allowed: false, requirement: 'R18', article: 'ROF 228.1' })
    const second = openedSession(9)
    second.mark({ type: 'floor.given', speaker: second.members[1], turn: 'first' })
    expect(second.ask(body)).toMatchObject({ allowed: false, requirement: 'R18' })
    expect(members).toHaveLength(9)
  })

  test('R19: turns follow one another: a second after a first, an allusion after what was said', () => {
    const { ask, mark, state, members } = openedSession(9)
    const turn = (speaker: string | undefined, kind: string) => ({ type: 'floor.given', speaker, turn: kind })
    expect(ask(turn(members[1], 'second'))).toMatchObject({ allowed: false, requirement: 'R19' })
    expect(ask(turn(members[1], 'allusion'))).toMatchObject({ allowed: false, requirement: 'R19' })
    mark(turn(members[1], 'first'))
    mark(turn(members[2], 'first'))
    for (const kind of ['second', 'allusion', 'order']) expect(ask(turn(members[1], kind))).toEqual({ allowed: true })
    expect(turnOf(state(), members[1] as Speaker)).toBe('second')
    expect(turnOf(state(), members[3] as Speaker)).toBe('first')
  })

  test('R19: nobody is expelled before the third call to order, and who is expelled does not come back', () => {
    const { ask, mark, state, members } = openedSession(9)
    const expelled = { type: 'member.expelled', member: members[4], text: '' }
    for (let calls = 0; calls < 3; calls++) {
      expect(ask(expelled)).toMatchObject({ allowed: false, requirement: 'R19', article: 'ROF 95.2' })
      mark({ type: 'order.called', member: members[4], text: 'chamada á orde' })
    }
    mark(expelled)
    expect(state().moves.at(-1)).toMatchObject({ member: members[4], to: 'left', how: 'expelled' })
    expect(ask({ type: 'attendance.arrived', member: members[4] })).toMatchObject({ allowed: false, requirement: 'R19' })
  })

  test('R19: an item stays on the table only by a vote before the main one, and then has no main vote', () => {
    const { ask, mark, decide, state, items, item } = openedSession(9, ['ditame', 'ditame'])
    expect(ask({ type: 'item.postponed', item })).toMatchObject({ allowed: false, requirement: 'R19', article: 'ROF 92.1' })
    decide([6, 3, 0], 'approved', { purpose: 'postpone' })
    expect(ask(main(item))).toMatchObject({ allowed: false, requirement: 'R19' })
    mark({ type: 'item.postponed', item, ground: 'vote' })
    expect(state().items[0]?.status).toBe('postponed')
    expect(ask({ type: 'item.opened', item })).toMatchObject({ allowed: false, requirement: 'R19' })
    mark({ type: 'item.opened', item: items[1] })
    decide([9, 0, 0], 'approved')
    expect(ask({ ...main(items[1]), purpose: 'postpone' })).toMatchObject({ allowed: false })
    expect(ask({ type: 'item.withdrawn', item: items[1] })).toMatchObject({ allowed: false, requirement: 'R19' })
  })

  test('R19: a request to withdraw that was voted down leaves the item to its vote', () => {
    const { ask, decide, item } = openedSession(9)
    decide([3, 6, 0], 'rejected', { purpose: 'withdraw' })
    expect(ask({ type: 'item.withdrawn', item, ground: 'vote' })).toMatchObject({ allowed: false, requirement: 'R19' })
    expect(ask(main(item))).toEqual({ allowed: true })
  })

  test('R28: the vote is explained after the proclamation and not before; then nothing else is debated', () => {
    const { ask, decide, state, members } = openedSession(9)
    const turn = (kind: string) => ({ type: 'floor.given', speaker: members[1], turn: kind })
    expect(ask(turn('explanation'))).toMatchObject({ allowed: false, requirement: 'R28', article: 'ROF 103' })
    decide([5, 4, 0], 'approved')
    expect(ask(turn('explanation'))).toEqual({ allowed: true })
    expect(ask(turn('first'))).toMatchObject({ allowed: false, requirement: 'R28' })
    expect(turnOf(state(), members[1] as Speaker)).toBe('explanation')
  })

  test('what may happen next is told for every act a screen offers, each refusal with its article in both languages', () => {
    const { state, council, item, items } = openedSession(9, ['proposicion', 'ditame'])
    const acts = whatMayHappen(state(), council, newId())
    const of = (type: string) => acts.filter((one) => one.content.type === type)
    expect(of('vote.opened')).toMatchObject([
      { content: { item, purpose: 'ratify-inclusion', majority: 'simple' }, ruling: { allowed: true } },
    ])
    expect(of('item.opened')).toMatchObject([{ content: { item: items[1] }, ruling: { allowed: true } }])
    expect(of('closed.began')).toMatchObject([{ ruling: { allowed: false, requirement: 'R17' } }])
    for (const { ruling } of acts) {
      if (ruling.allowed) continue
      expect(ruling.article).not.toBe('')
      expect(ruling.reason.gl).not.toBe('')
      expect(ruling.reason.es).not.toBe('')
    }
  })
})
