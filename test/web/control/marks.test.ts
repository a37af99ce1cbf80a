import { describe, expect, test } from 'vitest'
import { judge } from '../../../storage/model/law/judge.ts'
import { correctedMs, type SessionEvent } from '../../../storage/model/session-events.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import { recentSpeakers, spokenTurns, timesOnItem } from '../../../web/control/floor-times.ts'
import { floorMark, isForGood, nudgeMarks, openingMarks, takeOverMarks, undoMarks } from '../../../web/control/marks.ts'
import { recentActs } from '../../../web/control/page/recent-marks.ts'
import { proclaimMarks, reopenMarks, rollCallOrder, voteToOpen } from '../../../web/control/vote-marks.ts'
import { controlGl } from '../../../web/words/control-gl.ts'
import { councilOf, markedSession, sessionWith } from '../../fixtures/council/marked-session.ts'

function opened(kinds: Parameters<typeof sessionWith>[1] = ['ditame', 'ditame']) {
  const council = councilOf(7)
  const session = sessionWith(council, kinds)
  const marked = markedSession(council, session)
  marked.open()
  const [first, second] = session.agenda.map((one) => one.id)
  marked.mark({ type: 'item.opened', item: first })
  const people = council.members.filter((one) => one.legal).map((one) => one.id)
  return { council, session, ...marked, first, second, people }
}

/** An event of the same tablet, as the store would build it of a mark. */
function asMarked(mark: object, after: SessionEvent): SessionEvent {
  const id = `${after.id.slice(0, -4)}beef`
  const { v, session, device, by, at, mediaMs } = after
  return { v, id, session, device, by, at, mediaMs, seq: after.seq + 100, ...mark } as SessionEvent
}

describe('who conducts in the secretary’s place', () => {
  const named = (council: ReturnType<typeof councilOf>) => {
    const secretary = council.members.find((one) => !one.legal)
    const other = council.members.filter((one) => one.legal)[4]
    if (!secretary || !other) throw new Error('the council has nobody to stand in for its secretary')
    return { secretary, attests: { person: other.id, capacity: 'Secretario accidental', cause: 'Decreto 34/2026' } }
  }

  test('opens the session as its secretary, in the capacity and by the decision they were named with', () => {
    const council = councilOf(7)
    const session = sessionWith(council, ['ditame'])
    const { secretary, attests } = named(council)
    const marked = markedSession(council, session)
    const opening = openingMarks(council, session, marked.state(), { roll: {}, call: 1, attests }, controlGl)
    for (const one of opening) marked.mark({ ...one })
    expect(marked.state().offices).toContainEqual(expect.objectContaining({ role: 'secretary', ...attests, substitutes: secretary.id }))
    expect(marked.state().phase).toBe('open')
    expect(takeOverMarks(marked.state(), attests)).toEqual([])
  })

  test('takes the office when they come into a session that another opened, once', () => {
    const { council, state, mark } = opened()
    const { secretary, attests } = named(council)
    expect(takeOverMarks(state(), undefined)).toEqual([])
    const taking = takeOverMarks(state(), attests)
    expect(taking).toEqual([{ type: 'role.taken', role: 'secretary', ...attests, substitutes: secretary.id }])
    for (const one of taking) mark({ ...one })
    expect(state().secretary).toBe(attests.person)
    expect(takeOverMarks(state(), attests)).toEqual([])
  })
})

describe('a mark moved in time', () => {
  test('takes the place of what was marked, five seconds earlier on every clock', () => {
    const { council, session, events, mark, people } = opened()
    // A second each: the turn begins long enough after its item to be moved and still lie in it.
    for (let seconds = 0; seconds < 6; seconds++) mark({ type: 'star' })
    const given = mark({ type: 'floor.given', speaker: people[1], turn: 'first' })
    const [nudged] = nudgeMarks([given], -5_000)
    const event = asMarked(nudged ?? {}, given)
    expect(event).toMatchObject({ type: 'floor.given', speaker: people[1], corrects: given.id })
    expect(correctedMs(event)).toBe(correctedMs(given) - 5_000)
    expect(event.mediaMs).toBe((given.mediaMs ?? 0) - 5_000)
    const state = sessionState([...events, event], council, session)
    expect(state.floor.map((one) => one.event)).toEqual([event.id])
    const beforeItsItem = asMarked(nudgeMarks([given], -60_000)[0] ?? {}, given)
    expect(judge([beforeItsItem], events, { council, session })).toMatchObject({ allowed: false })
  })

  test('is shown once among the last ones, at its new time, and can be taken back as a whole', () => {
    const { council, session, events, mark, people } = opened()
    const given = mark({ type: 'floor.given', speaker: people[1], turn: 'first' })
    const moved = asMarked(nudgeMarks([given], 5_000)[0] ?? {}, given)
    const kept = [given, moved].map((event) => ({ id: event.id, act: 'a', seq: event.seq, event, status: 'stored' as const }))
    const shown = (more: SessionEvent[]) =>
      recentActs(kept, { council, state: sessionState([...events, ...more], council, session), language: 'gl' })
    expect(shown([moved])).toMatchObject([{ act: 'a', atMs: correctedMs(given) + 5_000, forGood: false }])
    const [undo] = undoMarks([moved], 'Desfíxose')
    expect(shown([moved, asMarked({ ...undo, id: `${given.id.slice(0, -4)}dead` }, given)])).toEqual([])
  })

  test('is never one that closes to the public or opens again: an undo opens nothing', () => {
    const { mark } = opened()
    const star = mark({ type: 'star' })
    expect(isForGood(star)).toBe(false)
    expect(isForGood({ ...star, type: 'closed.began', ground: 'x', recording: 'none' } as SessionEvent)).toBe(true)
    expect(isForGood({ ...star, type: 'closed.ended' } as SessionEvent)).toBe(true)
  })
})

describe('the floor', () => {
  test('is proposed as first turn, second turn, and explanation once the item was voted', () => {
    const { council, state, mark, openVote, first, people } = opened()
    const [mayor, castro, otero] = people as [never, never, never]
    expect(floorMark(state(), castro)).toMatchObject({ type: 'floor.given', turn: 'first' })
    mark({ type: 'floor.given', speaker: castro, turn: 'first' })
    expect(floorMark(state(), castro)).toMatchObject({ type: 'floor.ended' })
    mark({ type: 'floor.given', speaker: otero, turn: 'first' })
    expect(floorMark(state(), castro)).toMatchObject({ turn: 'second' })
    expect(floorMark(state(), mayor)).toMatchObject({ turn: 'order' })
    const vote = openVote(first)
    mark({ type: 'tally.entered', vote, favour: council.legalNumber, against: 0, abstain: 0 })
    mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    expect(floorMark(state(), otero)).toMatchObject({ turn: 'explanation' })
  })

  test('has clocks: each turn until the next thing happens, the last one until now, summed on its item', () => {
    const { state, mark, first, second, people } = opened()
    const [castro, otero] = people.slice(1) as [never, never]
    const begun = mark({ type: 'floor.given', speaker: castro, turn: 'first' })
    mark({ type: 'floor.given', speaker: otero, turn: 'first' })
    mark({ type: 'floor.given', speaker: castro, turn: 'second' })
    const turns = spokenTurns(state())
    expect(turns.map((one) => (one.toMs ?? Number.NaN) - one.fromMs)).toEqual([1000, 1000, Number.NaN])
    const times = timesOnItem(turns, first, correctedMs(begun) + 10_000)
    expect(times.get(castro)).toEqual({ turns: 2, ms: 1000 + 8000 })
    expect(times.get(otero)).toEqual({ turns: 1, ms: 1000 })
    expect(recentSpeakers(turns, 3)).toEqual([castro, otero])
    mark({ type: 'item.opened', item: second })
    expect(timesOnItem(spokenTurns(state()), second, Date.now()).size).toBe(0)
  })
})

describe('a vote at the tablet', () => {
  const counted = { tally: { favour: 7, against: 0, abstain: 0 }, senses: {} }

  test('by unanimity keeps who voted what', () => {
    const { state, openVote, first } = opened()
    openVote(first)
    const [vote] = state().votes
    if (!vote) throw new Error('no vote')
    const marks = proclaimMarks(vote, counted, 'approved')
    expect(marks.filter((one) => one.type === 'ballot.cast')).toHaveLength(7)
    expect(marks.at(-1)).toMatchObject({ type: 'vote.proclaimed', outcome: 'approved' })
  })

  test('in secret keeps totals and never who, even when all agree', () => {
    const { state, openVote, first } = opened()
    openVote(first)
    const [vote] = state().votes
    if (!vote) throw new Error('no vote')
    const marks = proclaimMarks({ ...vote, kind: 'secret' }, { ...counted, senses: { [vote.voters[0] ?? '']: 'favour' } }, 'approved')
    expect(marks.map((one) => one.type)).toEqual(['tally.entered', 'vote.proclaimed'])
  })

  test('of what becomes of an item leaves it there with the proclamation', () => {
    const { state, openVote, first } = opened()
    openVote(first, { purpose: 'postpone' })
    const [vote] = state().votes
    if (!vote) throw new Error('no vote')
    expect(proclaimMarks(vote, counted, 'approved').at(-1)).toMatchObject({
      type: 'item.postponed',
      item: first,
      ground: 'vote',
      vote: vote.vote,
    })
    expect(proclaimMarks(vote, counted, 'rejected').at(-1)).toMatchObject({ type: 'vote.proclaimed' })
  })

  test('is opened anew as another kind only when the law allows that kind; else nothing is taken back', () => {
    const { council, session, state, openVote, first } = opened()
    openVote(first)
    const [vote] = state().votes
    if (!vote) throw new Error('no vote')
    const asked = reopenMarks({ state: state(), council, session }, vote, { purpose: 'nominal-request', kind: 'ordinary' }, 'Desfíxose')
    expect(asked.marks.map((one) => one.type)).toEqual(['note', 'vote.opened'])
    expect(asked.marks[0]).toMatchObject({ corrects: vote.events[0] })
    expect(voteToOpen(state(), council).mark, 'while one is open').toBeUndefined()
  })

  test('calls the roll by surname, and the presidency last', () => {
    const { council, state, openVote, first } = opened()
    openVote(first)
    const [vote] = state().votes
    if (!vote) throw new Error('no vote')
    const names = rollCallOrder(vote, council, state()).map((id) => council.members.find((one) => one.id === id)?.surname)
    expect(names).toEqual([...names.slice(0, -1).toSorted((a, b) => (a ?? '').localeCompare(b ?? '', 'gl')), 'Outedal'])
    expect(names).toHaveLength(7)
  })
})
