import type { Sense, Speaker } from '../../storage/model/session-events.ts'
import type { Ruling } from '../../storage/model/session-rules.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { Tally } from '../../storage/model/vote-rules.ts'
import type { Roll } from './marks.ts'
import type { StripWord } from './recorder-strip.ts'
import type { RecorderSight, RoomSeed } from './room.ts'

export type Sheet = 'roll' | 'attendance' | 'vote' | 'stop'

/** Everything the chamber page shows, at one instant. */
export interface RoomModel {
  seed: Omit<RoomSeed, 'events' | 'recorder' | 'serverMs'>
  state: SessionState
  recorder: RecorderSight
  word: StripWord
  /** The tablet's own line to the server. */
  linked: boolean
  /** Now on the server's clock. */
  nowMs: number
  /** Place on the media line, while something was captured. */
  mediaMs: number | undefined
  /** Level for people who hear the page, renewed every five seconds only. */
  slowPeakDb: number | null
  sheet: Sheet | null
  /** Acts of this tablet that may be taken back, the newest first. */
  recent: { act: string; sentence: string; atMs: number }[]
  pending: number
  /** Marks the server refused, still to be read by the person. */
  refused: { ids: string[]; sentence: string; reason: string; article: string }[]
  /** Why the last tap was not marked. */
  ruling: Extract<Ruling, { allowed: false }> | undefined
  trouble: 'signed-out' | 'command-failed' | 'cannot-store' | undefined
  /** The page answers taps: the browser's code runs and its store is open. */
  ready: boolean
}

/** What the page can be told to do. */
export interface RoomActs {
  command(action: 'start' | 'pause' | 'resume' | 'stop'): void
  sheet(open: Sheet | null): void
  open(roll: Roll): void
  nextItem(): void
  item(id: string): void
  floor(speaker: Speaker): void
  moveMember(member: string): void
  star(): void
  vote(): void
  proclaim(tally: Tally, outcome: 'approved' | 'rejected' | 'tie', casting?: Sense): void
  cancelVote(): void
  finish(): void
  undo(act: string): void
  understood(): void
}
