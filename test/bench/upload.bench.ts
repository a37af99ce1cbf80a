import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { isSegmentLine } from '../../storage/model/recording.ts'
import { runProgram, startProgram } from '../../storage/programs/run-program.ts'
import { readJournal, readReceipts } from '../../storage/records/journal.ts'
import { repository } from '../journeys/escano.ts'
import { enrolChamber } from '../web/agent/chamber.ts'
import { openUploadLine } from './upload-line.ts'

/**
 * From a closed segment of 1.6 MB to its receipt over a line of 6 Mbit/s, against `curl` putting as many bytes over the same line into the
 * same store, one after the other in turn; then a cut of 20 s, and how fast what gathered drains (design.md §4 `upload`).
 */
const lineBytesPerSecond = 750_000
const segmentBytes = 1_600_000
const rounds = 7
const gathered = 8
const cutMs = 20_000

await using line = await openUploadLine(lineBytesPerSecond)
const { storage } = line
await using chamber = await enrolChamber(storage, line.server)
const { council, recorder } = chamber.enrolment
const session = storage.session.id
const file = join(tmpdir(), `escano-upload-${process.pid}`)
const [program = '', ...args] = [
  ...[...line.prefix, process.execPath, '--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'upload-agent.ts')],
  ...[chamber.enrolmentFile, chamber.keyFile, chamber.spool, session],
]
const agent = await startProgram(program, args, {
  ...{ cwd: repository, env: { TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') }, stdin: 'pipe' as const },
  ...{ stdoutFile: `${file}.lags`, stderrFile: `${file}.err` },
})

const confirmation = z.object({ leaf: z.int(), closedAtMs: z.number(), confirmedAtMs: z.number() })
async function confirmed(count: number): Promise<z.infer<typeof confirmation>[]> {
  for (const until = Date.now() + 120_000; ; await wait(20)) {
    const lines = (await readFile(`${file}.lags`, 'utf8')).split('\n').slice(0, -1)
    if (lines.length >= count) return lines.map((one) => confirmation.parse(JSON.parse(one)))
    if (Date.now() > until) throw new Error(`${lines.length} of ${count} confirmed: ${await readFile(`${file}.err`, 'utf8')}`)
  }
}

/** The bare PUT, from the same end of the line. */
async function bare(): Promise<number> {
  const bytes = randomBytes(segmentBytes)
  await writeFile(file, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const md5Base64 = createHash('md5').update(bytes).digest('base64')
  const wanted = { sizeBytes: segmentBytes, md5Base64, sha256, contentType: 'video/mp2t' }
  const ticket = await storage.objects.ticket(`councils/${council}/live/bench/${sha256}`, wanted)
  const headers = Object.entries(ticket.headers).flatMap(([name, value]) => (name === 'content-length' ? [] : ['-H', `${name}: ${value}`]))
  const [curl = '', ...given] = [...line.prefix, 'curl', '-sS', '-f', '-w', '%{time_total}', '-T', file, ...headers, line.reach(ticket.url)]
  // As curl itself measures it: without its own start and that of the namespace.
  return Number(new TextDecoder().decode((await runProgram(curl, given, { timeoutMs: 60_000 })).stdout)) * 1000
}

async function look(): Promise<{ lost: number; wrong: number; double: number }> {
  const { rows, receipts } = await storage.database.inCouncil(council, async (tx) => ({
    rows: await readJournal(tx, session, recorder),
    receipts: await readReceipts(tx, session),
  }))
  let [lost, wrong] = [0, 0]
  for (const { line: leaf, content } of rows) {
    if (!isSegmentLine(content)) continue
    const receipt = receipts.find((one) => one.line === leaf)
    if (receipt === undefined) lost++
    else if ((await storage.objects.hash(receipt.key, receipt.version)) !== content.sha256) wrong++
  }
  const objects = await line.count(`councils/${council}/live/sessions/${session}/segments/`)
  return { lost, wrong, double: objects - (rows.length - lost) }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const ask = () => agent.stdin?.write(`${segmentBytes}\n`)

const [lags, puts] = [[] as number[], [] as number[]]
for (let round = 0; round < rounds; round++) {
  ask()
  const last = (await confirmed(round + 1)).at(-1)
  if (last !== undefined) lags.push(last.confirmedAtMs - last.closedAtMs)
  puts.push(await bare())
}
// In the middle of a PUT, as a cut comes.
ask()
await wait(700)
await line.cut()
for (let index = 1; index < gathered; index++) ask()
await wait(cutMs)
const mendedAt = Date.now()
await line.mend()
const drained = (await confirmed(rounds + gathered)).slice(rounds).map((one) => one.confirmedAtMs)
const [firstAt = Number.NaN, lastAt = Number.NaN] = [drained[0], drained.at(-1)]
const result = {
  ...{ bench: 'upload', at: new Date().toISOString(), line: line.made },
  ...{ lagMs: Math.round(median(lags)), curlMs: Math.round(median(puts)), ratio: Number((median(lags) / median(puts)).toFixed(2)) },
  cutSeconds: cutMs / 1000,
  firstConfirmedAfterMendMs: firstAt - mendedAt,
  drainShareOfLine: Number((((gathered - 1) * segmentBytes) / ((lastAt - firstAt) / 1000) / lineBytesPerSecond).toFixed(2)),
  drainShareSinceMend: Number(((gathered * segmentBytes) / ((lastAt - mendedAt) / 1000) / lineBytesPerSecond).toFixed(2)),
  curlShareOfLine: Number((segmentBytes / (median(puts) / 1000) / lineBytesPerSecond).toFixed(2)),
  ...(await look()),
  goal: { ratio: 1.3, lost: 0, wrong: 0, double: 0 },
}
appendFileSync(join(import.meta.dirname, 'results', 'upload.jsonl'), `${JSON.stringify(result)}\n`)
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(result)
    : `upload over ${line.made}: closed to confirmed ${result.lagMs} ms, curl ${result.curlMs} ms: ${result.ratio} × (goal ≤ 1.3); after a cut of ` +
        `${result.cutSeconds} s it drained at ${result.drainShareOfLine} of the line (curl: ${result.curlShareOfLine}), from ` +
        `${result.firstConfirmedAfterMendMs} ms after the line was back; lost ${result.lost}, wrong ${result.wrong}, double ${result.double}`,
)
agent.stdin?.end()
await agent.stop([{ signal: 'SIGTERM', waitMs: 5000 }])
for (const one of [file, `${file}.lags`, `${file}.err`]) await rm(one, { force: true })
