import type { Logger } from 'pino'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readSession } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { AgentProofListener, Agents } from '../agent/agents.ts'
import { isClosedNow, readClosedParts } from './closures.ts'

/**
 * In a closed part nothing is recorded (R17): the recorder rests from the tap on and goes on after its end, whoever was
 * without a line meanwhile. Asked at each proof, so that a recorder that comes back, or a server that starts, does the same.
 * A pause of a person is never taken for one of ours.
 * @returns stops looking
 */
export function restInClosedParts(parts: { storage: Storage; agents: Agents; log: Logger }): () => void {
  const busy = new Set<string>()
  return parts.agents.onProof((of) => {
    const wish = wishOf(of.proof)
    if (of.session === null || wish === undefined || busy.has(of.recorder)) return
    busy.add(of.recorder)
    settle(parts, { ...of, session: of.session }, wish)
      .catch((cause: unknown) => parts.log.warn({ err: cause, recorder: of.recorder }, 'the recorder was not told of a closed part'))
      .finally(() => busy.delete(of.recorder))
  })
}

/** What could have to be told to a recorder that proves this. */
function wishOf({ state, cause }: Parameters<AgentProofListener>[0]['proof']): 'pause' | 'resume' | undefined {
  if (state === 'recording' || state === 'starting' || state === 'failed') return 'pause'
  return state === 'paused' && cause === 'closed-part' ? 'resume' : undefined
}

async function settle(
  { storage, agents }: { storage: Storage; agents: Agents },
  { council, recorder, session }: { council: CouncilId; recorder: RecorderId; session: SessionId },
  wish: 'pause' | 'resume',
): Promise<void> {
  const closed = await storage.database.inCouncil(council, async (tx) => {
    const [of, at] = [await readCouncil(tx), await readSession(tx, session)]
    return of !== undefined && at !== undefined && isClosedNow(await readClosedParts(tx, { council: of, session: at }))
  })
  if (closed && wish === 'pause') await agents.send(council, recorder, { type: 'pause', session, cause: 'closed-part' })
  if (!closed && wish === 'resume') await agents.send(council, recorder, { type: 'resume', session })
}
