import type { Council } from '../../storage/model/council.ts'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import type { Agents, AgentView } from '../agent/agents.ts'
import type { WebParts } from '../web-parts.ts'
import type { RecorderSight } from './room.ts'

const nobody: RecorderSight = { name: null, connected: false, session: null }

/** The recorder of a session: of those that record it one that is there, else one that is free, else one that is there. */
export function chamberRecorder(agents: Agents, council: CouncilId, session: SessionId) {
  const views = agents.list(council)
  return (
    ownRecorder(views, session) ??
    views.find((one) => one.connected && one.session === null) ??
    views.find((one) => one.connected) ??
    views[0]
  )
}

/** Of several the one that works and can be reached; one that works and cannot be reached before one that stopped. */
function ownRecorder(views: readonly AgentView[], session: SessionId): AgentView | undefined {
  const own = views.filter((one) => one.session === session)
  const works = own.filter((one) => one.proof?.state !== 'stopped' && one.proof?.state !== 'idle')
  return works.find((one) => one.connected) ?? works[0] ?? own.find((one) => one.connected) ?? own[0]
}

/** Every recorder that can be told to pause or stop a session: with a spare, both. */
export function recordersAtWork(agents: Agents, council: CouncilId, session: SessionId): RecorderId[] {
  const here = agents.list(council).filter((one) => one.connected && one.session === session)
  return here.filter((one) => one.proof?.state !== 'stopped' && one.proof?.state !== 'idle').map((one) => one.recorder)
}

/** What the server can tell a tablet of the chamber's recorder now. */
export function recorderSight(agents: Agents, council: CouncilId, session: SessionId): RecorderSight {
  const view = chamberRecorder(agents, council, session)
  if (!view) return nobody
  return {
    name: view.name,
    connected: view.connected,
    session: view.session,
    ...(view.proof ? { proof: view.proof } : {}),
    ...(view.preview ? { preview: true } : {}),
    ...(view.proofAtMs === undefined ? {} : { sightMs: view.proofAtMs }),
  }
}

/** The picture of what is being written, for the room; none while the session is in a closed part, whatever the recorder still sends. */
export async function shownPreview(parts: WebParts, council: Council, session: Session): Promise<Uint8Array | undefined> {
  const view = chamberRecorder(parts.agents, council.id, session.id)
  if (view?.session !== session.id || view.preview === undefined || !view.connected) return undefined
  const rows = await parts.storage.database.inCouncil(council.id, (tx) => readEvents(tx, session.id))
  const { phase } = sessionState(
    rows.map((row) => row.event),
    council,
    session,
  )
  return phase === 'closed-part' ? undefined : view.preview
}
