import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { Agents } from '../agent/agents.ts'
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
    ...(view.proofAtMs === undefined ? {} : { sightMs: view.proofAtMs }),
  }
}
