import type { Council } from '../../storage/model/council.ts'
import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import type { Agents } from '../agent/agents.ts'
import type { WebParts } from '../web-parts.ts'
import type { RecorderSight } from './room.ts'

const nobody: RecorderSight = { name: null, connected: false, session: null }

/** The recorder of a session: the one that records it, else one that is free, else one that is there. */
export function chamberRecorder(agents: Agents, council: CouncilId, session: SessionId) {
  const views = agents.list(council)
  return (
    views.find((one) => one.session === session) ??
    views.find((one) => one.connected && one.session === null) ??
    views.find((one) => one.connected) ??
    views[0]
  )
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
