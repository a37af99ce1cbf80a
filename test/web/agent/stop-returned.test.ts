import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { putFinished } from '../../../storage/records/journal.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import type { AgentProofListener, Agents, CommandWanted } from '../../../web/agent/agents.ts'
import { stopReturned } from '../../../web/agent/stop-returned.ts'
import { openTestStorage } from '../../servers/test-storage.ts'

test('a recorder that comes back when the session was lifted and recorded by another is stopped, and not before', async () => {
  await using storage = await openTestStorage()
  const { council, session, database } = storage
  const [spare, back] = [recorderId.parse(newId()), recorderId.parse(newId())]
  const sent: CommandWanted[] = []
  const listeners: AgentProofListener[] = []
  const agents = {
    onProof: (listener: AgentProofListener) => listeners.push(listener),
    send: async (_council: unknown, _recorder: unknown, command: CommandWanted) => void sent.push(command),
  } as unknown as Agents
  // Each turn another line of the link, so that none waits for the time between two questions.
  const prove = (stops: number) => {
    stopReturned({ storage, agents, log: pino({ level: 'silent' }) })
    listeners.at(-1)?.({ council: council.id, recorder: back, session: session.id, proof: { state: 'recording' } as ProofOfLife })
    return expect.poll(() => sent.length).toBe(stops)
  }
  await database.inCouncil(council.id, async (tx) => {
    for (const id of [spare, back]) await enrolRecorder(tx, { id, name: id, publicKeyBase64: Buffer.alloc(32).toString('base64') })
    await setStage(tx, session.id, 'recording')
  })
  await prove(0)
  await database.inCouncil(council.id, (tx) => putFinished(tx, { session: session.id, recorder: spare, lines: 0 }))
  await prove(0)
  const lifted = sessionEvent.parse({
    ...{ v: 1, id: newId(), session: session.id, device: 'tablet', seq: 1, by: { role: 'secretary', id: 's' } },
    ...{ at: { wallMs: 1, monotonicNs: '0', boot: 'b' }, type: 'session.lifted' },
  })
  await database.inCouncil(council.id, (tx) => appendEvents(tx, session.id, [lifted]))
  await prove(1)
  await database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'recorded'))
  await prove(2)
  expect(sent).toEqual([1, 2].map(() => ({ type: 'stop', session: session.id })))
})
