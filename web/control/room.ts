import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import type { ChamberNotes } from '../../storage/model/chamber-notes.ts'
import type { Council, Language, Member } from '../../storage/model/council.ts'
import { fullName, holderOf } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent, Speaker } from '../../storage/model/session-events.ts'
import type { SessionState } from '../../storage/model/session-state.ts'

/** What the chamber page knows when it opens: everything a tablet needs to go on without a line. */
export interface RoomSeed {
  language: Language
  council: Council
  session: Session
  /** Who holds the tablet; events carry it (R11). Who conducts in the secretary's place attests in a capacity of their own (R80). */
  person: { account: string; name: string; role: string; id: string; attests?: Attesting }
  events: { row: number; event: SessionEvent }[]
  recorder: RecorderSight
  /** Somebody tells which microphones are open. */
  microphones: boolean
  notes?: ChamberNotes
  /** Clock of the server when this was written. */
  serverMs: number
  /** Where this tablet gets ready for when there is no line; absent when it is, or cannot be. */
  prepare?: string
  /** Part of the addresses of this council, and of this session. */
  paths: { room: string; table: string; signIn: string; recorders?: string }
}

/** A member who attests in the secretary's place: the capacity as the acta writes it, and the decision that names them. */
export interface Attesting {
  person: Member['id']
  capacity: string
  cause: string
}

/** What the server knows of the chamber's recorder; `sightMs` is the server's clock when it last heard a proof. */
export interface RecorderSight {
  name: string | null
  connected: boolean
  session: string | null
  proof?: ProofOfLife
  sightMs?: number
  /** There is a picture of what it writes, to be asked for. */
  preview?: boolean
}

/** The day of the session in the council's zone: dated offices are asked for it. */
export function sessionDay(council: Council, session: Session): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: council.timeZone, dateStyle: 'short' }).format(session.convenedFor)
}

/** Who presides: who took it, else who may (deputies after the mayor, ROF 47). */
export function presidingMember(council: Council, session: Session, state: SessionState): Member | undefined {
  const day = sessionDay(council, session)
  if (state.presidency !== undefined) return council.members.find((one) => one.id === state.presidency)
  return holderOf(council, 'mayor', day) ?? holderOf(council, 'deputy-mayor', day)
}

export function attestingMember(council: Council, session: Session, state: SessionState): Member | undefined {
  if (state.secretary !== undefined) return council.members.find((one) => one.id === state.secretary)
  return holderOf(council, 'secretary', sessionDay(council, session))
}

/** Who has the floor, and the event that gave it. */
export function floorNow(state: SessionState): { speaker: Speaker; event: SessionEvent } | undefined {
  const turn = state.floor.at(-1)
  const event = turn?.ended ? undefined : state.events.findLast((one) => one.id === turn?.event)
  return turn && event ? { speaker: turn.speaker, event } : undefined
}

/** The item that comes after the current one, in the order of the agenda; those before it that were skipped come last. */
export function nextItem(state: SessionState): SessionState['items'][number] | undefined {
  const at = state.items.findIndex((one) => one.item.id === state.currentItem)
  const pending = (one: SessionState['items'][number]) => one.status === 'pending'
  return state.items.slice(at + 1).find(pending) ?? state.items.find(pending)
}

export function openVote(state: SessionState): SessionState['votes'][number] | undefined {
  return state.votes.find((one) => one.status === 'open')
}

/** The name of who speaks, in full; who is no member of the corporation has the name of the place they speak from. */
export function speakerName(
  speaker: Speaker,
  council: Council,
  words: { secretary: string; intervention: string; authorisedBody: string; public: string },
): string {
  if (speaker === 'secretary') return words.secretary
  if (speaker === 'intervention') return words.intervention
  if (speaker === 'authorised-body') return words.authorisedBody
  if (speaker === 'public') return words.public
  const member = council.members.find((one) => one.id === speaker)
  return member ? fullName(member) : ''
}

/** «Castro, Otero» of ids, in the order of the council. */
export function surnames(ids: readonly string[], council: Council): string {
  return council.members
    .filter((one) => ids.includes(one.id))
    .map((one) => one.surname)
    .join(', ')
}

/** The members who count by law, in the order of the council. */
export function legalMembers(council: Council): Member[] {
  return council.members.filter((one) => one.legal)
}
