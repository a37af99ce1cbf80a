import { describe, expect, test } from 'vitest'
import { newId } from '../../../../storage/model/ids.ts'
import { nextVote } from '../../../../storage/model/law/next-vote.ts'
import { nominalOrder } from '../../../../storage/model/law/nominal-order.ts'
import { matterCatalogue } from '../../../../storage/model/matters.ts'
import type { EventOf } from '../../../../storage/model/session-events.ts'
import { absoluteMajorities } from '../../../fixtures/council/legal-numbers.ts'
import { councilOf, openedSession } from '../../../fixtures/council/marked-session.ts'

const voteId = () => newId() as EventOf<'vote.opened'>['vote']

describe('closed parts', () => {
  test.each(absoluteMajorities)('R17: of %i members a closed part needs %i votes on that very item', (legal, needed) => {
    const { ask, mark, openVote, decide, state, items } = openedSession(legal, ['ditame', 'ditame'])
    const closed = { type: 'closed.began', ground: 'art. 18.1 CE', recording: 'none' }
    expect(ask(closed)).toMatchObject({ allowed: false, requirement: 'R17', article: 'LBRL 70.1' })
    const simple = {
      type: 'vote.opened',
      vote: newId(),
      item: items[0],
      purpose: 'secret-debate',
      kind: 'ordinary',
      majority: 'simple',
      round: 1,
    }
    expect(ask(simple)).toMatchObject({ allowed: false, requirement: 'R17' })
    const short = openVote(items[0], { purpose: 'secret-debate', majority: 'absolute' })
    mark({ type: 'tally.entered', vote: short, favour: needed - 1, against: 0, abstain: legal - needed + 1 })
    expect(ask({ type: 'vote.proclaimed', vote: short, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R25' })
    mark({ type: 'vote.proclaimed', vote: short, outcome: 'rejected' })
    expect(ask(closed)).toMatchObject({ allowed: false, requirement: 'R17' })
    decide([needed, legal - needed, 0], 'approved', { purpose: 'secret-debate', majority: 'absolute' })
    mark({ type: 'item.opened', item: items[1] })
    expect(ask(closed)).toMatchObject({ allowed: false, requirement: 'R17' })
    mark({ type: 'item.opened', item: items[0] })
    mark(closed)
    expect(state().phase).toBe('closed-part')
    expect(ask({ type: 'session.lifted' })).toMatchObject({ allowed: false, requirement: 'R17' })
    expect(ask({ type: 'item.opened', item: items[1] })).toMatchObject({ allowed: false, requirement: 'R17' })
  })
})

describe('votes', () => {
  test('R22: the roll call goes by surname, ñ after n and accents aside, the presidency last', () => {
    const surnames = ['Nuñez', 'Nunes', 'Ñandú', 'Ovalle', 'Álvarez', 'Alvar', 'Castro Reboredo', 'Castroverde', "O'Neill", 'Zas']
    const council = councilOf(10)
    const members = council.members.slice(0, 10).map((one, index) => ({ ...one, surname: surnames[index] ?? '' }))
    const ids = members.map((one) => one.id)
    const order = nominalOrder([...ids].reverse(), { members }, ids[4])
    expect(order.map((id) => members.find((one) => one.id === id)?.surname)).toEqual([
      'Alvar',
      'Castro Reboredo',
      'Castroverde',
      'Nunes',
      'Nuñez',
      'Ñandú',
      "O'Neill",
      'Ovalle',
      'Zas',
      'Álvarez',
    ])
  })

  test('R22: a nominal vote is asked for and approved first; then every member’s sense is needed', () => {
    const { ask, mark, decide, openVote, state, council, item, members } = openedSession(9)
    expect(ask({ type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'nominal', majority: 'simple', round: 1 })).toMatchObject(
      {
        allowed: false,
        requirement: 'R22',
        article: 'ROF 102.2',
      },
    )
    decide([5, 4, 0], 'approved', { purpose: 'nominal-request' })
    expect(nextVote(state(), council, voteId()).content?.kind).toBe('nominal')
    const vote = openVote(item, { kind: 'nominal' })
    const { voters } = state().votes[1] ?? { voters: [] }
    expect(voters.at(-1)).toBe(members[0])
    mark({ type: 'tally.entered', vote, favour: 9, against: 0, abstain: 0 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({
      allowed: false,
      requirement: 'R23',
      article: 'ROF 101.2',
    })
    for (const member of voters) mark({ type: 'ballot.cast', vote, member, sense: 'favour' })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toEqual({ allowed: true })
  })

  test('R22: a secret vote is only for persons or for a secret debate that was agreed', () => {
    const secret = (item: string | undefined) => ({
      type: 'vote.opened',
      vote: newId(),
      item,
      purpose: 'main',
      kind: 'secret',
      majority: 'simple',
      round: 1,
    })
    const plain = openedSession(9)
    expect(plain.ask(secret(plain.item))).toMatchObject({ allowed: false, requirement: 'R22', article: 'ROF 102.3' })
    plain.decide([5, 4, 0], 'approved', { purpose: 'secret-debate', majority: 'absolute' })
    expect(plain.ask(secret(plain.item))).toEqual({ allowed: true })
    const persons = openedSession(9, ['ditame'], { matter: 'election-of-persons' })
    expect(persons.ask(secret(persons.item))).toEqual({ allowed: true })
    const censure = openedSession(9, ['ditame'], { matter: 'motion-of-censure' })
    expect(censure.ask({ ...secret(censure.item), kind: 'ordinary', majority: 'absolute' })).toMatchObject({
      allowed: false,
      article: 'LOREG 197.1',
    })
  })

  test.each([7, 9, 11, 13, 17])('R23: of %i members the counts add up to those in the room, or nothing is proclaimed', (legal) => {
    const { ask, mark, openVote, item, members } = openedSession(legal)
    const vote = openVote(item)
    for (const abstain of [0, 2]) {
      mark({ type: 'tally.entered', vote, favour: legal - 1, against: 0, abstain })
      expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R23' })
    }
    mark({ type: 'ballot.cast', vote, member: members[2], sense: 'against' })
    expect(ask({ type: 'tally.entered', vote, favour: legal, against: 0, abstain: 0 })).toMatchObject({
      allowed: false,
      requirement: 'R23',
    })
    mark({ type: 'tally.entered', vote, favour: legal - 1, against: 1, abstain: 0 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toEqual({ allowed: true })
  })

  test('R23: a secret vote keeps totals only: a ballot is refused, and one that was forced into the log makes nothing known', () => {
    const { ask, mark, events, openVote, state, item, members } = openedSession(9, ['ditame'], { matter: 'election-of-persons' })
    const vote = openVote(item, { kind: 'secret' })
    const ballot = { type: 'ballot.cast', vote, member: members[0], sense: 'favour' }
    expect(ask(ballot)).toMatchObject({ allowed: false, requirement: 'R23' })
    const forced = mark({ type: 'note', text: 'x' })
    Object.assign(forced, ballot)
    expect(events).toContain(forced)
    mark({ type: 'tally.entered', vote, favour: 5, against: 4, abstain: 0 })
    expect(state().votes[0]).toMatchObject({ ballots: {}, tally: { favour: 5, against: 4, abstain: 0 } })
    expect(state().setAside).toMatchObject([{ event: { id: forced.id }, refusal: { requirement: 'R23' } }])
  })

  test.each([7, 9, 11, 13, 17])(
    'R24: of %i members, who left after the deliberation began and is not back abstains; who is back votes',
    (legal) => {
      const { mark, openVote, state, item, members } = openedSession(legal)
      mark({ type: 'attendance.left', member: members[1] })
      mark({ type: 'attendance.left', member: members[2] })
      mark({ type: 'attendance.arrived', member: members[2] })
      const vote = openVote(item)
      expect(state().votes[0]?.absent).toEqual([members[1]])
      expect(state().votes[0]?.voters).toHaveLength(legal - 1)
      mark({ type: 'tally.entered', vote, favour: legal - 1, against: 0, abstain: 0 })
      mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
      expect(state().votes[0]).toMatchObject({ tally: { favour: legal - 1, against: 0, abstain: 1 }, counted: { abstain: 0 } })
    },
  )

  test('R24: who left before the debate was opened does not count at all', () => {
    const { mark, openVote, state, item, members } = openedSession(9)
    mark({ type: 'attendance.left', member: members[1] })
    mark({ type: 'debate.began', item })
    mark({ type: 'attendance.left', member: members[2] })
    openVote(item)
    expect(state().votes[0]?.absent).toEqual([members[2]])
  })

  test('R24: in a joint debate, who left during it abstains on each of its items', () => {
    const { mark, decide, openVote, state, items, members } = openedSession(9, ['ditame', 'ditame'])
    mark({ type: 'item.joined', item: items[0], items: [items[1]] })
    mark({ type: 'attendance.left', member: members[1] })
    decide([8, 0, 0], 'approved')
    mark({ type: 'item.opened', item: items[1] })
    openVote(items[1])
    expect(state().votes.map((vote) => vote.absent)).toEqual([[members[1]], [members[1]]])
  })

  test.each(matterCatalogue.filter((one) => one.majority === 'absolute' && one.vote === 'any').map((one) => [one.key, one.article]))(
    'R25: %s (%s) is not voted by simple majority',
    (matter, article) => {
      const { ask, state, council, item } = openedSession(11, ['ditame'], { matter })
      const vote = { type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 }
      expect(ask(vote)).toMatchObject({ allowed: false, requirement: 'R25', article })
      expect(nextVote(state(), council, voteId()).content?.majority).toBe('absolute')
    },
  )

  test.each(absoluteMajorities)('R25: of %i by law, %i in favour are absolute majority and one less is not', (legal, needed) => {
    const { ask, mark, openVote, item } = openedSession(legal, ['ditame'], { matter: 'symbols' })
    const vote = openVote(item, { majority: 'absolute' })
    mark({ type: 'tally.entered', vote, favour: needed - 1, against: 0, abstain: legal - needed + 1 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false, requirement: 'R25' })
    mark({ type: 'tally.entered', vote, favour: needed, against: legal - needed, abstain: 0 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toEqual({ allowed: true })
  })

  test('R25: a council reads a matter in its own way: two thirds of those in fact, never under the absolute majority', () => {
    const council = councilOf(11)
    const own = { key: 'own', name: { gl: 'x', es: 'x' }, majority: 'two-thirds' as const, vote: 'any' as const, article: 'ROM 40' }
    const nine = { ...council, matters: [own], members: [...council.members.slice(0, 9), ...council.members.slice(-1)] }
    const { ask, mark, openVote, item } = openedSession(9, ['ditame'], { council: nine, matter: 'own' })
    expect(
      ask({ type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'ordinary', majority: 'absolute', round: 1 }),
    ).toMatchObject({ article: 'ROM 40' })
    const vote = openVote(item, { majority: 'two-thirds' })
    mark({ type: 'tally.entered', vote, favour: 5, against: 4, abstain: 0 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toMatchObject({ allowed: false })
    mark({ type: 'tally.entered', vote, favour: 6, against: 3, abstain: 0 })
    expect(ask({ type: 'vote.proclaimed', vote, outcome: 'approved' })).toEqual({ allowed: true })
  })

  test('R26: a tie never closes in one round: second vote, then the casting vote, and both rounds stay', () => {
    const { ask, mark, decide, openVote, state, council, items, item } = openedSession(9, ['ditame', 'ditame'])
    decide([4, 4, 1], 'tie')
    for (const next of [
      { type: 'item.closed', item },
      { type: 'item.opened', item: items[1] },
      { type: 'vote.opened', vote: newId(), item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 },
    ]) {
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R26' })
    }
    expect(nextVote(state(), council, voteId()).content).toMatchObject({ purpose: 'main', round: 2 })
    const second = openVote(item, { round: 2 })
    mark({ type: 'tally.entered', vote: second, favour: 4, against: 4, abstain: 1 })
    for (const said of [{ outcome: 'tie' }, { outcome: 'approved' }, { outcome: 'tie', casting: 'abstain' }]) {
      expect(ask({ type: 'vote.proclaimed', vote: second, ...said })).toMatchObject({ allowed: false })
    }
    mark({ type: 'vote.proclaimed', vote: second, outcome: 'rejected', casting: 'against' })
    expect(state().votes.map(({ round, outcome }) => [round, outcome])).toEqual([
      [1, 'tie'],
      [2, 'rejected'],
    ])
    mark({ type: 'item.closed', item })
  })

  test('R27: a vote is indivisible: nobody arrives, leaves, speaks, and nothing else begins until it is proclaimed', () => {
    const { ask, openVote, items, item, members } = openedSession(9, ['ditame', 'ditame'], { present: 8 })
    openVote(item)
    for (const next of [
      { type: 'attendance.arrived', member: members[8] },
      { type: 'attendance.left', member: members[2] },
      { type: 'floor.given', speaker: members[2], turn: 'first' },
      { type: 'item.opened', item: items[1] },
      { type: 'recess.began' },
      { type: 'session.lifted' },
      { type: 'role.taken', role: 'presidency', person: members[1], capacity: 'x' },
    ]) {
      expect(ask(next)).toMatchObject({ allowed: false, requirement: 'R27', article: 'ROF 98.3' })
    }
    expect(ask({ type: 'incident', text: 'protestas' })).toEqual({ allowed: true })
  })

  test('R29: the software proposes when the counts are complete; only the presidency’s word decides', () => {
    const { mark, openVote, state, item } = openedSession(9)
    const vote = openVote(item)
    mark({ type: 'tally.entered', vote, favour: 5, against: 2, abstain: 1 })
    expect(state().votes[0]).not.toHaveProperty('proposed')
    mark({ type: 'tally.entered', vote, favour: 5, against: 3, abstain: 1 })
    expect(state().votes[0]).toMatchObject({ status: 'open', proposed: 'approved' })
    expect(state().votes[0]).not.toHaveProperty('outcome')
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(state().votes[0]).toMatchObject({ status: 'proclaimed', outcome: 'approved' })
  })
})
