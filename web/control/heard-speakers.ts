import { type Council, holderOf, seatsOnDay } from '../../storage/model/council.ts'
import type { OpenMicrophone } from '../../storage/model/microphone-events.ts'
import type { Session } from '../../storage/model/session.ts'
import type { Speaker } from '../../storage/model/session-events.ts'
import { presentMembers, type SessionState } from '../../storage/model/session-state.ts'
import { floorNow, sessionDay } from './room.ts'

/** An open microphone as the tablet shows it. `speaker`: who may be given the floor for it; absent when nobody of the room is known there. */
export interface HeardSpeaker {
  seat: number
  speaker?: Speaker
  /** Has the floor already: there is nothing to confirm. */
  hasFloor: boolean
}

/** Who seems to speak, each at a place of its own; `more` are open and have none. */
export interface HeardSpeakers {
  places: readonly (HeardSpeaker | null)[]
  more: number
  /** Whom the keyboard confirms: of those who have not the floor, the one whose microphone was opened last. */
  newest: Speaker | undefined
}

const places = 3
/** Shorter than this is a slip of the finger. */
const steadyMs = 500

/** An open microphone keeps its place as long as it is open, so that no name moves under a finger; a new one takes the first that is free. */
export function keepPlaces(before: readonly (OpenMicrophone | null)[], open: readonly OpenMicrophone[]): (OpenMicrophone | null)[] {
  const kept = Array.from({ length: places }, (_, at) => open.find((one) => one.seat === before[at]?.seat) ?? null)
  const fresh = open.filter((one) => !kept.some((other) => other?.seat === one.seat))
  return kept.map((one) => one ?? fresh.shift() ?? null)
}

/** @param open the one opened last first */
export function heardSpeakers(
  open: readonly OpenMicrophone[],
  placed: readonly (OpenMicrophone | null)[],
  room: { council: Council; session: Session; state: SessionState },
  nowMs: number,
): HeardSpeakers {
  const steady = open.filter((one) => nowMs - one.sinceMs >= steadyMs)
  const floor = floorNow(room.state)?.speaker
  const heard = (one: OpenMicrophone): HeardSpeaker => {
    const speaker = speakerAt(one.seat, room)
    return { seat: one.seat, ...(speaker ? { speaker } : {}), hasFloor: speaker !== undefined && speaker === floor }
  }
  const shown = placed.map((one) => (one && steady.some((other) => other.seat === one.seat) ? heard(one) : null))
  const newest = steady.map(heard).find((one) => one.speaker !== undefined && !one.hasFloor)?.speaker
  return { places: shown, more: steady.filter((one) => !placed.some((other) => other?.seat === one.seat)).length, newest }
}

/** Who sits there on the day of the session, if they may be given the floor now: a member who is present, or an office. */
function speakerAt(
  seat: number,
  { council, session, state }: { council: Council; session: Session; state: SessionState },
): Speaker | undefined {
  const day = sessionDay(council, session)
  const member = seatsOnDay(council, day).find((one) => one.seat === seat)?.member
  if (member === undefined) return undefined
  if (presentMembers(state, council).includes(member)) return member
  if (member === (state.secretary ?? holderOf(council, 'secretary', day)?.id)) return 'secretary'
  return member === holderOf(council, 'intervention', day)?.id ? 'intervention' : undefined
}
