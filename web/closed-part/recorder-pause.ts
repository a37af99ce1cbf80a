import type { Logger } from 'pino'
import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import type { CouncilId, EventId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readSession } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agents, CommandWanted } from '../agent/agents.ts'
import { doAsWished, mayDiffer, type RecorderHand, type Wisher, wishOf } from './closed-wish.ts'
import { readClosings } from './closures.ts'

/**
 * In a closed part nothing is recorded (R17), or what is recorded is encrypted at the recorder to the council's keys, when the council lets
 * it and the person who closed the session chose so. The recorder does it from the tap on and goes on after its end, whoever was without a
 * line meanwhile. Asked at each proof, so that a recorder that comes back, or a server that starts, does the same. A pause of a person is
 * never taken for one of ours.
 * @returns stops looking
 */
export function restInClosedParts(parts: { storage: Storage; agents: Agents; log: Logger }): () => void {
  const busy = new Set<string>()
  return parts.agents.onProof((of) => {
    if (of.session === null || !mayDiffer(of.proof) || busy.has(of.recorder)) return
    busy.add(of.recorder)
    settle(parts, { ...of, session: of.session })
      .catch((cause: unknown) => parts.log.warn({ err: cause, recorder: of.recorder }, 'the recorder was not told of a closed part'))
      .finally(() => busy.delete(of.recorder))
  })
}

interface Settled {
  council: CouncilId
  recorder: RecorderId
  session: SessionId
  proof: ProofOfLife
}

async function settle({ storage, agents, log }: { storage: Storage; agents: Agents; log: Logger }, of: Settled): Promise<void> {
  const { council, recorder, session, proof } = of
  const send = (command: CommandWanted) => agents.send(council, recorder, command)
  const named = (closing: EventId | undefined) => (closing === undefined ? {} : { closing })
  const hand: RecorderHand = {
    rest: (closing) => send({ type: 'pause', session, cause: 'closed-part', ...named(closing) }),
    resume: (closings) => send({ type: 'resume', session, closings }),
    seal: (recipients, closing) => send({ type: 'seal', session, recipients, ...named(closing) }),
    unseal: (closings) => send({ type: 'unseal', session, closings }),
  }
  await doAsWished(await readWisher(storage, of), proof, hand, (cause) =>
    log.warn({ err: cause, recorder }, 'the recorder does not encrypt; it rests in the closed part'),
  )
}

async function readWisher(storage: Storage, of: Settled): Promise<Wisher> {
  return await storage.database.inCouncil(of.council, async (tx) => {
    const [council, session] = [await readCouncil(tx), await readSession(tx, of.session)]
    const { closed, known } = council && session ? await readClosings(tx, { council, session }) : { closed: [], known: new Set<string>() }
    return { wish: wishOf(council, closed), knows: (mark) => known.has(mark), endsNameless: true }
  })
}
