import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SegmentUploader } from '../../recorder/segment-uploader.ts'
import { newId } from '../../storage/model/ids.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import { segmentKey } from '../../storage/objects/object-keys.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { openSpooledSession } from '../recorder/faults/spooled-session.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { enrolChamber, startAgentServer } from '../web/agent/chamber.ts'

/**
 * From a closed segment of 1.6 MB to its receipt over a line of 6 Mbit/s, against `curl` putting the same bytes over the same line into the
 * same store, one after the other in turn; then a cut, and how fast what gathered drains (design.md §4 `upload`). The line is a proxy that
 * paces what passes to the server; the store is the disk's.
 */
const lineBytesPerSecond = 750_000
const segmentBytes = 1_600_000
const rounds = 7
const gathered = 6

const storage = await openTestStorage()
const authority = await startOpensslAuthority()
const server = await startAgentServer(storage, authority.timeStamps)
const way = await startFaultProxy(server.port)
const chamber = await enrolChamber(storage, `http://127.0.0.1:${way.port}`)
const count = async (prefix: string) => {
  let objects = 0
  for await (const object of storage.objects.list(prefix)) if (object.key.includes('/segments/')) objects++
  return objects - rounds
}
const session = await openSpooledSession(storage, chamber, count)
way.pace(lineBytesPerSecond)
const file = join(tmpdir(), `escano-upload-${process.pid}`)
await writeFile(file, new Uint8Array(segmentBytes).fill(7))

async function bare(): Promise<number> {
  const [line] = session.spool.lines.filter(isSegmentLine)
  if (line === undefined) throw new Error('no segment')
  const bytes = new Uint8Array(segmentBytes).fill(Math.floor(Math.random() * 256))
  bytes.set(new TextEncoder().encode(newId()))
  await writeFile(file, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const md5Base64 = createHash('md5').update(bytes).digest('base64')
  const key = segmentKey(chamber.enrolment.council, { ...line, sha256 })
  const ticket = await storage.objects.ticket(key, { sizeBytes: segmentBytes, md5Base64, sha256, contentType: 'video/mp2t' })
  const { pathname, search } = new URL(ticket.url)
  const headers = Object.entries(ticket.headers).flatMap(([name, value]) => (name === 'content-length' ? [] : ['-H', `${name}: ${value}`]))
  const from = performance.now()
  await runProgram('curl', ['-sS', '-f', '-T', file, ...headers, `http://127.0.0.1:${way.port}${pathname}${search}`], { timeoutMs: 60_000 })
  return performance.now() - from
}

const confirmed = async (uploader: SegmentUploader): Promise<number> => {
  const from = performance.now()
  uploader.wake()
  while (session.spool.counts.unconfirmed > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  return performance.now() - from
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const uploader = new SegmentUploader({ identity: chamber.identity })
uploader.carry(session.spool)
const [lags, puts] = [[] as number[], [] as number[]]
for (let round = 0; round < rounds; round++) {
  await session.add(segmentBytes)
  lags.push(await confirmed(uploader))
  puts.push(await bare())
}
way.cut()
for (let index = 0; index < gathered; index++) await session.add(segmentBytes)
uploader.wake()
await new Promise((resolve) => setTimeout(resolve, 5000))
way.mend()
uploader.retryNow(true)
const drainMs = await confirmed(uploader)
const { lost, wrong, double } = await session.look()
const result = {
  bench: 'upload',
  at: new Date().toISOString(),
  lagMs: Math.round(median(lags)),
  curlMs: Math.round(median(puts)),
  ratio: Number((median(lags) / median(puts)).toFixed(2)),
  drainShareOfLine: Number(((gathered * segmentBytes) / (drainMs / 1000) / lineBytesPerSecond).toFixed(2)),
  ...{ lost, wrong, double },
  goal: { ratio: 1.3, lost: 0, wrong: 0, double: 0 },
}
appendFileSync(join(import.meta.dirname, 'results', 'upload.jsonl'), `${JSON.stringify(result)}\n`)
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(result)
    : `upload: closed to confirmed ${result.lagMs} ms, curl ${result.curlMs} ms: ${result.ratio} × (goal ≤ 1.3); after a cut it drained at ` +
        `${result.drainShareOfLine} of the line; lost ${lost}, wrong ${wrong}, double ${double}`,
)
await uploader[Symbol.asyncDispose]()
await rm(file, { force: true })
for (const one of [session, chamber, way, server, authority, storage]) await one[Symbol.asyncDispose]()
