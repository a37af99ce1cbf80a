import type { Council } from './council.ts'
import { mayAdd, mayBeginDebate, mayCloseItem, mayJoin, mayOpenItem, mayPostpone, mayRead, mayWithdraw } from './law/agenda.ts'
import { mayAttend } from './law/attendance.ts'
import { urgencyOfSession, urgencyRejected } from './law/before-debate.ts'
import { mayClose, mayEndClosed } from './law/closed-parts.ts'
import { duringRecess, mayLift, mayNotHold, mayOpen } from './law/course.ts'
import { mayTakeFloor } from './law/floor.ts'
import { mayLeaveOffice, mayTakeOffice } from './law/offices.ts'
import { allowed, firstRefusal, type Ruling, refused } from './law/ruling.ts'
import { duringVote, mayVote } from './law/votes.ts'
import type { EventContent } from './session-events.ts'
import type { SessionState } from './session-shape.ts'

export type { Ruling } from './law/ruling.ts'

/** What happens to the recording, a person's own reminder, and the limits of a closed part are written down at any moment. */
const alwaysAllowed = /^(recording\.|note$|star$|closed\.confirmed$)/
/** What a session may still do once the plenary did not find it urgent: end (ROF 79). */
const whenNotUrgent = /^(session\.lifted$|item\.closed$|attendance\.|connection\.|role\.|incident$)/

/**
 * Asks the law whether `event` may follow `state`, and names the article when it may not. Each rule stands in the file of its matter,
 * `law/`. A correction is asked at the place of what it corrects (`sessionState` sees to that).
 */
export function nextAllowed(state: SessionState, event: EventContent, council: Council): Ruling {
  if (alwaysAllowed.test(event.type)) return allowed
  // A part that was closed can be ended wherever it stands, only not in the middle of a vote.
  if (event.type === 'closed.ended' && !state.votes.some((one) => one.status === 'open')) return mayEndClosed(state)
  switch (state.phase) {
    case 'before':
      return beforeOpening(state, event, council)
    case 'lifted':
    case 'not-held':
      return afterTheEnd(state, event)
    default:
      return duringSession(state, event, council)
  }
}

function beforeOpening(state: SessionState, event: EventContent, council: Council): Ruling {
  switch (event.type) {
    case 'session.opened':
      return mayOpen(state, event)
    case 'session.not-held':
      return mayNotHold(state, event)
    case 'role.taken':
      return mayTakeOffice(state, event, council)
    case 'role.left':
      return mayLeaveOffice(state, event)
    case 'incident':
      return allowed
    default:
      return /^(attendance|connection|abstention)\./.test(event.type)
        ? mayAttend(state, event, council)
        : refused('R11', 'ROF 109.1.c', 'A presidencia aínda non abriu a sesión.', 'La presidencia aún no abrió la sesión.')
  }
}

/** The citizens' turn is outside the session and its acta (R18). */
function afterTheEnd(state: SessionState, event: EventContent): Ruling {
  if (event.type.startsWith('public-turn.') && state.phase === 'lifted') return allowed
  return refused('R18', 'ROF 88.3', 'A sesión xa rematou: nada máis entra na acta.', 'La sesión ya terminó: nada más entra en el acta.')
}

function duringSession(state: SessionState, event: EventContent, council: Council): Ruling {
  if (event.type === 'incident') return allowed
  const vote = state.votes.find((one) => one.status === 'open')
  if (vote) return firstRefusal(duringVote(state, vote, event), mayAttend(state, event, council))
  if (state.phase === 'recess') {
    return firstRefusal(
      duringRecess(event),
      event.type === 'session.lifted' ? mayLift(state) : allowed,
      mayAttend(state, event, council),
      ofOffices(state, event, council),
    )
  }
  if (urgencyOfSession(state) === 'rejected' && !whenNotUrgent.test(event.type)) return urgencyRejected
  return firstRefusal(ofItsMatter(state, event, council), mayAttend(state, event, council), ofOffices(state, event, council))
}

function ofOffices(state: SessionState, event: EventContent, council: Council): Ruling {
  if (event.type === 'role.taken') return mayTakeOffice(state, event, council)
  return event.type === 'role.left' ? mayLeaveOffice(state, event) : allowed
}

function ofItsMatter(state: SessionState, event: EventContent, council: Council): Ruling {
  switch (event.type) {
    case 'session.opened':
    case 'session.not-held':
      return refused('R11', 'ROF 109.1.c', 'A sesión xa está aberta.', 'La sesión ya está abierta.')
    case 'session.lifted':
      return mayLift(state)
    case 'public-turn.began':
    case 'public-turn.ended':
      return refused(
        'R18',
        'ROF 88.3',
        'A quenda do público é despois de levantar a sesión.',
        'El turno del público es después de levantar la sesión.',
      )
    case 'recess.ended':
      return refused('R16', 'ROF 87', 'A sesión non está interrompida.', 'La sesión no está interrumpida.')
    case 'item.opened':
      return mayOpenItem(state, event)
    case 'item.closed':
      return mayCloseItem(state, event)
    case 'item.read':
      return mayRead(state, event)
    case 'item.joined':
      return mayJoin(state, event)
    case 'item.withdrawn':
      return mayWithdraw(state, event)
    case 'item.postponed':
      return mayPostpone(state, event)
    case 'item.added':
      return mayAdd(state, event)
    case 'debate.began':
      return mayBeginDebate(state, event)
    case 'floor.given':
      return mayTakeFloor(state, event)
    case 'vote.opened':
      return mayVote(state, event, council)
    case 'ballot.cast':
    case 'tally.entered':
    case 'vote.proclaimed':
      return refused('R29', 'ROF 98.4', 'Non hai ningunha votación aberta.', 'No hay ninguna votación abierta.')
    case 'closed.began':
      return mayClose(state, event)
    default:
      return allowed
  }
}

/** Members that the corporation has in fact (LBRL 47.1). */
export function deFacto(council: Council): number {
  return council.members.filter((one) => one.legal).length
}
