import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SegmentUploader } from '../../../recorder/segment-uploader.ts'
import { isSegmentLine, storedContentType } from '../../../storage/model/recording.ts'
import { reconcileCouncil } from '../../../storage/reconcile.ts'
import { readReceipts } from '../../../storage/records/journal.ts'
import { type Ceph, missingCeph, startCeph } from '../../servers/ceph.ts'
import { type FaultProxy, startFaultProxy } from '../../servers/fault-proxy.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer, type TestServer } from '../../web/agent/chamber.ts'
import { noteFault } from './fault-table.ts'
import { openSpooledSession, type SpooledSession } from './spooled-session.ts'

const missing = await missingCeph()

describe.skipIf(missing !== undefined)(
  `a store that fails (real Ceph${missing === undefined ? '' : `; ${missing} is not installed`})`,
  () => {
    let ceph: Ceph
    let way: FaultProxy
    let storage: TestStorage
    let authority: OpensslAuthority
    let server: TestServer
    let chamber: Chamber
    let session: SpooledSession

    beforeAll(async () => {
      ceph = await startCeph()
      // Only uploads of the recorder pass the proxy; the server reads back beside it.
      way = await startFaultProxy(Number(new URL(ceph.endpoint).port), (request) => request.startsWith('PUT '))
      storage = await openTestStorage({ objects: { ...ceph.config('faults'), publicEndpoint: `http://127.0.0.1:${way.port}` } })
      authority = await startOpensslAuthority()
      server = await startAgentServer(storage, authority.timeStamps)
      chamber = await enrolChamber(storage, server.url)
      session = await openSpooledSession(storage, chamber, (prefix) => ceph.countVersions('faults', prefix))
    }, 300_000)
    afterAll(async () => {
      for (const one of [session, chamber, server, authority, storage, way, ceph]) await one?.[Symbol.asyncDispose]()
    }, 60_000)

    async function delivered(fault: string, act: () => Promise<void>): Promise<void> {
      const troubles: string[] = []
      await using uploader = new SegmentUploader({
        identity: chamber.identity,
        onTrouble: (error) => error !== undefined && troubles.push(error.message),
      })
      uploader.carry(session.spool)
      await act()
      uploader.wake()
      await expect.poll(() => session.spool.counts.unconfirmed, { timeout: 150_000, interval: 200 }).toBe(0)
      const found = await session.look()
      noteFault({
        ...{ fault: `store: ${fault}`, lostSeconds: found.lost * 4, wrong: found.wrong, double: found.double },
        note: `${found.segments} segments so far, troubles told: ${new Set(troubles).size}`,
      })
      expect(found).toMatchObject({ lost: 0, wrong: 0, double: 0 })
    }

    test('with its gateway killed in the middle and started again keeps every segment once', async () => {
      for (let count = 0; count < 8; count++) await session.add(300_000)
      await delivered('gateway killed -9 and back', async () => {
        await expect.poll(() => session.spool.counts.unconfirmed, { timeout: 60_000, interval: 5 }).toBeLessThan(8)
        await ceph.killGateway()
        for (let count = 0; count < 4; count++) await session.add(300_000)
        await ceph.startGateway()
      })
    })

    test('that answers 503 is asked again', async () => {
      way.refuse(3)
      for (let count = 0; count < 3; count++) await session.add(200_000)
      await delivered('503 three times', async () => undefined)
    })

    test('whose answer is lost after it stored the bytes gets no second version of them', async () => {
      way.loseAnswers(3)
      for (let count = 0; count < 5; count++) await session.add(200_000)
      await delivered('answer lost three times', async () => undefined)
    })

    test('that was given the same bytes twice holds a second version, and the reconciliation tells which', async () => {
      const { council, objects } = storage
      expect((await reconcileCouncil(storage, council.id, { everything: true })).findings).toEqual([])
      const [receipt] = await storage.database.inCouncil(council.id, (tx) => readReceipts(tx, storage.session.id))
      const line = session.spool.lines[receipt?.line ?? 0]
      if (receipt === undefined || line === undefined || !isSegmentLine(line)) throw new Error('nothing was confirmed')
      const bytes = await readFile(session.spool.storedPath(line))
      const md5Base64 = createHash('md5').update(bytes).digest('base64')
      const wanted = { sizeBytes: line.bytes, md5Base64, sha256: line.sha256, contentType: storedContentType(line) }
      const { url, headers } = await objects.ticket(receipt.key, wanted)
      expect((await fetch(url, { method: 'PUT', headers, body: bytes })).ok).toBe(true)
      const { findings } = await reconcileCouncil(storage, council.id, { everything: true })
      expect(findings.map((one) => [one.code, one.line])).toEqual([['object-double', receipt.line]])
      // Other bytes over it do not keep the rest from being looked at, and what was confirmed is still what is read.
      const overwritten = createHash('md5').update('other').digest('base64')
      const other = await objects.ticket(receipt.key, { ...wanted, sizeBytes: 5, md5Base64: overwritten })
      expect((await fetch(other.url, { method: 'PUT', headers: other.headers, body: 'other' })).ok).toBe(true)
      expect((await reconcileCouncil(storage, council.id, { everything: true })).findings).toMatchObject([
        { code: 'object-double', line: receipt.line, detail: '3 versions' },
      ])
    })
  },
)
