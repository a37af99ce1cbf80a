import { describe, expect, test } from 'vitest'
import { councilOf, markedSession, sessionWith } from '../../fixtures/council/marked-session.ts'

function opened(legal: number, kinds: Parameters<typeof sessionWith>[1] = ['ditame'], matter?: string) {
  const council = councilOf(legal)
  const plain = sessionWith(council, kinds)
  const session = matter ? { ...plain, agenda: plain.agenda.map((item) => ({ ...item, matter })) } : plain
  const marked = markedSession(council, session)
  marked.open()
  const [first] = session.agenda
  marked.mark({ type: 'item.opened', item: first?.id })
  return { ...marked, council, session, item: first?.id, legal: council.members.filter((one) => one.legal) }
}

describe('what the law refuses, it refuses with its article', () => {
  test('R13: no session opens without quorum, presidency and secretary', () => {
    const council = councilOf(13)
    const { ask, mark } = markedSession(council, sessionWith(council, ['ditame']))
    const legal = council.members.filter((one) => one.legal)
    for (const one of legal.slice(0, 4)) mark({ type: 'attendance.present', member: one.id })
    expect(ask({ type: 'session.opened', call: 1 })).toMatchObject({ allowed: false, requirement: 'R13', article: 'LBRL 46.2.c' })
    mark({ type: 'attendance.present', member: legal[4]?.id })
    expect(ask({ type: 'session.opened', call: 1 })).toMatchObject({ allowed: false, article: 'ROF 90.2' })
    mark({ type: 'role.taken', role: 'presidency', person: legal[0]?.id, capacity: 'Alcaldesa' })
    mark({ type: 'role.taken', role: 'secretary', person: council.members.at(-1)?.id, capacity: 'Secretaria' })
    expect(ask({ type: 'session.opened', call: 1 })).toEqual({ allowed: true })
  })

  test('R13: when the quorum breaks nothing is voted', () => {
    const { ask, mark, legal, item } = opened(13)
    for (const one of legal.slice(4)) mark({ type: 'attendance.left', member: one.id })
    expect(ask({ type: 'vote.opened', vote: item, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 })).toMatchObject({
      requirement: 'R13',
    })
  })

  test('R5: a proposición is voted only after its inclusion was ratified, a moción only after its urgency', () => {
    for (const [kind, purpose, majority] of [
      ['proposicion', 'ratify-inclusion', 'simple'],
      ['mocion', 'urgency', 'absolute'],
    ] as const) {
      const { ask, mark, openVote, item, legal } = opened(9, [kind])
      const main = { type: 'vote.opened', vote: item, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 }
      expect(ask(main)).toMatchObject({ allowed: false, requirement: 'R5' })
      const vote = openVote(item, { purpose, majority })
      mark({ type: 'tally.entered', vote, favour: legal.length, against: 0, abstain: 0 })
      mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
      expect(ask(main)).toEqual({ allowed: true })
    }
  })

  test('R5: urgency with more for than against but no absolute majority of the legal number is not admitted', () => {
    const { ask, mark, openVote, item } = opened(9, ['mocion'])
    const vote = openVote(item, { purpose: 'urgency', majority: 'absolute' })
    mark({ type: 'tally.entered', vote, favour: 4, against: 1, abstain: 4 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R25' })
    mark({ type: 'vote.proclaimed', vote, outcome: 'rejected' })
    expect(ask({ type: 'vote.opened', vote: item, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 })).toMatchObject({
      allowed: false,
      requirement: 'R5',
    })
  })

  test('R17: a closed part needs a recorded vote by absolute majority', () => {
    const { ask, mark, openVote, item } = opened(9)
    expect(ask({ type: 'closed.began', ground: 'art. 18.1 CE', recording: 'none' })).toMatchObject({ allowed: false, requirement: 'R17' })
    const vote = openVote(item, { purpose: 'secret-debate', majority: 'absolute' })
    mark({ type: 'tally.entered', vote, favour: 5, against: 4, abstain: 0 })
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(ask({ type: 'closed.began', ground: 'art. 18.1 CE', recording: 'none', vote })).toEqual({ allowed: true })
  })

  test('R18: after the session was lifted nothing enters the acta, but the recorder may still say what it did', () => {
    const { ask, mark } = opened(9)
    mark({ type: 'session.lifted' })
    expect(ask({ type: 'floor.given', speaker: 'public', turn: 'first' })).toMatchObject({ allowed: false, requirement: 'R18' })
    expect(ask({ type: 'recording.stopped', part: 0 })).toEqual({ allowed: true })
  })

  test('R20: who is bound to abstain does not vote and is not counted', () => {
    const { ask, mark, openVote, state, legal, item } = opened(9)
    mark({ type: 'abstention.began', member: legal[3]?.id, item })
    const vote = openVote(item)
    expect(state().votes[0]?.voters).toHaveLength(8)
    expect(ask({ type: 'ballot.cast', vote, member: legal[3]?.id, sense: 'abstain' })).toMatchObject({ allowed: false, requirement: 'R20' })
  })

  test('R23: the counts must add up to those present', () => {
    const { ask, mark, openVote, item } = opened(9)
    const vote = openVote(item)
    mark({ type: 'tally.entered', vote, favour: 5, against: 2, abstain: 1 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R23' })
    mark({ type: 'tally.entered', vote, favour: 5, against: 2, abstain: 2 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toEqual({ allowed: true })
  })

  test('R23: a secret vote keeps totals and nobody’s sense', () => {
    const { ask, mark, openVote, state, legal, item } = opened(9, ['ditame'], 'election-of-persons')
    const vote = openVote(item, { kind: 'secret' })
    expect(ask({ type: 'ballot.cast', vote, member: legal[0]?.id, sense: 'favour' })).toMatchObject({ allowed: false, requirement: 'R23' })
    mark({ type: 'tally.entered', vote, favour: 5, against: 4, abstain: 0 })
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(state().votes[0]?.ballots).toEqual({})
  })

  test('R26: a tie asks for a second vote, and only a second tie for the casting vote', () => {
    const { ask, mark, openVote, item } = opened(9)
    const first = openVote(item)
    mark({ type: 'tally.entered', vote: first, favour: 4, against: 4, abstain: 1 })
    expect(ask({ type: 'vote.proclaimed', vote: first, outcome: 'approved', casting: 'favour' })).toMatchObject({
      allowed: false,
      requirement: 'R26',
    })
    mark({ type: 'vote.proclaimed', vote: first, outcome: 'tie' })
    const second = openVote(item, { round: 2 })
    mark({ type: 'tally.entered', vote: second, favour: 4, against: 4, abstain: 1 })
    expect(ask({ type: 'vote.proclaimed', vote: second, outcome: 'tie' })).toMatchObject({ allowed: false, requirement: 'R26' })
    expect(ask({ type: 'vote.proclaimed', vote: second, outcome: 'approved', casting: 'favour' })).toEqual({ allowed: true })
  })

  test('R27: while a vote is open nobody arrives, leaves or speaks', () => {
    const { ask, openVote, legal, item } = opened(9)
    openVote(item)
    expect(ask({ type: 'attendance.left', member: legal[2]?.id })).toMatchObject({
      allowed: false,
      requirement: 'R27',
      article: 'ROF 98.3',
    })
    expect(ask({ type: 'floor.given', speaker: legal[2]?.id, turn: 'first' })).toMatchObject({ allowed: false, requirement: 'R27' })
  })

  test('rogos e preguntas are never voted (ROF 97.6)', () => {
    const { ask, item } = opened(9, ['rogos-e-preguntas'])
    expect(ask({ type: 'vote.opened', vote: item, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 })).toMatchObject({
      allowed: false,
    })
  })
})
