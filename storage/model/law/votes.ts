import type { Council } from '../council.ts'
import { majorityNeeded, matterOf } from '../matters.ts'
import type { AgendaItem, Majority } from '../session.ts'
import type { ContentOf, EventContent, EventOf } from '../session-events.ts'
import type { ItemState, SessionState } from '../session-shape.ts'
import { proposedOutcome, type VotingNumbers } from '../vote-rules.ts'
import { holdsBallots, openedVote, sumOf, type VoteState } from '../vote-state.ts'
import { isApproved, mayDebate, pendingTie, proclaimed, votedFirst } from './before-debate.ts'
import { nominalOrder } from './nominal-order.ts'
import { mayGoOn, membersPresent } from './quorum.ts'
import { allowed, firstRefusal, type Ruling, refused } from './ruling.ts'

export function votingNumbers(state: Pick<SessionState, 'body'>): VotingNumbers {
  return { legalNumber: state.body.legalNumber, deFactoNumber: state.body.members.length }
}

/** A vote opens with those who vote, and with those who left since the deliberation began and count as abstaining (R20, R24). */
export function openVote(state: SessionState, event: EventOf<'vote.opened'>, council: Council): VoteState {
  const item = state.items.find((one) => one.item.id === event.item)
  const bound = new Set(state.abstaining.filter((one) => one.item === event.item).map((one) => one.member))
  const present = membersPresent(state).filter((one) => !bound.has(one))
  const voters = event.kind === 'nominal' ? nominalOrder(present, council, state.presidency) : present
  const absent = (item?.attended ?? []).filter((one) => state.attendance[one] !== 'present' && !bound.has(one))
  return openedVote(event, { voters, absent })
}

/** While a vote is open nobody arrives, leaves or speaks: only ballots, counts and the proclamation (R27). A line that falls is a fact. */
export function duringVote(state: SessionState, vote: VoteState, event: EventContent): Ruling {
  switch (event.type) {
    case 'ballot.cast':
      return event.vote === vote.vote ? mayCast(vote, event) : notOpen
    case 'tally.entered':
      return event.vote === vote.vote ? mayCount(vote, event) : notOpen
    case 'vote.proclaimed':
      return event.vote === vote.vote ? mayProclaim(state, vote, event) : notOpen
    case 'connection.lost':
    case 'connection.restored':
      return allowed
    default:
      return refused(
        'R27',
        'ROF 98.3',
        'Hai unha votación aberta: ata proclamala ninguén entra, sae nin fala.',
        'Hay una votación abierta: hasta proclamarla nadie entra, sale ni habla.',
      )
  }
}

const notOpen = refused('R27', 'ROF 98.3', 'Esa votación non está aberta.', 'Esa votación no está abierta.')

function mayCast(vote: VoteState, event: ContentOf<'ballot.cast'>): Ruling {
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
}

function mayCount(vote: VoteState, event: ContentOf<'tally.entered'>): Ruling {
  return holdsBallots(event, vote)
    ? allowed
    : refused(
        'R23',
        'ROF 109.1.h',
        'O reconto non cadra cos votos xa marcados de cadaquén.',
        'El recuento no cuadra con los votos ya marcados de cada uno.',
      )
}

function mayProclaim(state: SessionState, vote: VoteState, event: ContentOf<'vote.proclaimed'>): Ruling {
  const tally = vote.counted
  const counted = tally ? sumOf(tally) : 0
  if (!tally || counted !== vote.voters.length) {
    const missing = vote.voters.length - counted
    return refused(
      'R23',
      'ROF 109.1.h',
      `Os votos non cadran cos presentes: contados ${counted}, presentes ${vote.voters.length} (diferenza ${missing}).`,
      `Los votos no cuadran con los presentes: contados ${counted}, presentes ${vote.voters.length} (diferencia ${missing}).`,
    )
  }
  if (vote.kind === 'nominal' && Object.keys(vote.ballots).length !== vote.voters.length) {
    return refused(
      'R23',
      'ROF 101.2',
      'Na votación nominal consta o voto de cada membro: aínda falta algún.',
      'En la votación nominal consta el voto de cada miembro: aún falta alguno.',
    )
  }
  if (event.casting && (vote.round !== 2 || tally.favour !== tally.against || event.casting === 'abstain')) {
    return refused(
      'R26',
      'ROF 100.2',
      'O voto de calidade só cabe despois dun segundo empate, a favor ou en contra.',
      'El voto de calidad solo cabe tras un segundo empate, a favor o en contra.',
    )
  }
  const proposed = proposedOutcome(vote.majority, tally, votingNumbers(state), event.casting)
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

/** Whether a vote may be opened now: on the item being dealt with, after what must precede it, in a lawful kind and majority. */
export function mayVote(state: SessionState, event: ContentOf<'vote.opened'>, council: Council): Ruling {
  const item = state.items.find((one) => one.item.id === event.item)
  if (item?.status !== 'open' || state.currentItem !== event.item) {
    return refused('R15', 'ROF 98.1', 'Só se vota o punto que se está a tratar.', 'Solo se vota el punto que se está tratando.')
  }
  if (state.votes.some((one) => one.vote === event.vote))
    return refused('R27', 'ROF 98.3', 'Esa votación xa se abriu.', 'Esa votación ya se abrió.')
  return firstRefusal(
    mayGoOn(state),
    mayVoteRound(state, event),
    mayVoteFor(state, item, event),
    mayVoteBy(state, item.item, event, council),
    hasMajority(item.item, event, council),
  )
}

function mayVoteRound(state: SessionState, event: ContentOf<'vote.opened'>): Ruling {
  const tie = pendingTie(state, event.item)
  if (event.round === 2) {
    return tie?.purpose === event.purpose && tie.text === event.text
      ? allowed
      : refused('R26', 'ROF 100.2', 'Só hai segunda votación despois dun empate.', 'Solo hay segunda votación tras un empate.')
  }
  return tie
    ? refused('R26', 'ROF 100.2', 'Houbo empate: agora vén a segunda votación.', 'Hubo empate: ahora viene la segunda votación.')
    : allowed
}

/** What an item may be voted for, and after what (R5, R19). */
function mayVoteFor(state: SessionState, item: ItemState, event: ContentOf<'vote.opened'>): Ruling {
  const { purpose } = event
  const decided = proclaimed(state, item.item.id, 'main').filter((one) => one.outcome !== 'tie')
  if (unvoted.has(item.item.kind) && purpose !== 'postpone' && purpose !== 'withdraw' && purpose !== 'secret-debate') {
    return refused('R5', 'ROF 97.6-7', 'Este punto non se vota.', 'Este punto no se vota.')
  }
  if (purpose === 'urgency' || purpose === 'ratify-inclusion') {
    if (votedFirst(item) !== purpose)
      return refused('R5', 'ROF 82.3, 91.4', 'Este punto non precisa esa votación.', 'Este punto no necesita esa votación.')
    return proclaimed(state, item.item.id, purpose).some((one) => one.outcome !== 'tie') ? alreadyVoted : allowed
  }
  if (decided.some((one) => purpose !== 'main' || event.text === undefined || one.text === event.text || one.text === undefined)) {
    return alreadyVoted
  }
  if (purpose !== 'main' && purpose !== 'amendment') return allowed
  if (isApproved(state, item.item.id, 'postpone')) {
    return refused('R19', 'ROF 92.1', 'O punto quedou sobre a mesa: non se vota.', 'El punto quedó sobre la mesa: no se vota.')
  }
  if (isApproved(state, item.item.id, 'withdraw')) {
    return refused('R19', 'ROF 92.1', 'O punto retirouse: non se vota.', 'El punto se retiró: no se vota.')
  }
  return mayDebate(state, item)
}

const unvoted: ReadonlySet<AgendaItem['kind']> = new Set(['rogo', 'pregunta', 'rogos-e-preguntas', 'dacion-de-conta'])
const alreadyVoted = refused('R27', 'ROF 98', 'Este punto xa se votou.', 'Este punto ya se votó.')

/** Ordinary unless the plenary agreed otherwise; secret only for persons or for a secret debate (ROF 102; LBRL 70.1; R22). */
function mayVoteBy(state: SessionState, item: AgendaItem, event: ContentOf<'vote.opened'>, council: Council): Ruling {
  const matter = matterOf(item, council)
  const itself = event.purpose === 'nominal-request' || event.purpose === 'secret-debate'
  if (itself && event.kind !== 'ordinary') {
    return refused('R22', 'ROF 102.2', 'Esta petición vótase en votación ordinaria.', 'Esta petición se vota en votación ordinaria.')
  }
  if (event.kind === 'secret') {
    return matter?.vote === 'secret-allowed' || isApproved(state, item.id, 'secret-debate')
      ? allowed
      : refused(
          'R22',
          'ROF 102.3',
          'Só é secreta a votación para elixir ou destituír persoas, ou a dun debate secreto acordado.',
          'Solo es secreta la votación para elegir o destituir personas, o la de un debate secreto acordado.',
        )
  }
  if (matter?.vote === 'nominal-required' && event.purpose === 'main' && event.kind !== 'nominal') {
    return refused('R22', matter.article, 'Este asunto vótase por chamamento nominal.', 'Este asunto se vota por llamamiento nominal.')
  }
  return event.kind !== 'nominal' || matter?.vote === 'nominal-required' || isApproved(state, item.id, 'nominal-request')
    ? allowed
    : refused(
        'R22',
        'ROF 102.2',
        'A votación nominal pídea un grupo e apróbaa o Pleno por maioría simple.',
        'La votación nominal la pide un grupo y la aprueba el Pleno por mayoría simple.',
      )
}

const strength: Record<Majority, number> = { simple: 0, absolute: 1, 'two-thirds': 2 }

function hasMajority(item: AgendaItem, event: ContentOf<'vote.opened'>, council: Council): Ruling {
  if (event.purpose === 'urgency' && event.majority !== 'absolute') {
    return refused(
      'R5',
      'TRRL 51',
      'A urxencia vótase por maioría absoluta do número legal.',
      'La urgencia se vota por mayoría absoluta del número legal.',
    )
  }
  if (event.purpose === 'secret-debate' && event.majority !== 'absolute') {
    return refused(
      'R17',
      'LBRL 70.1',
      'O debate secreto acórdase por maioría absoluta.',
      'El debate secreto se acuerda por mayoría absoluta.',
    )
  }
  return event.purpose !== 'main' || strength[event.majority] >= strength[majorityNeeded(item, council)]
    ? allowed
    : refused(
        'R25',
        matterOf(item, council)?.article ?? 'LBRL 47',
        'Este asunto precisa unha maioría máis alta.',
        'Este asunto necesita una mayoría más alta.',
      )
}
