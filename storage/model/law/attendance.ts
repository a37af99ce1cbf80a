import type { Council } from '../council.ts'
import { type ContentOf, correctedMs, type EventContent, type SessionEvent } from '../session-events.ts'
import type { Attendance, AttendanceMove, SessionState } from '../session-shape.ts'
import { allowed, type Ruling, refused } from './ruling.ts'

/** Who is there, since when, and how: a timeline, not a list (R12, R19, R20, R81). */
export function applyAttendance(state: SessionState, event: SessionEvent): void {
  switch (event.type) {
    case 'attendance.present':
    case 'attendance.arrived':
      attend(state, event.member, event.mode)
      moveTo(state, event.member, 'present', event)
      break
    case 'attendance.excused':
      moveTo(state, event.member, 'excused', event)
      break
    case 'attendance.absent':
      moveTo(state, event.member, 'absent', event)
      break
    case 'attendance.left':
      moveTo(state, event.member, 'left', event)
      break
    case 'member.expelled':
      state.expelled.push(event.member)
      moveTo(state, event.member, 'left', event, 'expelled')
      break
    case 'connection.lost':
      state.disconnected.push(event.member)
      moveTo(state, event.member, 'left', event, 'connection')
      break
    case 'connection.restored':
      state.disconnected = state.disconnected.filter((one) => one !== event.member)
      moveTo(state, event.member, 'present', event, 'connection')
      break
    case 'abstention.began':
      state.abstaining.push({ member: event.member, item: event.item })
      break
    case 'abstention.ended':
      state.abstaining = state.abstaining.filter((one) => one.member !== event.member || one.item !== event.item)
      break
  }
}

function attend(state: SessionState, member: string, mode: ContentOf<'attendance.present'>['mode']): void {
  state.disconnected = state.disconnected.filter((one) => one !== member)
  state.remote = state.remote.filter((one) => one !== member)
  if (mode === 'remote') state.remote.push(member)
}

function moveTo(state: SessionState, member: string, to: Attendance, event: SessionEvent, how?: AttendanceMove['how']): void {
  if (state.attendance[member] === to) return
  state.attendance[member] = to
  state.moves.push({
    member,
    to,
    wallMs: correctedMs(event),
    ...(state.currentItem ? { item: state.currentItem } : {}),
    ...(how ? { how } : {}),
  })
  if (to !== 'present' || state.currentItem === undefined) return
  for (const item of state.items) {
    const together = item.item.id === state.currentItem || item.joinedTo === state.currentItem
    if (together && !item.attended.includes(member)) item.attended.push(member)
  }
}

export function mayAttend(state: SessionState, event: EventContent, council: Council): Ruling {
  if (!('member' in event) || event.member === undefined) return allowed
  const { member } = event
  if (!state.body.members.includes(member) && council.members.some((one) => one.legal && one.id === member)) {
    return refused(
      'R82',
      'ROF 113',
      'Esa persoa non é membro do órgano que se reúne.',
      'Esa persona no es miembro del órgano que se reúne.',
    )
  }
  switch (event.type) {
    case 'attendance.present':
    case 'attendance.arrived':
      if (state.expelled.includes(member)) {
        return refused(
          'R19',
          'ROF 95.2',
          'Foi expulsada desta sesión: non pode volver a ela.',
          'Fue expulsada de esta sesión: no puede volver a ella.',
        )
      }
      return mayAttendRemotely(state, event.mode)
    case 'attendance.excused':
    case 'attendance.absent':
      return state.phase !== 'before' && state.attendance[member] === 'present'
        ? refused(
            'R12',
            'ROF 109.1.d',
            'Está na sala: márquese a súa saída, coa hora.',
            'Está en la sala: márquese su salida, con la hora.',
          )
        : allowed
    case 'connection.lost':
      return state.remote.includes(member) && state.attendance[member] === 'present' ? allowed : notRemote
    case 'connection.restored':
      return state.disconnected.includes(member) ? allowed : notRemote
    case 'abstention.began':
      return mayAbstain(state, event)
    case 'member.expelled':
      return mayExpel(state, member)
    case 'order.called':
      return isHere(state, member) ? allowed : notHere
    default:
      return allowed
  }
}

const notRemote = refused(
  'R81',
  'LBRL 46.3',
  'Esa persoa non asiste a distancia, ou a súa conexión xa está así.',
  'Esa persona no asiste a distancia, o su conexión ya está así.',
)
const notHere = refused('R12', 'ROF 109.1.d', 'Esa persoa non está na sala.', 'Esa persona no está en la sala.')

function mayAttendRemotely(state: SessionState, mode: ContentOf<'attendance.present'>['mode']): Ruling {
  if (mode !== 'remote' || state.phase === 'before' || (state.mode && state.mode.mode !== 'in-person')) return allowed
  return refused(
    'R81',
    'LBRL 46.3',
    'Esta sesión ábrese só de xeito presencial: ninguén asiste a distancia.',
    'Esta sesión se abrió solo de forma presencial: nadie asiste a distancia.',
  )
}

function mayAbstain(state: SessionState, event: ContentOf<'abstention.began'>): Ruling {
  if (!state.items.some((one) => one.item.id === event.item)) {
    return refused('R20', 'ROF 96', 'Ese punto non está na orde do día.', 'Ese punto no está en el orden del día.')
  }
  return state.abstaining.some((one) => one.member === event.member && one.item === event.item)
    ? refused('R20', 'ROF 96', 'Xa consta o seu deber de absterse neste punto.', 'Ya consta su deber de abstenerse en este punto.')
    : allowed
}

/** Three calls in the same session, and then the presidency may order it (ROF 95.2). */
function mayExpel(state: SessionState, member: string): Ruling {
  if (!isHere(state, member)) return notHere
  return (state.callsToOrder[member] ?? 0) >= 3
    ? allowed
    : refused(
        'R19',
        'ROF 95.2',
        'Só despois da terceira chamada á orde se pode expulsar a alguén.',
        'Solo después de la tercera llamada al orden se puede expulsar a alguien.',
      )
}

export function isHere(state: SessionState, person: string): boolean {
  return state.body.members.includes(person) ? state.attendance[person] === 'present' : state.attendance[person] !== 'left'
}
