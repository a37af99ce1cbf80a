import type { Council } from '../../storage/model/council.ts'
import { mayPublish } from '../../storage/model/law/publicity.ts'
import type { Session } from '../../storage/model/session.ts'
import type { Utterance } from '../../storage/model/transcript.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readNewestSegments } from '../../storage/records/newest-segments.ts'
import { findSession, readStage } from '../../storage/records/sessions.ts'
import { chamberRecorder, recorderSight } from '../control/chamber.ts'
import type { LiveRooms } from '../control/room-live.ts'
import { type ScreenView, toScreenView } from '../control/screen-view.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { readLastDrafted } from '../drafted.ts'
import type { PublicSegment } from '../portal/session-view.ts'
import type { WebParts } from '../web-parts.ts'
import type { LiveEvents } from './live-events.ts'
import { type LiveNow, liveNow } from './live-now.ts'

/** How many of the newest segments are looked at: the run that is played is shorter. */
const lookedAt = 40
/** A recorder proves itself each second. */
const proofLifeMs = 10_000

export interface LiveView extends LiveNow {
  council: Council
  session: Session
  stored: PublicSegment[]
  /** The item on the floor and who speaks, when the newest picture was taken. */
  item?: ScreenView['item']
  speaker?: ScreenView['speaker']
  /** The last of the draft, of sound no younger than the newest picture; reviewed by nobody. */
  drafted: Utterance[]
}

/**
 * What anybody may see of a running session at this moment; undefined when there is none at this address, or the council shows none.
 * Everything is asked anew: a closed part counts from the moment its tap is acknowledged.
 */
export async function readLive(
  parts: WebParts,
  rooms: LiveRooms,
  events: LiveEvents,
  of: { listed: ListedCouncil; slug: string },
): Promise<LiveView | undefined> {
  const nowMs = parts.now()
  return await parts.storage.database.inCouncil(of.listed.id, async (tx) => {
    const council = await readCouncil(tx)
    const session = council?.liveView ? await findSession(tx, of.slug) : undefined
    if (!council || !session?.recorded || !mayPublish(session).allowed || (await readStage(tx, session.id)) !== 'recording')
      return undefined
    const recorder = chamberRecorder(parts.agents, council.id, session.id)
    const proof = recorder?.session === session.id ? recorder.proof : undefined
    const provenAtMs = recorder?.proofAtMs ?? 0
    const { now, shown } = await events.read(tx, { council, session }, nowMs)
    // Without a proof nobody knows how old a segment is by our clock.
    const stored = recorder && proof ? await readNewestSegments(tx, { session: session.id, recorder: recorder.recorder }, lookedAt) : []
    const facts = {
      ...{ segments: stored.map(({ line }) => line), nowMs, leadHeardMs: rooms.leadHeardMs(council.id, session.id) },
      recorderBehindMs: proof ? Math.max(0, provenAtMs - proof.atWallMs) : 0,
    }
    const runs = proof?.state === 'recording' && recorder?.connected === true && Date.now() - provenAtMs < proofLifeMs
    const live = liveNow(now, facts, runs)
    const last = live.segments.at(-1)
    const drafted = last
      ? await readLastDrafted(tx, session.id, { state: now, segments: facts.segments, untilMs: last.ptsMs + last.durationMs })
      : []
    const { item, speaker } = toScreenView(shown, council, session, recorderSight(parts.agents, council.id, session.id))
    const tells = live.phase === 'live'
    return {
      ...{ council, session, ...live, stored: stored.filter(({ line }) => live.segments.includes(line)), drafted },
      ...(tells && item ? { item } : {}),
      ...(tells && speaker ? { speaker } : {}),
    }
  })
}
