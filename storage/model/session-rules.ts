import type { Council } from './council.ts'
import type { EventOf, SessionEvent } from './session-events.ts'
import { hasQuorum, type SessionState } from './session-state.ts'
import { proposedOutcome, quorumNeeded } from './vote-rules.ts'
import type { VoteState } from './vote-state.ts'

/** Whether an event may happen now; a refusal names its article and says why, for people (law.md §2.1-2.3). */
export type Ruling = { allowed: true } | { allowed: false; requirement: string; article: string; reason: { gl: string; es: string } }

const allowed: Ruling = { allowed: true }

function refused(requirement: string, article: string, gl: string, es: string): Ruling {
  return { allowed: false, requirement, article, reason: { gl, es } }
}

/** What happens to the recording, and a note, is written down at any moment. */
const alwaysAllowed = /^(recording\.|note$|star$|incident$|closed\.confirmed$)/

/**
 * Asks the law whether `event` may follow `state`. A correction of what was marked is always allowed: it repairs the record, it
 * is not an act of the session.
 */
export function nextAllowed(state: SessionState, event: SessionEvent, council: Council): Ruling {
  if (alwaysAllowed.test(event.type) || event.corrects) return allowed
  if (state.phase === 'lifted' || state.phase === 'not-held') {
    return refused('R18', 'ROF 88.3', 'A sesión xa rematou: nada máis entra na acta.', 'La sesión ya terminó: nada más entra en el acta.')
  }
  if (state.phase === 'before') return beforeOpening(state, event, council)
  const open = state.votes.find((one) => one.status === 'open')
  if (open) return duringVote(open, event, council)
  return whileOpen(state, event, council)
}

function beforeOpening(state: SessionState, event: SessionEvent, council: Council): Ruling {
  if (event.type.startsWith('attendance.') || event.type === 'role.taken' || event.type === 'session.not-held') return allowed
  if (event.type !== 'session.opened') {
    return refused('R11', 'ROF 109.1.c', 'A presidencia aínda non abriu a sesión.', 'La presidencia aún no abrió la sesión.')
  }
  if (!hasQuorum(state, council)) {
    const needed = quorumNeeded(council.legalNumber)
    return refused('R13', 'LBRL 46.2.c', `Non hai quórum: fan falta ${needed} membros.`, `No hay quórum: hacen falta ${needed} miembros.`)
  }
  if (!state.presidency || !state.secretary) {
    return refused('R13', 'ROF 90.2', 'Faltan a presidencia ou a secretaría.', 'Faltan la presidencia o la secretaría.')
  }
  return allowed
}

function duringVote(vote: VoteState, event: SessionEvent, council: Council): Ruling {
  switch (event.type) {
    case 'ballot.cast':
      if (event.vote !== vote.vote) return refused('R27', 'ROF 98.3', 'Esa votación non está aberta.', 'Esa votación no está abierta.')
      if (vote.kind === 'secret') {
        return refused(
          'R23',
          'ROF 102',
          'Nunha votación secreta non se garda o sentido de ninguén.',
          'En una votación secreta no se guarda el sentido de nadie.',
        )
      }
      return vote.voters.includes(event.member)
        ? allowed
        : refused('R20', 'ROF 96, 100.1', 'Esa persoa non vota neste punto.', 'Esa persona no vota en este punto.')
    case 'tally.entered':
      return event.vote === vote.vote
        ? allowed
        : refused('R27', 'ROF 98.3', 'Esa votación non está aberta.', 'Esa votación no está abierta.')
    case 'vote.proclaimed':
      return mayProclaim(vote, event, council)
    default:
      return refused(
        'R27',
        'ROF 98.3',
        'Hai unha votación aberta: ata proclamala ninguén entra, sae nin fala.',
        'Hay una votación abierta: hasta proclamarla nadie entra, sale ni habla.',
      )
  }
}

function mayProclaim(vote: VoteState, event: EventOf<'vote.proclaimed'>, council: Council): Ruling {
  const tally = vote.tally
  const counted = tally ? tally.favour + tally.against + tally.abstain : 0
  if (event.vote !== vote.vote || !tally || counted !== vote.voters.length) {
    const missing = vote.voters.length - counted
    return refused(
      'R23',
      'ROF 109.1.h',
      `Os votos non cadran cos presentes: contados ${counted}, presentes ${vote.voters.length} (diferenza ${missing}).`,
      `Los votos no cuadran con los presentes: contados ${counted}, presentes ${vote.voters.length} (diferencia ${missing}).`,
    )
  }
  if (event.casting && (vote.round !== 2 || tally.favour !== tally.against)) {
    return refused(
      'R26',
      'ROF 100.2',
      'O voto de calidade só cabe despois dun segundo empate.',
      'El voto de calidad solo cabe tras un segundo empate.',
    )
  }
  const proposed = proposedOutcome(
    vote.majority,
    tally,
    { legalNumber: council.legalNumber, deFactoNumber: deFacto(council) },
    event.casting,
  )
  if (proposed === 'tie' && vote.round === 2) {
    return refused(
      'R26',
      'LBRL 46.2.d',
      'Segundo empate: decide o voto de calidade da presidencia.',
      'Segundo empate: decide el voto de calidad de la presidencia.',
    )
  }
  return proposed === event.outcome
    ? allowed
    : refused('R25', 'LBRL 47', 'O resultado proclamado non é o que dan os votos.', 'El resultado proclamado no es el que dan los votos.')
}

function whileOpen(state: SessionState, event: SessionEvent, council: Council): Ruling {
  switch (event.type) {
    case 'session.opened':
      return refused('R11', 'ROF 109.1.c', 'A sesión xa está aberta.', 'La sesión ya está abierta.')
    case 'ballot.cast':
    case 'tally.entered':
    case 'vote.proclaimed':
      return refused('R29', 'ROF 98.4', 'Non hai ningunha votación aberta.', 'No hay ninguna votación abierta.')
    case 'vote.opened':
      return hasQuorum(state, council)
        ? mayVote(state, event)
        : refused('R13', 'LBRL 46.2.c', 'Non hai quórum: non se pode votar.', 'No hay quórum: no se puede votar.')
    case 'closed.began':
      return state.votes.some((one) => one.purpose === 'secret-debate' && one.outcome === 'approved')
        ? allowed
        : refused(
            'R17',
            'LBRL 70.1',
            'O debate secreto precisa un acordo por maioría absoluta.',
            'El debate secreto necesita un acuerdo por mayoría absoluta.',
          )
    default:
      return allowed
  }
}

function mayVote(state: SessionState, event: EventOf<'vote.opened'>): Ruling {
  const item = state.items.find((one) => one.item.id === event.item)
  if (item?.status !== 'open') {
    return refused('R15', 'ROF 98.1', 'Só se vota o punto que se está a tratar.', 'Solo se vota el punto que se está tratando.')
  }
  const done = state.votes.filter((one) => one.item === event.item && one.status === 'proclaimed')
  const approved = (purpose: string) => done.some((one) => one.purpose === purpose && one.outcome === 'approved')
  if (event.round === 2 && !done.some((one) => one.purpose === event.purpose && one.outcome === 'tie')) {
    return refused('R26', 'ROF 100.2', 'Só hai segunda votación despois dun empate.', 'Solo hay segunda votación tras un empate.')
  }
  if (event.purpose === 'urgency' && event.majority !== 'absolute') {
    return refused(
      'R5',
      'TRRL 51',
      'A urxencia vótase por maioría absoluta do número legal.',
      'La urgencia se vota por mayoría absoluta del número legal.',
    )
  }
  if (event.purpose !== 'main') return allowed
  switch (item.item.kind) {
    case 'proposicion':
      return approved('ratify-inclusion')
        ? allowed
        : refused(
            'R5',
            'ROF 82.3',
            'Antes hai que ratificar a inclusión desta proposición.',
            'Antes hay que ratificar la inclusión de esta proposición.',
          )
    case 'mocion':
      return approved('urgency')
        ? allowed
        : refused('R5', 'ROF 91.4', 'Antes hai que votar a urxencia.', 'Antes hay que votar la urgencia.')
    case 'rogo':
    case 'pregunta':
    case 'rogos-e-preguntas':
    case 'dacion-de-conta':
      return refused('R5', 'ROF 97.6-7', 'Este punto non se vota.', 'Este punto no se vota.')
    default:
      return approved('postpone')
        ? refused('R19', 'ROF 92', 'O punto quedou sobre a mesa: non se vota.', 'El punto quedó sobre la mesa: no se vota.')
        : allowed
  }
}

/** Members that the corporation has in fact (LBRL 47.1). */
export function deFacto(council: Council): number {
  return council.members.filter((one) => one.legal).length
}
