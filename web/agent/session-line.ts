import type { SessionLine } from '../../recorder/control-protocol.ts'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import { readJournals } from '../../storage/records/recorder-journals.ts'
import type { Storage } from '../../storage/storage.ts'
import type { AgentView } from './agents.ts'

/**
 * Where the media line of a session stands now, so that a recorder that joins lies on it. The newest proof tells: it names a place and when
 * that was captured, and came in here a moment ago, so no clock but ours counts. Where none came since this process started the journals
 * tell, by clocks that are held synchronised; a second off there is a second off in what both hold, and no more.
 * @param joining the one that asks: what it recorded itself tells nothing new
 * @returns undefined while nobody recorded it
 */
export async function sessionLineNow(
  storage: Storage,
  views: readonly AgentView[],
  of: { council: CouncilId; session: SessionId; joining?: RecorderId },
): Promise<SessionLine | undefined> {
  const others = views.filter((one) => one.session === of.session && one.recorder !== of.joining)
  const told = others.flatMap((one) => lineOfProof(one, Date.now()) ?? []).sort((a, b) => b.atMs - a.atMs)[0]
  if (told !== undefined) return { mediaMs: told.mediaMs, speed: told.speed }
  const journals = await storage.database.inCouncil(of.council, (tx) => readJournals(tx, of.session))
  const segments = journals.filter((one) => one.recorder !== of.joining).flatMap((one) => one.lines.filter(isSegmentLine))
  const last = segments.sort((a, b) => a.wallMs - b.wallMs).at(-1)
  return last && { mediaMs: Math.max(0, last.ptsMs + last.durationMs + Date.now() - last.wallMs), speed: 1 }
}

/** Exported for its test. */
export function lineOfProof({ proof, proofAtMs }: AgentView, nowMs: number): (SessionLine & { atMs: number }) | undefined {
  if (proof === undefined || proofAtMs === undefined || proof.provenWallMs === 0) return undefined
  // While it rests the line goes on: a gap counts by the clock.
  const speed = proof.speed > 0 ? proof.speed : 1
  const sinceMs = nowMs - proofAtMs + (proof.atWallMs - proof.provenWallMs)
  return { mediaMs: Math.max(0, Math.round(proof.provenMs + sinceMs * speed)), speed, atMs: proofAtMs }
}
