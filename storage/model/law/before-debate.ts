import type { ItemState, SessionState } from '../session-shape.ts'
import type { VoteState } from '../vote-state.ts'
import { allowed, type Ruling, refused } from './ruling.ts'

/** Votes on an item that were proclaimed, for one purpose. */
export function proclaimed(state: SessionState, item: string, purpose: VoteState['purpose']): VoteState[] {
  return state.votes.filter((one) => one.item === item && one.purpose === purpose && one.status === 'proclaimed')
}

export function isApproved(state: SessionState, item: string, purpose: VoteState['purpose']): boolean {
  return proclaimed(state, item, purpose).some((one) => one.outcome === 'approved')
}

/** The vote that must be won before an item is debated: a proposición's inclusion, a moción's urgency (ROF 82.3, 91.4; R5). */
export function votedFirst({ item }: ItemState): 'ratify-inclusion' | 'urgency' | undefined {
  if (item.kind === 'proposicion') return 'ratify-inclusion'
  return item.kind === 'mocion' ? 'urgency' : undefined
}

/** Whether an item may be debated and voted (R5). */
export function mayDebate(state: SessionState, item: ItemState): Ruling {
  const first = votedFirst(item)
  if (!first || isApproved(state, item.item.id, first)) return allowed
  if (proclaimed(state, item.item.id, first).some((one) => one.outcome === 'rejected')) {
    return refused('R5', 'ROF 91.4, 82.3', 'Non se admitiu: nin se debate nin se vota.', 'No se admitió: ni se debate ni se vota.')
  }
  return first === 'urgency'
    ? refused('R5', 'ROF 91.4', 'Antes hai que votar a urxencia.', 'Antes hay que votar la urgencia.')
    : refused(
        'R5',
        'ROF 82.3',
        'Antes hai que ratificar a inclusión desta proposición.',
        'Antes hay que ratificar la inclusión de esta proposición.',
      )
}

/** A tie that has had no second vote yet: the item cannot be left so (R26). */
export function pendingTie(state: SessionState, item: string | undefined): VoteState | undefined {
  return state.votes.find(
    (one) =>
      one.item === item &&
      one.outcome === 'tie' &&
      one.round === 1 &&
      !state.votes.some((other) => other.item === item && other.purpose === one.purpose && other.text === one.text && other.round === 2),
  )
}

/** The urgency of an urgent session as its first item decided it (R3). */
export function urgencyOfSession(state: SessionState): 'pending' | 'approved' | 'rejected' | 'none' {
  const item = state.kind === 'extraordinary-urgent' ? state.items.find((one) => one.item.kind === 'urgency') : undefined
  if (!item) return 'none'
  const votes = proclaimed(state, item.item.id, 'main').filter((one) => one.outcome !== 'tie')
  return votes.length === 0 ? 'pending' : votes.some((one) => one.outcome === 'approved') ? 'approved' : 'rejected'
}

export const urgencyRejected = refused(
  'R3',
  'ROF 79',
  'O Pleno non apreciou a urxencia: só cabe levantar a sesión.',
  'El Pleno no apreció la urgencia: solo cabe levantar la sesión.',
)
