import { type ContentOf, correctedMs, type EventContent, type SessionEvent } from '../session-events.ts'
import type { SessionState } from '../session-shape.ts'
import { closeCurrentItem } from './agenda.ts'
import { endFloor } from './floor.ts'
import { mayGoOn, quorumNow } from './quorum.ts'
import { allowed, firstRefusal, type Ruling, refused } from './ruling.ts'
import { beginSpan, endSpan } from './spans.ts'

/** The course of a session: opened, interrupted, lifted, or not held at all (R1, R13, R14, R16, R81). */
export function applyCourse(state: SessionState, event: SessionEvent): void {
  switch (event.type) {
    case 'session.opened':
      state.phase = 'open'
      state.call = event.call
      state.openedWallMs = correctedMs(event)
      if (event.mode) state.mode = { mode: event.mode, ...(event.modeReason === undefined ? {} : { reason: event.modeReason }) }
      break
    case 'session.lifted':
      endFloor(state, event)
      closeCurrentItem(state, event)
      state.phase = 'lifted'
      state.liftedWallMs = correctedMs(event)
      break
    case 'session.not-held':
      state.phase = 'not-held'
      state.notHeldCause = event.cause
      break
    case 'recess.began':
      endFloor(state, event)
      state.phase = 'recess'
      beginSpan(state.recesses, event)
      break
    case 'recess.ended':
      state.phase = state.closedSpans.at(-1)?.open ? 'closed-part' : 'open'
      endSpan(state.recesses, event)
      break
  }
}

export function mayOpen(state: SessionState, event: ContentOf<'session.opened'>): Ruling {
  return firstRefusal(mayGoOn({ ...state, call: event.call }), mayMeetAtDistance(state, event))
}

function mayMeetAtDistance(state: SessionState, { mode, modeReason }: ContentOf<'session.opened'>): Ruling {
  if ((mode ?? 'in-person') === 'in-person') {
    return state.remote.length === 0
      ? allowed
      : refused(
          'R81',
          'LBRL 46.3',
          'Hai membros a distancia: a sesión ten que abrirse como mixta ou a distancia, co seu motivo.',
          'Hay miembros a distancia: la sesión tiene que abrirse como mixta o a distancia, con su motivo.',
        )
  }
  return modeReason
    ? allowed
    : refused(
        'R81',
        'LBRL 46.3',
        'A sesión a distancia precisa o motivo excepcional que declarou a alcaldía.',
        'La sesión a distancia necesita el motivo excepcional que declaró la alcaldía.',
      )
}

export function mayNotHold(state: SessionState, event: ContentOf<'session.not-held'>): Ruling {
  const now = quorumNow(state)
  const lacks =
    event.ground === 'no-quorum'
      ? now.present < now.needed
      : event.ground === 'no-presidency'
        ? !now.presidency
        : event.ground !== 'no-secretary' || !now.secretary
  return lacks
    ? allowed
    : refused(
        'R14',
        'ROF 109.2',
        'Esa causa non é certa: o que se di que falta está na sala.',
        'Esa causa no es cierta: lo que se dice que falta está en la sala.',
      )
}

/** What a recess allows: nobody speaks and nothing is voted until it ends (R16). */
export function duringRecess(event: EventContent): Ruling {
  return duringInterruption.test(event.type)
    ? allowed
    : refused('R16', 'ROF 87', 'A sesión está interrompida: retómea primeiro.', 'La sesión está interrumpida: reanúdela primero.')
}

const duringInterruption = /^(attendance\.|connection\.|role\.|recess\.ended$|session\.lifted$|abstention\.ended$)/

export function mayLift(state: SessionState): Ruling {
  return state.closedSpans.at(-1)?.open
    ? refused(
        'R17',
        'ROF 88.1',
        'Remate primeiro a parte pechada: o levantamento da sesión é público.',
        'Termine primero la parte cerrada: el levantamiento de la sesión es público.',
      )
    : allowed
}
