import type { Council } from '../council.ts'
import { type ContentOf, correctedMs, type EventOf } from '../session-events.ts'
import type { OfficeTurn, SessionState } from '../session-shape.ts'
import { allowed, type Ruling, refused } from './ruling.ts'

/** Presidency, secretary and intervention: roles taken and left in the course of a session, each in its capacity (R80). */
export function applyOffice(state: SessionState, event: EventOf<'role.taken'> | EventOf<'role.left'>): void {
  const at = correctedMs(event)
  const holding = state.offices.findLast((one) => one.role === event.role && one.toWallMs === undefined)
  if (holding) holding.toWallMs = at
  if (event.type === 'role.left') {
    delete state[event.role]
    return
  }
  state[event.role] = event.person
  state.offices.push({
    role: event.role,
    person: event.person,
    capacity: event.capacity,
    fromWallMs: at,
    ...(event.substitutes === undefined ? {} : { substitutes: event.substitutes }),
    ...(event.cause === undefined ? {} : { cause: event.cause }),
  })
}

export function mayTakeOffice(state: SessionState, event: ContentOf<'role.taken'>, council: Council): Ruling {
  if (!council.members.some((one) => one.id === event.person)) {
    return refused('R80', 'ROF 109.1.d', 'Esa persoa non está no concello.', 'Esa persona no está en el ayuntamiento.')
  }
  if (event.role === 'presidency' && !state.body.members.includes(event.person)) {
    return refused(
      'R80',
      'LBRL 21.1.c',
      'A presidencia só a asume un membro do órgano.',
      'La presidencia solo la asume un miembro del órgano.',
    )
  }
  const other = event.role === 'presidency' ? state.secretary : event.role === 'secretary' ? state.presidency : undefined
  return other === event.person
    ? refused(
        'R80',
        'RD 128/2018 art. 3',
        'Quen preside non pode dar fe, e quen dá fe non pode presidir.',
        'Quien preside no puede dar fe, y quien da fe no puede presidir.',
      )
    : allowed
}

export function mayLeaveOffice(state: SessionState, event: ContentOf<'role.left'>): Ruling {
  return state[event.role] === event.person
    ? allowed
    : refused('R80', 'ROF 109.1.d', 'Esa persoa non ten ese cargo nesta sesión.', 'Esa persona no tiene ese cargo en esta sesión.')
}

/** Who held an office at a moment, with the capacity in which they held it. */
export function officeAt(state: Pick<SessionState, 'offices'>, role: OfficeTurn['role'], wallMs: number): OfficeTurn | undefined {
  return state.offices.findLast(
    (one) => one.role === role && one.fromWallMs <= wallMs && (one.toWallMs === undefined || wallMs <= one.toWallMs),
  )
}
