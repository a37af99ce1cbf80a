import { type Council, seatsOnDay } from '../storage/model/council.ts'
import { wallTime } from '../storage/model/council-clock.ts'
import type { CouncilId, SessionId } from '../storage/model/ids.ts'
import { type MicrophoneEvent, placeOnRecording } from '../storage/model/microphone-events.ts'
import type { SegmentLine } from '../storage/model/recording.ts'
import type { Session } from '../storage/model/session.ts'
import type { EvidenceSeat } from '../storage/model/transcript.ts'
import { readMicrophoneEvents } from '../storage/records/microphones.ts'
import type { Storage } from '../storage/storage.ts'
import { speakerKey } from './speakers/floor-events.ts'

/** A system may have said long before that a microphone is on, and its clock may be late. */
const aroundMs = { before: 6 * 3_600_000, after: 600_000 }

/**
 * What conference systems told of the microphones while a session was recorded, and what was brought to it afterwards.
 * @param lines the segments of one track, in order
 */
export async function microphonesTold(
  storage: Storage,
  of: { council: CouncilId; session: SessionId },
  lines: readonly SegmentLine[],
): Promise<MicrophoneEvent[]> {
  // A segment carries the clock of its end. Each tells anew, so that what a stepped clock says wrongly ends with it.
  const stretches = lines.map((line) => ({ fromMs: line.ptsMs, wallMs: line.wallMs - line.durationMs }))
  const fromMs = (stretches[0]?.wallMs ?? 0) - aroundMs.before
  const toMs = (lines.at(-1)?.wallMs ?? 0) + aroundMs.after
  const told = await storage.database.inCouncil(of.council, (tx) => readMicrophoneEvents(tx, { session: of.session, fromMs, toMs }))
  return placeOnRecording(told, stretches)
}

/** Who sits where, as the council is set up on the day of the session. */
export function seatsOf(council: Council, session: Session): EvidenceSeat[] {
  return seatsOnDay(council, wallTime(session.convenedFor, council.timeZone).day).flatMap(({ seat, member }) => {
    const one = council.members.find(({ id }) => id === member)
    return one ? [{ seat, speaker: speakerKey(one), name: one.surname, from: 0, to: null }] : []
  })
}
