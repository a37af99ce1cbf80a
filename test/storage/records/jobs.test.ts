import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId, type SessionId, sessionId } from '../../../storage/model/ids.ts'
import { withClient } from '../../../storage/records/connection.ts'
import { attachToEmbedded } from '../../../storage/records/embedded/embedded-postgres.ts'
import type { JobPayload } from '../../../storage/records/job-kinds.ts'
import { openStorage } from '../../../storage/storage.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { takeAndBeKilled } from './killed-worker.ts'

let storage: TestStorage
const place = (session: SessionId = sessionId.parse(newId())) => ({ council: storage.council.id, session })
const soon = { timeout: 20_000, interval: 50 }

beforeAll(async () => {
  storage = await openTestStorage()
})
afterAll(async () => await storage?.[Symbol.asyncDispose]())

test('work that is asked for twice while it waits or runs is done once, and again when asked for later', async () => {
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = place()
  await storage.jobs.send('acta.draft', first)
  await storage.jobs.send('acta.draft', first)
  await storage.jobs.work('acta.draft', { concurrency: 2 }, async ({ session }) => {
    done.push(session)
    await gate.promise
  })
  await vi.waitFor(() => expect(done).toEqual([first.session]), soon)
  await storage.jobs.send('acta.draft', first)
  const second = place()
  await storage.jobs.send('acta.draft', second)
  await vi.waitFor(() => expect(done).toEqual([first.session, second.session]), soon)
  gate.resolve()
  await wait(500)
  expect(done).toHaveLength(2)
  await vi.waitFor(async () => {
    await storage.jobs.send('acta.draft', first)
    expect(done).toHaveLength(3)
  }, soon)
})

test('chunks of one session are separate work, done side by side but never more at once than allowed', async () => {
  let [running, most] = [0, 0]
  const done: number[] = []
  await storage.jobs.work('transcript.chunk', { concurrency: 2 }, async ({ chunk }) => {
    running += 1
    most = Math.max(most, running)
    await wait(60)
    running -= 1
    done.push(chunk)
  })
  const at = place()
  for (let chunk = 0; chunk < 8; chunk++) await storage.jobs.send('transcript.chunk', { ...at, chunk, key: `k${chunk}` })
  await vi.waitFor(() => expect([...done].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]), soon)
  expect(most).toBe(2)
})

test('what matters less waits until the rest is done, also when it was asked for first', async () => {
  const [later, sooner] = [
    [place(), place()],
    [place(), place()],
  ]
  for (const one of later) await storage.jobs.send('recording.import', one, { priority: -10 })
  for (const one of sooner) await storage.jobs.send('recording.import', one)
  const done: string[] = []
  await storage.jobs.work('recording.import', { concurrency: 1 }, async ({ session }) => void done.push(session))
  await vi.waitFor(() => expect(done).toEqual([...sooner, ...later].map((one) => one.session)), soon)
})

test('work that fails is tried again and every failure is reported', async () => {
  const attempts: number[] = []
  const at = place()
  await storage.jobs.work('session.verify', { concurrency: 1 }, async ({ session }) => {
    if (session !== at.session) return
    attempts.push(Date.now())
    // Words of an error may quote input that no record can keep.
    if (attempts.length < 3) throw new Error(`attempt ${attempts.length} broke on \0 and \ud83e`)
  })
  await storage.jobs.send('session.verify', at)
  await vi.waitFor(() => expect(attempts).toHaveLength(3), soon)
  expect(storage.reports.map((error) => error.message)).toEqual([
    'job session.verify failed, attempt 1',
    'job session.verify failed, attempt 2',
  ])
})

test('a job sent inside a transaction exists only if the transaction is kept', async () => {
  const done: string[] = []
  await storage.jobs.work('acta.keep', { concurrency: 1 }, async ({ session }) => void done.push(session))
  const [lost, kept] = [place(), place()]
  const failing = storage.database.inCouncil(storage.council.id, async (tx) => {
    await storage.jobs.send('acta.keep', lost, { tx })
    throw new Error('power cut')
  })
  await expect(failing).rejects.toThrow('power cut')
  await storage.database.inCouncil(storage.council.id, (tx) => storage.jobs.send('acta.keep', kept, { tx }))
  await vi.waitFor(() => expect(done).toEqual([kept.session]), soon)
})

test('work that failed to its last attempt is kept aside with its cause', async () => {
  const at = place()
  await storage.jobs.send('transcript.plan', at)
  const roles = await attachToEmbedded(storage.config.data)
  await withClient(
    roles.app,
    async (client) => void (await client.query(`update jobs.job set retry_limit = 0 where name = 'transcript.plan'`)),
  )
  await storage.jobs.work('transcript.plan', { concurrency: 1 }, async () => {
    throw new Error('no sound in it')
  })
  await vi.waitFor(async () => {
    expect(await storage.jobs.listFailed()).toMatchObject([{ kind: 'transcript.plan', payload: at, cause: 'Error: no sound in it' }])
  }, soon)
})

test('a payload that is none of its kind is not sent', async () => {
  const wrong = { council: 'x', session: 'y' } as unknown as JobPayload<'acta.keep'>
  await expect(storage.jobs.send('acta.keep', wrong)).rejects.toThrow(/UUIDv7/)
})

test('stopping tells a running handler, and what it did not finish is done by the next process', async () => {
  const at = place()
  const taken = Promise.withResolvers<AbortSignal>()
  {
    await using second = await openStorage(storage.config, { attach: true })
    await second.jobs.work('transcript.join', { concurrency: 1 }, async (_payload, signal) => {
      taken.resolve(signal)
      await wait(30_000, undefined, { signal })
    })
    await second.jobs.send('transcript.join', at)
    expect((await taken.promise).aborted).toBe(false)
  }
  expect((await taken.promise).aborted).toBe(true)
  const done: string[] = []
  await storage.jobs.work('transcript.join', { concurrency: 1 }, async ({ session }) => void done.push(session))
  await vi.waitFor(() => expect(done).toEqual([at.session]), soon)
})

// How soon is `npm run bench -- kills`.
test('a job whose worker was killed with kill -9 is taken again', { timeout: 180_000 }, async () => {
  const at = place()
  await storage.jobs.send('recording.close', at)
  await takeAndBeKilled(storage.config, 'recording.close')
  const done: string[] = []
  await storage.jobs.work('recording.close', { concurrency: 1 }, async ({ session }) => void done.push(session))
  await vi.waitFor(() => expect(done).toEqual([at.session]), { timeout: 120_000, interval: 100 })
})
