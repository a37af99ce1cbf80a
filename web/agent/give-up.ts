import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { countJournals, readFinished } from '../../storage/records/journal.ts'
import { giveUpJournal } from '../../storage/records/recorder-journals.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { listSessions } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { AgentView } from './agents.ts'
import { completeRecording } from './recording-progress.ts'

/** A session that nobody records any more, and a recorder that has not delivered all it recorded of it. */
export interface WaitedFor {
  session: SessionId
  recorder: RecorderId
  name: string
  convenedFor: number
  /** Segments that it told of and did not deliver. */
  undelivered: number
}

/** For whom sessions wait: what is being recorded now waits for nobody. */
export async function readWaitedFor(tx: Tx, views: readonly AgentView[]): Promise<WaitedFor[]> {
  const recorders = await listRecorders(tx)
  const waited: WaitedFor[] = []
  for (const { session, stage } of await listSessions(tx)) {
    if (stage !== 'recording' || views.some((one) => one.session === session.id && one.connected && isAtWork(one))) continue
    const finished = new Set((await readFinished(tx, session.id)).map((one) => one.recorder))
    for (const { recorder, unconfirmed } of await countJournals(tx, session.id)) {
      if (finished.has(recorder)) continue
      const name = recorders.find((one) => one.id === recorder)?.name ?? recorder
      waited.push({ session: session.id, recorder, name, convenedFor: session.convenedFor, undelivered: unconfirmed })
    }
  }
  return waited
}

/**
 * A recorder that will not come back is not waited for: what came of it counts, and the session is closed with that, or with what others
 * recorded. What it has on its own disk stays there.
 */
export async function giveUpRecorder(
  storage: Storage,
  of: { council: CouncilId; session: SessionId; recorder: RecorderId; by: string },
): Promise<void> {
  const { council, session, recorder, by } = of
  await storage.database.inCouncil(council, async (tx) => {
    const fresh = await giveUpJournal(tx, { session, recorder, by, atMs: Date.now() })
    const object = `session ${session}, recorder ${recorder}`
    await writeAudit(tx, { by, action: 'recorder-given-up', object, result: fresh ? 'done' : 'had finished' })
  })
  await completeRecording(storage, council, session)
}

function isAtWork({ proof }: AgentView): boolean {
  return proof !== undefined && proof.state !== 'idle' && proof.state !== 'stopped'
}
