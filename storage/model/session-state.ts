import type { Council } from './council.ts'
import type { AgendaItem, Session } from './session.ts'
import { compareEvents, correctedMs, type EventOf, type SessionEvent, type Speaker } from './session-events.ts'
import { quorumNeeded } from './vote-rules.ts'
import { applyToVote, openedVote, type VoteState } from './vote-state.ts'

/** A stretch of the media line; `toMs` is absent while it lasts. Absent altogether where nothing was recorded. */
export interface Span {
  fromMs: number
  toMs?: number
}

export interface ItemState {
  item: AgendaItem
  status: 'pending' | 'open' | 'closed' | 'withdrawn' | 'postponed'
  spans: Span[]
}

export interface FloorTurn {
  speaker: Speaker
  turn: EventOf<'floor.given'>['turn']
  item?: string
  span?: Span
  event: string
}

export type Attendance = 'present' | 'excused' | 'absent' | 'left'

/** A move in the attendance timeline (R12). */
export interface AttendanceMove {
  member: string
  to: Attendance
  wallMs: number
  item?: string
}

/** What is true of a session after some events; the law asks it, screens and documents show it. */
export interface SessionState {
  phase: 'before' | 'open' | 'recess' | 'closed-part' | 'lifted' | 'not-held'
  openedWallMs?: number
  liftedWallMs?: number
  notHeldCause?: string
  presidency?: string
  secretary?: string
  attendance: Record<string, Attendance>
  moves: AttendanceMove[]
  items: ItemState[]
  currentItem?: string
  floor: FloorTurn[]
  votes: VoteState[]
  abstaining: { member: string; item: string }[]
  recesses: Span[]
  /** Never public: design.md §2 "closed parts and live". */
  closedSpans: Span[]
  incidents: { text: string; item?: string; mediaMs?: number; event: string }[]
  /** Events that count, in their order: without those that a later one corrected. */
  events: SessionEvent[]
}

/**
 * What is true after `events`, given in any order and with repeats: same events, same state (contracts.md §1). An event that
 * `corrects` another takes its place; nothing is deleted.
 */
export function sessionState(events: readonly SessionEvent[], council: Council, session: Session): SessionState {
  const state: SessionState = {
    phase: 'before',
    attendance: {},
    moves: [],
    items: session.agenda.map((item) => ({ item, status: 'pending', spans: [] })),
    floor: [],
    votes: [],
    abstaining: [],
    recesses: [],
    closedSpans: [],
    incidents: [],
    events: standing(events),
  }
  for (const event of state.events) apply(state, event, council)
  return state
}

/** Legal members in the room now (R13). */
export function presentMembers(state: SessionState, council: Council): string[] {
  return council.members.filter((one) => one.legal && state.attendance[one.id] === 'present').map((one) => one.id)
}

export function hasQuorum(state: SessionState, council: Council): boolean {
  return presentMembers(state, council).length >= quorumNeeded(council.legalNumber)
}

/** Members present and not bound by law to abstain on the item (R20). */
function voters(state: SessionState, item: string, council: Council): string[] {
  const bound = new Set(state.abstaining.filter((one) => one.item === item).map((one) => one.member))
  return presentMembers(state, council).filter((one) => !bound.has(one))
}

/** Events without repeats and without the corrected ones, in order. */
function standing(events: readonly SessionEvent[]): SessionEvent[] {
  const byId = new Map(events.map((event) => [event.id as string, event]))
  const corrected = new Set([...byId.values()].flatMap((event) => (event.corrects ? [event.corrects as string] : [])))
  return [...byId.values()].filter((event) => !corrected.has(event.id)).sort(compareEvents)
}

function apply(state: SessionState, event: SessionEvent, council: Council): void {
  switch (event.type) {
    case 'session.opened':
      state.phase = 'open'
      state.openedWallMs = correctedMs(event)
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
    case 'role.taken':
      if (event.role === 'presidency') state.presidency = event.person
      if (event.role === 'secretary') state.secretary = event.person
      break
    case 'attendance.present':
    case 'attendance.arrived':
      moveTo(state, event.member, 'present', event)
      break
    case 'attendance.excused':
      moveTo(state, event.member, 'excused', event)
      break
    case 'attendance.absent':
      moveTo(state, event.member, 'absent', event)
      break
    case 'attendance.left':
    case 'member.expelled':
      moveTo(state, event.member, 'left', event)
      break
    case 'abstention.began':
      state.abstaining.push({ member: event.member, item: event.item })
      break
    case 'abstention.ended':
      state.abstaining = state.abstaining.filter((one) => one.member !== event.member || one.item !== event.item)
      break
    case 'recess.began':
      endFloor(state, event)
      state.phase = 'recess'
      beginSpan(state.recesses, event)
      break
    case 'recess.ended':
      state.phase = 'open'
      endSpan(state.recesses, event)
      break
    case 'closed.began':
      state.phase = 'closed-part'
      state.closedSpans.push({ fromMs: event.mediaMs ?? 0 })
      break
    case 'closed.ended':
      state.phase = 'open'
      endSpan(state.closedSpans, event)
      break
    case 'incident':
    case 'order.called':
      state.incidents.push({ text: event.text, event: event.id, ...place(state, event) })
      break
    default:
      applyToItem(state, event, council)
  }
}

function applyToItem(state: SessionState, event: SessionEvent, council: Council): void {
  switch (event.type) {
    case 'item.opened': {
      endFloor(state, event)
      closeCurrentItem(state, event)
      const opened = itemState(state, event.item)
      if (!opened) break
      opened.status = 'open'
      beginSpan(opened.spans, event)
      state.currentItem = event.item
      break
    }
    case 'item.closed':
      if (state.currentItem === event.item) {
        endFloor(state, event)
        closeCurrentItem(state, event)
      }
      break
    case 'item.withdrawn':
    case 'item.postponed': {
      if (state.currentItem === event.item) closeCurrentItem(state, event)
      const ended = itemState(state, event.item)
      if (ended) ended.status = event.type === 'item.withdrawn' ? 'withdrawn' : 'postponed'
      break
    }
    case 'item.added': {
      const number = state.items.length + 1
      const title = { gl: event.title, es: event.title }
      state.items.push({
        item: { id: event.item, number, kind: event.kind, section: 'resolutive', title, majority: 'simple' },
        status: 'pending',
        spans: [],
      })
      break
    }
    case 'floor.given':
      endFloor(state, event)
      state.floor.push({
        speaker: event.speaker,
        turn: event.turn,
        event: event.id,
        ...(state.currentItem ? { item: state.currentItem } : {}),
        ...(event.mediaMs === undefined ? {} : { span: { fromMs: event.mediaMs } }),
      })
      break
    case 'floor.ended':
      endFloor(state, event)
      break
    case 'vote.opened':
      endFloor(state, event)
      state.votes.push(openedVote(event, voters(state, event.item, council)))
      break
    default:
      applyToVote(state.votes, event)
  }
}

function itemState(state: SessionState, id: string): ItemState | undefined {
  return state.items.find((one) => one.item.id === id)
}

function moveTo(state: SessionState, member: string, to: Attendance, event: SessionEvent): void {
  state.attendance[member] = to
  state.moves.push({ member, to, wallMs: correctedMs(event), ...(state.currentItem ? { item: state.currentItem } : {}) })
}

function closeCurrentItem(state: SessionState, event: SessionEvent): void {
  const current = state.currentItem === undefined ? undefined : itemState(state, state.currentItem)
  delete state.currentItem
  if (!current) return
  if (current.status === 'open') current.status = 'closed'
  endSpan(current.spans, event)
}

function endFloor(state: SessionState, event: SessionEvent): void {
  const last = state.floor.at(-1)
  if (last?.span && last.span.toMs === undefined && event.mediaMs !== undefined) last.span.toMs = event.mediaMs
}

function beginSpan(spans: Span[], event: SessionEvent): void {
  if (event.mediaMs !== undefined) spans.push({ fromMs: event.mediaMs })
}

function endSpan(spans: Span[], event: SessionEvent): void {
  const last = spans.at(-1)
  if (last && last.toMs === undefined && event.mediaMs !== undefined) last.toMs = event.mediaMs
}

function place(state: SessionState, event: SessionEvent): { item?: string; mediaMs?: number } {
  return {
    ...(state.currentItem ? { item: state.currentItem } : {}),
    ...(event.mediaMs === undefined ? {} : { mediaMs: event.mediaMs }),
  }
}
