import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseJournal, treeOrigin } from '../../../storage/custody/journal-tree.ts'
import { verifyTimeStamp } from '../../../storage/custody/time-stamp.ts'
import { newId, type SessionId } from '../../../storage/model/ids.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { readHeads, readJournal, readReceipts } from '../../../storage/records/journal.ts'
import { appendEvents, readEvents } from '../../../storage/records/session-events.ts'
import { putSession, readStage } from '../../../storage/records/sessions.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer } from './chamber.ts'

let storage: TestStorage
let authority: OpensslAuthority
beforeAll(async () => {
  storage = await openTestStorage()
  authority = await startOpensslAuthority()
})
afterAll(async () => {
  await storage?.[Symbol.asyncDispose]()
  await authority?.[Symbol.asyncDispose]()
})

async function newSession(slug: string): Promise<SessionId> {
  const session = testSession(storage.council, { slug })
  await storage.database.inCouncil(storage.council.id, (tx) => putSession(tx, session))
  return session.id
}

const startCommand = (chamber: Chamber, session: SessionId) =>
  ({ type: 'start', session, origin: treeOrigin(chamber.enrolment.dir3, session, chamber.enrolment.recorder) }) as const

describe('a session recorded over the link', () => {
  test('arrives whole and once, through a broken line and a server that was away', async () => {
    const council = storage.council.id
    const session = await newSession('2026-11-01')
    const begunMs = Date.now()
    let server = await startAgentServer(storage, authority.timeStamps)
    await using chamber = await enrolChamber(storage, server.url)
    await using recorder = await chamber.open()
    const { recorder: id } = chamber.enrolment
    await expect.poll(() => server.agents.list(council).find((one) => one.recorder === id)?.connected).toBe(true)
    await server.agents.send(council, id, startCommand(chamber, session))
    const sight = () => server.agents.list(council).find((one) => one.recorder === id)?.proof
    await expect.poll(() => sight()?.state).toBe('recording')
    expect(sight()).toMatchObject({ picture: true, speed: 8 })

    // An event of the tablet enters the recorder's journal.
    const at = { wallMs: Date.now(), monotonicNs: '1', boot: 'tablet' }
    const opened = sessionEvent.parse({
      v: 1,
      id: newId(),
      session,
      device: 'tablet',
      seq: 1,
      by: { role: 'secretary', id: 'x' },
      at,
      type: 'session.opened',
      call: 1,
    })
    await storage.database.inCouncil(council, (tx) => appendEvents(tx, session, [opened]))
    await server.agents.tellEvents(council, session)

    // The line breaks; then the server is away for two seconds.
    server.sockets.of('/recorder').disconnectSockets(true)
    await wait(1500)
    const { port } = server
    await server[Symbol.asyncDispose]()
    await wait(2000)
    const late = sessionEvent.parse({ ...opened, id: newId(), seq: 2, type: 'note', text: 'mentres non había liña' })
    await storage.database.inCouncil(council, (tx) => appendEvents(tx, session, [late]))
    server = await startAgentServer(storage, authority.timeStamps, port)
    await using _server = server
    await expect.poll(() => sight()?.state).toBe('recording')
    await expect
      .poll(
        async () =>
          (await storage.database.inCouncil(council, (tx) => readJournal(tx, session))).some(
            ({ content }) => 'kind' in content && content.kind === 'event' && content.id === late.id,
          ),
        { timeout: 20_000 },
      )
      .toBe(true)

    await server.agents.send(council, id, { type: 'stop', session })
    await expect.poll(() => storage.database.inCouncil(council, (tx) => readStage(tx, session))).toBe('recorded')

    const { rows, receipts, heads, events } = await storage.database.inCouncil(council, async (tx) => ({
      rows: await readJournal(tx, session),
      receipts: await readReceipts(tx, session),
      heads: await readHeads(tx, session),
      events: (await readEvents(tx, session)).map(({ event }) => event),
    }))
    const journal = parseJournal(new Uint8Array(await readFile(join(chamber.spool, session, 'journal.jsonl'))))
    expect(rows.map((row) => row.content)).toEqual(journal.lines)
    const segments = journal.lines.filter(isSegmentLine)
    expect(receipts.length).toBe(segments.length)
    const stored = new Map<string, number>()
    for await (const object of storage.objects.list(`councils/${council}/live/sessions/${session}/segments/`))
      stored.set(object.key, object.sizeBytes)
    expect([...stored.keys()].sort()).toEqual(receipts.map((one) => one.key).sort())
    for (const receipt of receipts) {
      const line = rows[receipt.line]?.content
      const bytes = await storage.objects.read(receipt.key, receipt.version)
      expect(line && 'sha256' in line && line.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
    const eventIds = rows.flatMap(({ content }) => ('kind' in content && content.kind === 'event' ? [content.id] : []))
    expect(new Set(eventIds).size).toBe(eventIds.length)
    expect([...eventIds].sort()).toEqual(events.map((event) => event.id).sort())
    expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(['recording.asked', 'recording.proven', 'recording.stopped']))

    const head = heads.at(-1)
    expect(head?.size).toBe(rows.length)
    const token = Buffer.from(head?.tokenBase64 ?? '', 'base64')
    const stamped = await verifyTimeStamp(new Uint8Array(token), new TextEncoder().encode(head?.note ?? ''), [authority.tsaRootPem])
    // A stamp tells whole seconds.
    expect(stamped.time.getTime()).toBeGreaterThan(begunMs - 1000)
    expect(stamped.time.getTime()).toBeLessThanOrEqual(Date.now())
    expect(head?.late).toBe(false)

    const closed = Promise.withResolvers<unknown>()
    await storage.jobs.work('recording.close', { concurrency: 1 }, async (payload) => closed.resolve(payload))
    expect(await closed.promise).toEqual({ council, session })
    expect(recorder.isDelivered).toBe(true)
  })

  test('goes on with its gap stated when the agent was started again in the middle', async () => {
    const council = storage.council.id
    const session = await newSession('2026-11-02')
    await using server = await startAgentServer(storage, authority.timeStamps)
    await using chamber = await enrolChamber(storage, server.url)
    const first = await chamber.open()
    await first.start(session)
    await expect.poll(() => first.proof.proof.segments).toBeGreaterThanOrEqual(2)
    await first[Symbol.asyncDispose]()
    await using second = await chamber.open()
    await expect.poll(() => second.proof.proof.state).toBe('recording')
    await second.stop(session)
    await second.ended(session)
    await expect.poll(() => storage.database.inCouncil(council, (tx) => readStage(tx, session))).toBe('recorded')
    const rows = await storage.database.inCouncil(council, (tx) => readJournal(tx, session))
    const gaps = rows.flatMap(({ content }) => ('kind' in content && content.kind === 'gap' ? [content.cause] : []))
    expect(gaps).toEqual(['agent-restarted'])
  })

  test('is refused to a second agent on the same spool, and to another session while one runs', async () => {
    const session = await newSession('2026-11-03')
    const other = await newSession('2026-11-04')
    await using server = await startAgentServer(storage, authority.timeStamps)
    await using chamber = await enrolChamber(storage, server.url)
    await using recorder = await chamber.open()
    await expect(chamber.open()).rejects.toThrow(/is in use by a recorder \(process \d+\)/)
    await recorder.start(session)
    await expect(recorder.start(other)).rejects.toThrow(/is being recorded; stop it first/)
    const { recorder: id, council } = chamber.enrolment
    await expect.poll(() => server.agents.list(council).find((one) => one.recorder === id)?.connected).toBe(true)
    await expect(server.agents.send(council, id, { type: 'start', session, origin: 'escano/L01000001/x/y' })).rejects.toThrow(
      /is not of this recorder/,
    )
    await expect(server.agents.send(council, id, { type: 'pause', session: other })).rejects.toThrow(/is not at this recorder/)
  })
})

describe('a recorder that is not connected', () => {
  test('is told apart from one that says no', async () => {
    await using server = await startAgentServer(storage, authority.timeStamps)
    await using chamber = await enrolChamber(storage, server.url)
    const { council, recorder } = chamber.enrolment
    const session = await newSession('2026-11-05')
    await expect(server.agents.send(council, recorder, { type: 'stop', session })).rejects.toMatchObject({ name: 'AgentOfflineError' })
  })
})
