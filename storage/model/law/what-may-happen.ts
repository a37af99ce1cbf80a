import type { Council } from '../council.ts'
import { memberId, voteId } from '../ids.ts'
import type { EventContent } from '../session-events.ts'
import { nextAllowed } from '../session-rules.ts'
import type { SessionState } from '../session-shape.ts'
import { turnOf } from './floor.ts'
import { nextVote } from './next-vote.ts'
import type { Ruling } from './ruling.ts'

/** Something a person could mark now, and what the law says of it. */
export interface PossibleAct {
  content: EventContent
  ruling: Ruling
}

/**
 * Everything a screen may offer in this state, each with its ruling: what is refused is offered greyed, with its article. A vote in
 * the list carries `asked` as its id; who marks it gives it one of its own.
 */
export function whatMayHappen(state: SessionState, council: Council, asked: string): PossibleAct[] {
  const acts = [...courseActs(state), ...itemActs(state), ...peopleActs(state)].map((content) => ({
    content,
    ruling: nextAllowed(state, content, council),
  }))
  const due = nextVote(state, council, voteId.parse(asked))
  return due.content ? [...acts, { content: due.content, ruling: due.ruling }] : acts
}

function courseActs(state: SessionState): EventContent[] {
  return [
    { type: 'session.opened', call: state.call },
    { type: 'session.not-held', cause: '-' },
    { type: 'session.lifted' },
    { type: 'recess.began' },
    { type: 'recess.ended' },
    { type: 'closed.began', ground: '-', recording: 'none' },
    { type: 'closed.ended' },
    { type: 'public-turn.began' },
    { type: 'incident', text: '-' },
  ]
}

function itemActs(state: SessionState): EventContent[] {
  return state.items.flatMap(({ item }): EventContent[] =>
    item.id === state.currentItem
      ? [
          { type: 'item.read', item: item.id },
          { type: 'debate.began', item: item.id },
          { type: 'item.withdrawn', item: item.id },
          { type: 'item.postponed', item: item.id },
          { type: 'item.closed', item: item.id },
        ]
      : [{ type: 'item.opened', item: item.id }],
  )
}

function peopleActs(state: SessionState): EventContent[] {
  const floor = (speaker: Parameters<typeof turnOf>[1]): EventContent => ({ type: 'floor.given', speaker, turn: turnOf(state, speaker) })
  return [
    ...state.body.members.flatMap((one): EventContent[] => {
      const member = memberId.parse(one)
      const moved = state.attendance[one] === 'present' ? 'attendance.left' : 'attendance.arrived'
      return [{ type: moved, member }, floor(member), { type: 'member.expelled', member, text: '' }]
    }),
    floor('secretary'),
    floor('authorised-body'),
  ]
}
