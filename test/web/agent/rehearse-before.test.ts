import { pino } from 'pino'
import { expect, test } from 'vitest'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { putRehearsal } from '../../../storage/records/rehearsals.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import { rehearseBeforeSessions } from '../../../web/agent/rehearse-before.ts'
import { startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { ScriptedRecorder } from '../control/scripted-recorder.ts'
import { startAgentServer } from './chamber.ts'

const hourMs = 3_600_000

test('a recorder is told to rehearse by itself once a convened session is two hours away, and not again once it did', async () => {
  await using storage = await openTestStorage()
  await using authority = await startOpensslAuthority()
  await using server = await startAgentServer(storage, authority.timeStamps)
  const { council, session } = storage
  const convene = (inMs: number) =>
    storage.database.inCouncil(council.id, (tx) => putSession(tx, { ...session, recorded: true, convenedFor: Date.now() + inMs }))
  await convene(3 * hourMs)
  const identity = ScriptedRecorder.identity()
  const { id, publicKeyBase64 } = identity
  await storage.database.inCouncil(council.id, (tx) => enrolRecorder(tx, { id, name: 'Salón', publicKeyBase64 }))
  await using recorder = await ScriptedRecorder.dial(storage, council.id, server.url, identity)
  const stop = rehearseBeforeSessions({ storage, agents: server.agents, log: pino({ level: 'silent' }) }, 40)
  try {
    const asked = () => recorder.commands.filter((one) => one.type === 'rehearse')
    await expect.poll(() => server.agents.list(council.id).some((one) => one.proof?.state === 'idle')).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(asked()).toEqual([])
    await convene(1.9 * hourMs)
    await expect.poll(() => asked().length).toBeGreaterThan(0)
    expect(asked()[0]?.session).toBe(session.id)
    await storage.database.inCouncil(council.id, (tx) => putRehearsal(tx, id, { v: 1, atMs: Date.now(), seconds: 20, findings: [] }))
    // Asked at each look until it was told; one that was on the way may still come, and then none.
    const isSilent = async () => {
      const before = asked().length
      await new Promise((resolve) => setTimeout(resolve, 300))
      return asked().length === before
    }
    await expect.poll(isSilent).toBe(true)
    expect(await isSilent()).toBe(true)
  } finally {
    stop()
  }
})
