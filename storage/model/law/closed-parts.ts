import type { ContentOf, EventContent, SessionEvent } from '../session-events.ts'
import type { SessionState } from '../session-shape.ts'
import { isApproved } from './before-debate.ts'
import { allowed, type Ruling, refused } from './ruling.ts'
import { endSpan } from './spans.ts'

/** A part without public (LBRL 70.1; R17). What is said to be closed stays closed, even where the law would not have allowed it. */
export function applyClosedPart(state: SessionState, event: SessionEvent): void {
  switch (event.type) {
    case 'closed.began': {
      const { ground, recording } = event
      state.closedSpans.push({ fromMs: event.mediaMs ?? 0, event: event.id, ground, recording, open: true })
      if (state.phase === 'open') state.phase = 'closed-part'
      break
    }
    case 'closed.ended': {
      const last = state.closedSpans.at(-1)
      if (last?.open) {
        endSpan(state.closedSpans, event)
        last.open = false
      }
      if (state.phase === 'closed-part') state.phase = 'open'
      break
    }
  }
}

export function mayClose(state: SessionState, event: ContentOf<'closed.began'>): Ruling {
  if (state.phase === 'closed-part') {
    return refused('R17', 'LBRL 70.1', 'A sesión xa está a porta pechada.', 'La sesión ya está a puerta cerrada.')
  }
  const agreed =
    state.currentItem !== undefined &&
    isApproved(state, state.currentItem, 'secret-debate') &&
    (event.vote === undefined || state.votes.some((one) => one.vote === event.vote && one.purpose === 'secret-debate'))
  return agreed
    ? allowed
    : refused(
        'R17',
        'LBRL 70.1',
        'O debate secreto precisa un acordo por maioría absoluta neste punto.',
        'El debate secreto necesita un acuerdo por mayoría absoluta en este punto.',
      )
}

export function mayEndClosed(state: SessionState): Ruling {
  return state.closedSpans.at(-1)?.open
    ? allowed
    : refused('R17', 'LBRL 70.1', 'A sesión non está a porta pechada.', 'La sesión no está a puerta cerrada.')
}

/** An event that protects: it counts wherever it stands. */
export function protects(event: EventContent): boolean {
  return event.type === 'closed.began'
}
