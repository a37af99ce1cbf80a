import type { Council } from '../council.ts'
import { majorityNeeded, matterOf } from '../matters.ts'
import type { ContentOf } from '../session-events.ts'
import { nextAllowed } from '../session-rules.ts'
import type { SessionState } from '../session-shape.ts'
import { currentItem } from './agenda.ts'
import { isApproved, pendingTie, proclaimed, votedFirst } from './before-debate.ts'
import { type Ruling, refused } from './ruling.ts'

/** A vote that is due, and whether the law allows it now. */
export interface DueVote {
  content: ContentOf<'vote.opened'> | undefined
  ruling: Ruling
}

/**
 * The vote that comes next on the item being dealt with: the second one after a tie, the one that must come first (R5), else the main
 * one in the kind and majority its matter needs (R22, R25, R26).
 * @param vote id the vote would have
 */
export function nextVote(state: SessionState, council: Council, vote: ContentOf<'vote.opened'>['vote']): DueVote {
  const current = currentItem(state)
  if (!current)
    return {
      content: undefined,
      ruling: refused('R15', 'ROF 98.1', 'Abra primeiro o punto que se vai votar.', 'Abra primero el punto que se va a votar.'),
    }
  const { item } = current
  const content = { type: 'vote.opened', vote, item: item.id, ...dueOn(state, council, current) } as const
  return { content, ruling: nextAllowed(state, content, council) }
}

function dueOn(
  state: SessionState,
  council: Council,
  current: SessionState['items'][number],
): Omit<ContentOf<'vote.opened'>, 'type' | 'vote' | 'item'> {
  const { item } = current
  const tie = pendingTie(state, item.id)
  if (tie) {
    const { purpose, kind, majority, text } = tie
    return { purpose, kind, majority, round: 2, ...(text === undefined ? {} : { text }) }
  }
  const first = votedFirst(current)
  if (first && proclaimed(state, item.id, first).length === 0) {
    return { purpose: first, kind: 'ordinary', majority: first === 'urgency' ? 'absolute' : 'simple', round: 1 }
  }
  const nominal = matterOf(item, council)?.vote === 'nominal-required' || isApproved(state, item.id, 'nominal-request')
  return { purpose: 'main', kind: nominal ? 'nominal' : 'ordinary', majority: majorityNeeded(item, council), round: 1 }
}
