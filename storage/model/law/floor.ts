import type { ContentOf, EventOf, SessionEvent } from '../session-events.ts'
import type { ItemState, SessionState } from '../session-shape.ts'
import { isHere } from './attendance.ts'
import { isApproved, mayDebate, proclaimed, votedFirst } from './before-debate.ts'
import { allowed, firstRefusal, type Ruling, refused } from './ruling.ts'

/** Who speaks, for what, in which order: the presidency gives the floor (R18, R19, R28). */
export function giveFloor(state: SessionState, event: EventOf<'floor.given'>): void {
  endFloor(state, event)
  state.floor.push({
    speaker: event.speaker,
    turn: event.turn,
    event: event.id,
    ...(event.name === undefined ? {} : { name: event.name }),
    ...(state.currentItem ? { item: state.currentItem } : {}),
    ...(event.mediaMs === undefined ? {} : { span: { fromMs: event.mediaMs } }),
  })
}

export function endFloor(state: SessionState, event: SessionEvent): void {
  const last = state.floor.at(-1)
  if (!last || last.ended) return
  last.ended = true
  if (last.span && event.mediaMs !== undefined) last.span.toMs = event.mediaMs
}

export function mayTakeFloor(state: SessionState, event: ContentOf<'floor.given'>): Ruling {
  const item = state.items.find((one) => one.item.id === state.currentItem)
  switch (event.speaker) {
    case 'public':
      return refused(
        'R18',
        'ROF 88.3',
        'O público non intervén na sesión: a súa quenda é despois de levantala.',
        'El público no interviene en la sesión: su turno es después de levantarla.',
      )
    case 'authorised-body':
      return mayBodySpeak(state, item)
    case 'secretary':
    case 'intervention':
      return allowed
    default:
      return firstRefusal(mayMemberSpeak(state, event.speaker), item ? mayTakeTurn(state, item, event) : needsItem(event))
  }
}

/** An association that was authorised speaks before the item is read and debated, by one person (ROF 228.1). */
function mayBodySpeak(state: SessionState, item: ItemState | undefined): Ruling {
  const begun = item?.read || item?.debated || state.votes.some((one) => one.item === item?.item.id) || turnsIn(state, item).some(isDebate)
  return item && !begun
    ? allowed
    : refused(
        'R18',
        'ROF 228.1',
        'A entidade autorizada fala antes da lectura do punto.',
        'La entidad autorizada habla antes de la lectura del punto.',
      )
}

function mayMemberSpeak(state: SessionState, speaker: string): Ruling {
  if (state.abstaining.some((one) => one.member === speaker && one.item === state.currentItem)) {
    return refused(
      'R20',
      'ROF 96',
      'Ten o deber de absterse: está fóra da sala mentres se trata o punto.',
      'Tiene el deber de abstenerse: está fuera de la sala mientras se trata el punto.',
    )
  }
  return isHere(state, speaker) ? allowed : refused('R12', 'ROF 109.1.d', 'Esa persoa non está na sala.', 'Esa persona no está en la sala.')
}

function mayTakeTurn(state: SessionState, item: ItemState, { turn }: ContentOf<'floor.given'>): Ruling {
  if (turn === 'order') return allowed
  const decided = proclaimed(state, item.item.id, 'main').some((one) => one.outcome !== 'tie')
  if (turn === 'explanation') return decided ? allowed : explanationLater
  if (decided && turn !== 'allusion') return onlyExplanation
  const first = votedFirst(item)
  if (turn === 'justification') {
    return first && !isApproved(state, item.item.id, first)
      ? allowed
      : refused(
          'R5',
          'ROF 91.4',
          'Aquí non hai urxencia nin inclusión que xustificar.',
          'Aquí no hay urgencia ni inclusión que justificar.',
        )
  }
  return firstRefusal(mayDebate(state, item), mayFollow(state, item, turn))
}

/** A second turn follows a first one, an allusion follows what somebody said (ROF 94). */
function mayFollow(state: SessionState, item: ItemState, turn: ContentOf<'floor.given'>['turn']): Ruling {
  const turns = turnsIn(state, item)
  if (turn === 'second' && !turns.some((one) => one.turn === 'first')) {
    return refused('R19', 'ROF 94.1', 'Aínda non houbo primeira quenda neste punto.', 'Aún no hubo primer turno en este punto.')
  }
  return turn === 'allusion' && turns.length === 0
    ? refused('R19', 'ROF 94.1', 'Ninguén falou aínda: non hai a que aludir.', 'Nadie habló aún: no hay a qué aludir.')
    : allowed
}

function needsItem({ turn }: ContentOf<'floor.given'>): Ruling {
  return turn === 'explanation' ? explanationLater : allowed
}

const explanationLater = refused(
  'R28',
  'ROF 103',
  'O voto explícase despois de proclamar o resultado.',
  'El voto se explica después de proclamar el resultado.',
)
const onlyExplanation = refused(
  'R28',
  'ROF 103',
  'O punto xa se votou: só cabe explicar o voto.',
  'El punto ya se votó: solo cabe explicar el voto.',
)

function turnsIn(state: SessionState, item: ItemState | undefined): SessionState['floor'] {
  return state.floor.filter((one) => item !== undefined && one.item === item.item.id)
}

function isDebate(turn: SessionState['floor'][number]): boolean {
  return turn.turn !== 'order' && turn.speaker !== 'authorised-body'
}

/** The turn that one tap on a person means now, so that nobody has to choose it: what the rules would allow first (R5, R28). */
export function turnOf(state: SessionState, speaker: ContentOf<'floor.given'>['speaker']): ContentOf<'floor.given'>['turn'] {
  if (speaker === state.presidency) return 'order'
  const item = state.items.find((one) => one.item.id === state.currentItem)
  if (!item) return 'first'
  if (proclaimed(state, item.item.id, 'main').some((one) => one.outcome !== 'tie')) return 'explanation'
  if (!mayDebate(state, item).allowed) return 'justification'
  const control = item.item.kind === 'rogos-e-preguntas' || item.item.kind === 'pregunta' || item.item.kind === 'rogo'
  if (control) return 'question'
  const turns = turnsIn(state, item).filter((one) => one.turn === 'first' || one.turn === 'second')
  const again = turns.some((one) => one.speaker === speaker) && turns.at(-1)?.speaker !== speaker
  return again ? 'second' : 'first'
}
