import type { ChamberNotes } from '../../storage/model/chamber-notes.ts'
import type { EventOf, Sense, Speaker } from '../../storage/model/session-events.ts'
import type { Ruling } from '../../storage/model/session-rules.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { Tally } from '../../storage/model/vote-rules.ts'
import type { DraftedLine } from '../portal/drafted-lines.ts'
import type { HeardSpeakers } from './heard-speakers.ts'
import type { Mark, Roll } from './marks.ts'
import type { StripWord } from './recorder-strip.ts'
import type { RecorderSight, RoomSeed } from './room.ts'
import type { LeadView } from './room-protocol.ts'
import type { Senses, VoteKind, VotePurpose } from './vote-marks.ts'

export type Sheet = 'roll' | 'attendance' | 'vote' | 'stop' | 'item' | 'urgency' | 'closed' | 'marks' | 'more' | 'settings' | 'set-aside'

/** Acts of this tablet as the strip at the foot tells them. */
export interface RecentAct {
  act: string
  sentence: string
  atMs: number
  /** Not to be taken back by a tap: the limits of a closed part. */
  forGood: boolean
}

/** Everything the chamber page shows, at one instant. */
export interface RoomModel {
  seed: Omit<RoomSeed, 'events' | 'recorder' | 'serverMs' | 'notes'>
  /** Of the last rehearsal, and of what the last reconciliation found; undefined while the server told of neither. */
  notes?: ChamberNotes | undefined
  state: SessionState
  recorder: RecorderSight
  word: StripWord
  /** The tablet's own line to the server, or to the recorder's machine that stands in for it. */
  linked: boolean
  /** The recorder's machine answers in the server's place; it has kept so many marks of this tablet. */
  alone: { kept: number } | undefined
  /** Now on the server's clock. */
  nowMs: number
  /** Place on the media line, while something was captured. */
  mediaMs: number | undefined
  /** Level for people who hear the page, renewed every five seconds only. */
  slowPeakDb: number | null
  sheet: Sheet | null
  /** Item that the sheet `item` is about. */
  sheetItem: string | undefined
  /** Who seems to speak by the open microphones; undefined where nobody tells of them. */
  heard: HeardSpeakers | undefined
  /** Acts of this tablet that may be taken back, the newest first. */
  recent: RecentAct[]
  pending: number
  /** Marks the server refused, still to be read by the person. */
  refused: { ids: string[]; sentence: string; reason: string; article: string }[]
  /** Why the last tap was not marked. */
  ruling: Extract<Ruling, { allowed: false }> | undefined
  trouble: 'signed-out' | 'command-failed' | 'cannot-store' | 'no-screen' | 'pin-needed' | undefined
  /** How long the server has left a closing unanswered, ms; undefined when none waits. */
  closingMs: number | undefined
  prompt: Prompt | undefined
  lead: LeadView
  leftHand: boolean
  /** The last of what a machine understood; undefined while there is none, and what was drafted is not shown when `shown` is false. */
  drafted: { shown: boolean; lines: readonly DraftedLine[] } | undefined
  /** Address of the second screen, once it was asked for. */
  screen: string | undefined
  /** The page answers taps: the browser's code runs, its store is open, and this tablet leads. */
  ready: boolean
}

/** What the page asks by itself; it never acts by itself. */
export type Prompt = { kind: 'hour' } | { kind: 'silence'; minutes: number } | { kind: 'sent'; count: number }

/** What the page can be told to do. */
export interface RoomActs {
  command(action: 'start' | 'pause' | 'resume' | 'stop'): void
  sheet(open: Sheet | null): void
  itemSheet(id: string): void
  /** Marks as they are; the open sheet closes once they are kept. */
  mark(marks: Mark[], then?: 'close'): void
  open(roll: Roll, call: 1 | 2): void
  notHeld(roll: Roll): void
  nextItem(): void
  item(id: string): void
  addUrgency(title: string): void
  floor(speaker: Speaker): void
  /** Confirms that who seems to speak has the floor. */
  heard(speaker: Speaker): void
  turn(turn: EventOf<'floor.given'>['turn']): void
  moveMember(member: string): void
  star(): void
  /** Opens the vote that is due, or one of another purpose on the current item. */
  vote(purpose?: VotePurpose): void
  /** Takes the open vote back and opens another kind or purpose in its place. */
  reopenVote(purpose: VotePurpose, kind: VoteKind): void
  ballot(member: string, sense: Sense): void
  proclaim(counted: { tally: Tally; senses: Senses }, outcome: 'approved' | 'rejected' | 'tie', casting?: Sense): void
  cancelVote(): void
  /** The hold was long enough: closes to the public, or opens again. */
  closedHeld(): void
  closePart(recording: 'none' | 'restricted'): void
  finish(): void
  undo(act: string): void
  nudge(act: string, byMs: number): void
  understood(): void
  dismiss(): void
  lead(act: 'ask' | 'give' | 'keep'): void
  hand(left: boolean): void
  /** Shows or hides what a machine understands; this tablet remembers it. */
  showDraft(shown: boolean): void
  openScreen(): void
}
