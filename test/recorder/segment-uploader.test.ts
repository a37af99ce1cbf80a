import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readClock } from '../../recorder/clock.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { SegmentUploader } from '../../recorder/segment-uploader.ts'
import { ServerClock } from '../../recorder/server-clock.ts'
import { SpoolKeeper } from '../../recorder/spool-keeper.ts'
import { newId } from '../../storage/model/ids.ts'
import { MessageKeeper } from '../../web/agent/keep-message.ts'
import { CredentialCheck } from '../../web/agent/recorder-credential.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { enrolChamber, startAgentServer, type TestServer } from '../web/agent/chamber.ts'
import { noteFault, secondsSince } from './faults/fault-table.ts'
import { openSpooledSession } from './faults/spooled-session.ts'

let storage: TestStorage
let authority: OpensslAuthority
let server: TestServer
beforeAll(async () => {
  storage = await openTestStorage()
  authority = await startOpensslAuthority()
  server = await startAgentServer(storage, authority.timeStamps)
}, 300_000)
afterAll(async () => {
  for (const one of [server, authority, storage]) await one?.[Symbol.asyncDispose]()
})

test('a segment altered in the spool is never sent, is told, and does not hold up those behind it', async () => {
  await using chamber = await enrolChamber(storage, server.url)
  const folder = await mkdtemp(join(tmpdir(), 'escano-uploader-'))
  const { recorder } = chamber.enrolment
  const session = storage.session.id
  const known = await new CredentialCheck(storage).verify(chamber.identity.credential('link'), 'link')
  const keeper = new MessageKeeper(storage)
  await using spool = await SegmentSpool.open(join(folder, session), { session, recorder })
  for (const index of [0, 1, 2]) {
    const path = spool.segmentPath({ part: 0, index })
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `segment ${index}`)
    const content = await spool.keepSegment({ part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })
    if (content === undefined) throw new Error('not kept')
    const envelope = { id: newId() as never, seq: index + 1, session, monotonicNs: '1', wallMs: 1, boot: 'b' }
    await keeper.keep(known, { ...envelope, type: 'journal', line: index, content })
  }
  await writeFile(spool.segmentPath({ part: 0, index: 1 }), 'segment X')
  const troubles: string[] = []
  await using uploader = new SegmentUploader({
    identity: chamber.identity,
    onTrouble: (error) => troubles.push(error?.name ?? 'none'),
  })
  const carriedAt = performance.now()
  uploader.carry(spool)
  await expect.poll(() => troubles.length, { timeout: 30_000, interval: 10 }).toBeGreaterThan(0)
  const alarmSeconds = secondsSince(carriedAt)
  await expect.poll(() => spool.unconfirmed().map(({ leaf }) => leaf)).toEqual([1])
  expect(troubles).toEqual(['SegmentAlteredError'])
  const stored = []
  for await (const object of storage.objects.list(`councils/${storage.council.id}/`)) stored.push(object.key)
  expect(stored.length).toBe(2)
  const hashes = await Promise.all(stored.map((key) => storage.objects.read(key).then((bytes) => new TextDecoder().decode(bytes))))
  expect(hashes.toSorted()).toEqual(['segment 0', 'segment 2'])
  noteFault({
    ...{ fault: 'segment altered in the spool', lostSeconds: (spool.unconfirmed().length * 4000) / 1000, alarmSeconds },
    ...{ wrong: stored.length - hashes.filter((one) => one !== 'segment X').length, double: stored.length - new Set(hashes).size },
    note: 'not sent, not in custody, those behind it delivered',
  })
  await rm(folder, { recursive: true })
})

test('on a full disk copies go that the server has receipts of, and none of a session of which it knows fewer than the recorder', async () => {
  await using chamber = await enrolChamber(storage, server.url)
  await using session = await openSpooledSession(storage, chamber, async () => 0)
  const { spool } = session
  await using uploader = new SegmentUploader({ identity: chamber.identity })
  const round = async () => {
    await using keeper = new SpoolKeeper({
      ...{ folder: dirname(spool.folder), identity: chamber.identity, clock: new ServerClock() },
      ...{ working: () => ({ spool, state: { finished: true } }), exclusively: <T>(work: () => Promise<T>) => work() },
      ...{ onTrouble: (sentence: string) => expect.fail(sentence), roomOf: async () => ({ totalBytes: 1000, freeBytes: 10 }) },
    })
    await keeper.round()
  }
  const there = async () => {
    const found = spool.lines.map((_, index) =>
      access(spool.segmentPath({ part: 0, index })).then(
        () => '1',
        () => '0',
      ),
    )
    return (await Promise.all(found)).join('')
  }
  await session.add(100)
  await session.add(100)
  uploader.carry(spool)
  await expect.poll(() => spool.counts.unconfirmed).toBe(0)
  expect(await there()).toBe('11')
  await round()
  expect(await there()).toBe('00')

  await session.add(100)
  uploader.wake()
  await expect.poll(() => spool.counts.unconfirmed).toBe(0)
  // As after a backup of the server was restored: a receipt that only the recorder keeps.
  await uploader.leave(spool)
  await session.add(100)
  const [, , , line] = spool.lines
  if (line === undefined || !('sha256' in line) || !('bytes' in line)) throw new Error('a segment')
  await spool.keepReceipt(3, { key: 'lost', version: '1', sha256: line.sha256, sizeBytes: line.bytes })
  await round()
  expect(await there()).toBe('0011')
})
