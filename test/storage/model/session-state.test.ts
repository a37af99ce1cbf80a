import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sessionState } from '../../../storage/model/session-state.ts'
import { councilOf, markedSession, sessionWith } from '../../fixtures/council/marked-session.ts'

function wholeSession() {
  const council = councilOf(9)
  const session = sessionWith(council, ['ditame', 'ditame', 'rogos-e-preguntas'])
  const marked = markedSession(council, session)
  const legal = council.members.filter((one) => one.legal)
  marked.open(8)
  for (const item of session.agenda) {
    marked.mark({ type: 'item.opened', item: item.id })
    marked.mark({ type: 'floor.given', speaker: legal[1]?.id, turn: 'first' })
    if (item.number === 2) marked.mark({ type: 'attendance.arrived', member: legal[8]?.id })
    if (item.kind === 'ditame') {
      const vote = marked.openVote(item.id)
      const voters = marked.state().votes.at(-1)?.voters ?? []
      for (const member of voters) marked.mark({ type: 'ballot.cast', vote, member, sense: 'favour' })
      marked.mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    }
    marked.mark({ type: 'item.closed', item: item.id })
  }
  marked.mark({ type: 'session.lifted' })
  return { ...marked, council, session, legal }
}

describe('what is true is a function of what happened', () => {
  test('R12: who arrives at item 2 is not counted in the vote of item 1', () => {
    const { state, legal } = wholeSession()
    const late = legal[8]?.id ?? ''
    expect(state().votes.map((vote) => vote.voters.length)).toEqual([8, 9])
    expect(state().votes[0]?.voters).not.toContain(late)
    expect(state().moves.find((move) => move.member === late)?.item).toBe(state().items[1]?.item.id)
  })

  test('items, floor and votes carry their place on the media line', () => {
    const { state } = wholeSession()
    for (const item of state().items) {
      expect(item.status).toBe('closed')
      expect(item.spans).toHaveLength(1)
      expect(item.spans[0]?.toMs).toBeGreaterThan(item.spans[0]?.fromMs ?? Number.POSITIVE_INFINITY)
    }
    expect(state().floor.every((turn) => (turn.span?.toMs ?? 0) > (turn.span?.fromMs ?? 0))).toBe(true)
  })

  test('the same events in any order, with repeats, give the same state', () => {
    const { events, council, session, state } = wholeSession()
    const expected = JSON.stringify(state())
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events), (shuffled, repeated) => {
        expect(JSON.stringify(sessionState([...shuffled, ...repeated], council, session))).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('an undo is an event that corrects another; nothing is deleted', () => {
    const { events, mark, state, council, session } = wholeSession()
    const before = state().floor.length
    const undone = events.find((event) => event.type === 'floor.given')
    mark({ type: 'note', text: 'desfeito', corrects: undone?.id })
    expect(sessionState(events, council, session).floor).toHaveLength(before - 1)
    expect(events).toContain(undone)
  })
})
