import type { Logger } from 'pino'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { readFinished } from '../../storage/records/journal.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readStage } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agents } from './agents.ts'

const askEveryMs = 5000

/**
 * A recorder that was away when the recording was stopped goes on when it is back, as after any crash. It is told to stop when the session
 * was lifted and another recorder has said its last word of it, or when it is closed: nobody is there any more to see that it records.
 * @returns stops looking
 */
export function stopReturned({ storage, agents, log }: { storage: Storage; agents: Agents; log: Logger }): () => void {
  const askedMs = new Map<RecorderId, number>()
  return agents.onProof(({ council, recorder, session, proof }) => {
    if (session === null || proof.state === 'idle' || proof.state === 'stopped') return
    if (Date.now() - (askedMs.get(recorder) ?? 0) < askEveryMs) return
    askedMs.set(recorder, Date.now())
    isOver(storage, { council, recorder, session })
      .then(async (over) => {
        if (over) await agents.send(council, recorder, { type: 'stop', session })
      })
      .catch((cause: unknown) => log.warn({ err: cause, recorder }, 'a recorder that came back was not told to stop'))
  })
}

async function isOver(storage: Storage, of: { council: CouncilId; recorder: RecorderId; session: SessionId }): Promise<boolean> {
  return await storage.database.inCouncil(of.council, async (tx) => {
    const stage = await readStage(tx, of.session)
    if (stage !== 'prepared' && stage !== 'recording') return stage !== undefined
    const finished = await readFinished(tx, of.session)
    if (!finished.some((one) => one.recorder !== of.recorder)) return false
    return (await readEvents(tx, of.session)).some(({ event }) => event.type === 'session.lifted')
  })
}
