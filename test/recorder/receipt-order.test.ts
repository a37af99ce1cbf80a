import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openAgentIdentity } from '../../recorder/agent-identity.ts'
import { readClock } from '../../recorder/clock.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { SegmentUploader } from '../../recorder/segment-uploader.ts'
import { councilId, newId, recorderId } from '../../storage/model/ids.ts'
import { segmentLine } from '../../storage/model/recording.ts'

const asked = z.object({ leaf: z.number(), line: segmentLine })

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A server and a store in one that answer at once, but a receipt when `reads` says so. @param reads settles when that leaf was read back */
async function startStore(reads: (leaf: number) => Promise<unknown>) {
  const puts: number[] = []
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request)
    const tell = (what: object) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(what))
    if (request.method === 'PUT') {
      puts.push(Number(request.url?.split('/').at(-1)))
      response.end()
    } else if (request.method === 'HEAD') response.end()
    else {
      const { leaf, line } = asked.parse(JSON.parse(body.toString('utf8')))
      if (request.url === '/agent/ticket')
        return void tell({ method: 'PUT', url: `/put/${leaf}`, headers: {}, expiresAtMs: Date.now() + 60_000 })
      if (!puts.includes(leaf)) return void response.writeHead(409).end('{"error":"not in the store"}')
      await reads(leaf)
      tell({ key: `k${leaf}`, version: '1', sha256: line.sha256, sizeBytes: line.bytes })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, puts },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('a receipt confirms its own segment alone, whenever it comes: each once, and a slow one holds up nobody and is not taken for given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-order-'))
  const slow = Promise.withResolvers<void>()
  await using store = await startStore((leaf) => (leaf === 0 ? slow.promise : Promise.resolve()))
  const keyFile = join(folder, 'recorder.key')
  await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const recorder = recorderId.parse(newId())
  const identity = await openAgentIdentity({ recorder, council: councilId.parse(newId()), dir3: 'L01000001', server: store.url }, keyFile)
  const session = newId()
  const spool = await SegmentSpool.open(join(folder, session), { session, recorder })
  try {
    for (let index = 0; index < 6; index++) {
      const path = spool.segmentPath({ part: 0, index })
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `segment ${index}`)
      await spool.keepSegment({ part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })
    }
    await using uploader = new SegmentUploader({ identity })
    uploader.carry(spool)
    const left = () => spool.unconfirmed().map(({ leaf }) => leaf)
    await expect.poll(left, { timeout: 30_000, interval: 10 }).toEqual([0])
    slow.resolve()
    await expect.poll(left, { timeout: 30_000, interval: 10 }).toEqual([])
    const kept = (await readFile(join(spool.folder, 'receipts.jsonl'), 'utf8')).split('\n').filter((line) => line !== '')
    const leaves = kept.map((line) => z.object({ leaf: z.number() }).parse(JSON.parse(line)).leaf)
    expect(leaves.at(-1)).toBe(0)
    expect(leaves.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
    expect(store.puts.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
  } finally {
    await spool[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
})
