import type { Refusal } from './law/ruling.ts'
import type { AgendaItem, BodyKind, SessionKind } from './session.ts'
import type { EventOf, SessionEvent, Speaker } from './session-events.ts'
import type { VoteState } from './vote-state.ts'

/** A stretch of the media line; `toMs` is absent while it lasts. Absent altogether where nothing was recorded. */
export interface Span {
  fromMs: number
  toMs?: number
}

export interface ItemState {
  item: AgendaItem
  status: 'pending' | 'open' | 'closed' | 'withdrawn' | 'postponed'
  spans: Span[]
  /** The secretary read the proposal: no authorised body speaks any more (R18). */
  read?: true
  /** The debate was opened; without this mark the deliberation began when the item was opened (R24). */
  debated?: true
  /** Opened although an earlier one of the agenda was pending (ROF 91.3). */
  outOfOrder?: true
  /** Taken in for its urgency, outside the agenda (R5). */
  added?: true
  /** Debated together with this one. */
  joinedTo?: string
  /** Members who were in the room at some time of its deliberation: who of them is gone at the vote counts as abstaining (R24). */
  attended: string[]
}

export interface FloorTurn {
  speaker: Speaker
  turn: EventOf<'floor.given'>['turn']
  item?: string
  span?: Span
  /** Of the authorised body. */
  name?: string
  /** The floor was taken back or something else began. */
  ended?: true
  event: string
}

export type Attendance = 'present' | 'excused' | 'absent' | 'left'

/** A move in the attendance timeline (R12). */
export interface AttendanceMove {
  member: string
  to: Attendance
  wallMs: number
  item?: string
  /** Why, where it is not that the person came or went: the line of who attends at a distance (R81), an expulsion (R19). */
  how?: 'connection' | 'expelled'
}

/** An office as somebody held it in this session (R80); `toWallMs` is absent while it lasts. */
export interface OfficeTurn {
  role: EventOf<'role.taken'>['role']
  person: string
  capacity: string
  substitutes?: string
  cause?: string
  fromWallMs: number
  toWallMs?: number
}

/** A part without public, between its taps; what it withholds is told by closed-parts.ts. */
export interface ClosedSpan extends Span {
  event: string
  ground: string
  recording: EventOf<'closed.began'>['recording']
  /** It has not ended yet. */
  open: boolean
}

/** The body that meets, with the number its quorum and majorities are counted by (R13, R25, R82). */
export interface BodyFacts {
  kind: BodyKind
  legalNumber: number
  members: string[]
}

/** What is true of a session after some events; the law asks it, screens and documents show it. */
export interface SessionState {
  kind: SessionKind
  call: 1 | 2
  body: BodyFacts
  phase: 'before' | 'open' | 'recess' | 'closed-part' | 'lifted' | 'not-held'
  openedWallMs?: number
  liftedWallMs?: number
  notHeldCause?: string
  mode?: { mode: NonNullable<EventOf<'session.opened'>['mode']>; reason?: string }
  /** Who holds the office now; whether that person is in the room is another question (R13). */
  presidency?: string
  secretary?: string
  intervention?: string
  offices: OfficeTurn[]
  attendance: Record<string, Attendance>
  /** Who attends at a distance, and who of them is off the line (R81). */
  remote: string[]
  disconnected: string[]
  expelled: string[]
  moves: AttendanceMove[]
  items: ItemState[]
  currentItem?: string
  floor: FloorTurn[]
  /** Calls to order of each member in this session (R19). */
  callsToOrder: Record<string, number>
  votes: VoteState[]
  abstaining: { member: string; item: string }[]
  recesses: Span[]
  /** Where the recorder says that nothing was recorded, and why (R16, R21). */
  recordingGaps: { fromMs: number; toMs?: number; cause?: string }[]
  /** Never public: design.md §2 "closed parts and live". */
  closedSpans: ClosedSpan[]
  incidents: { text: string; item?: string; mediaMs?: number; event: string }[]
  /**
   * Events that count, in their order: without those that a later one corrected, and without those set aside. A mark that falls a
   * little before the one it follows carries the place of that one (R15).
   */
  events: SessionEvent[]
  /** Events that the law does not admit at their place: they are kept, they make nothing true, and people are shown them. */
  setAside: { event: SessionEvent; refusal: Refusal }[]
}
