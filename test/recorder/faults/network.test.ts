import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseLines } from '../../../recorder/json-lines-file.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import { type RunningProgram, startProgram } from '../../../storage/programs/run-program.ts'
import { readJournal, readReceipts } from '../../../storage/records/journal.ts'
import { repository } from '../../journeys/escano.ts'
import { type ChamberLine, missingNamespaces, openChamberLine } from '../../servers/network-namespace.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer, type TestServer } from '../../web/agent/chamber.ts'
import { noteFault } from './fault-table.ts'

const missing = await missingNamespaces()
const capBytesPerSecond = 400_000

const toRow = ({ lost, wrong, double }: { lost: number; wrong: number; double: number }) => ({ lostSeconds: lost * 4, wrong, double })

describe.skipIf(missing !== undefined)(`a line that fails (iptables DROP, tbf${missing === undefined ? '' : `; ${missing}`})`, () => {
  let line: ChamberLine
  let storage: TestStorage
  let authority: OpensslAuthority
  let server: TestServer
  beforeAll(async () => {
    line = await openChamberLine()
    storage = await openTestStorage()
    authority = await startOpensslAuthority()
    server = await startAgentServer(storage, authority.timeStamps, 0, line.host)
  }, 300_000)
  afterAll(async () => {
    for (const one of [server, authority, storage, line]) await one?.[Symbol.asyncDispose]()
  })

  /** A spool that grows as a recording does, delivered from the far end of the line. */
  const deliver = (chamber: Chamber, of: { seconds: number; cap?: number; proxy: boolean }): Promise<RunningProgram> => {
    const script = join(repository, 'test', 'recorder', 'faults', 'deliver-process.ts')
    const given = [
      chamber.enrolmentFile,
      chamber.keyFile,
      chamber.spool,
      storage.session.id,
      String(of.seconds),
      String(of.cap ?? 0),
      String(of.proxy),
    ]
    const [program = '', ...args] = [...line.prefix, process.execPath, '--import', import.meta.resolve('tsx'), script, ...given]
    const env = { TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') }
    return startProgram(program, args, { cwd: repository, env, stdoutFile: `${chamber.spool}.lags`, stderrFile: `${chamber.spool}.err` })
  }
  const lagsOf = async (chamber: Chamber) =>
    (await readFile(`${chamber.spool}.lags`, 'utf8').catch(() => ''))
      .split('\n')
      .filter((one) => one !== '')
      .map((one) =>
        z.object({ track: z.string(), leaf: z.number(), lagMs: z.number(), bytes: z.number(), atMs: z.number() }).parse(JSON.parse(one)),
      )

  /** Leaves in the order in which the recorder put down their receipts, whichever agent did. */
  const confirmedIn = async (chamber: Chamber) =>
    parseLines(await readFile(join(chamber.spool, storage.session.id, 'receipts.jsonl'))).map(
      (line) => z.object({ leaf: z.number() }).parse(line).leaf,
    )

  async function look(chamber: Chamber) {
    const { recorder } = chamber.enrolment
    const { rows, receipts } = await storage.database.inCouncil(storage.council.id, async (tx) => ({
      rows: await readJournal(tx, storage.session.id, recorder),
      receipts: (await readReceipts(tx, storage.session.id)).filter((one) => one.recorder === recorder),
    }))
    let [segments, lost, wrong, objects] = [0, 0, 0, 0]
    for (const { line: leaf, content } of rows) {
      if (!isSegmentLine(content)) continue
      segments++
      const receipt = receipts.find((one) => one.line === leaf)
      if (receipt === undefined) lost++
      else if ((await storage.objects.hash(receipt.key, receipt.version)) !== content.sha256) wrong++
    }
    const prefix = `councils/${storage.council.id}/live/sessions/${storage.session.id}/segments/${recorder}/`
    for await (const _object of storage.objects.list(prefix)) objects++
    return { segments, lost, wrong, double: objects - (segments - lost) }
  }

  test('cut for long, its agent killed while it sends, drains at the cap, the oldest first, each segment confirmed once', async () => {
    await using chamber = await enrolChamber(storage, server.url)
    let agent = await deliver(chamber, { seconds: 40, cap: capBytesPerSecond, proxy: false })
    await expect.poll(async () => (await lagsOf(chamber)).length, { timeout: 90_000 }).toBeGreaterThan(0)
    await line.cut()
    await wait(20_000)
    await line.mend()
    await wait(1500)
    await agent.stop([{ signal: 'SIGKILL', waitMs: 5000 }])
    const killed = Date.now()
    agent = await deliver(chamber, { seconds: 8, cap: capBytesPerSecond, proxy: false })
    expect((await agent.exited).code, await readFile(`${chamber.spool}.err`, 'utf8')).toBe(0)
    const found = await look(chamber)
    const lags = await lagsOf(chamber)
    // What had gathered, from the first to the last of it that the new agent delivered.
    const gathered = lags.filter((one) => one.atMs > killed && one.atMs - one.lagMs < killed)
    const took = (gathered.at(-1)?.atMs ?? 0) - (gathered[0]?.atMs ?? 0)
    const drained = gathered.slice(1).reduce((sum, one) => sum + one.bytes, 0) / Math.max(1, took)
    noteFault({
      fault: 'outage of 20 s, then agent killed -9',
      ...toRow(found),
      note: `drained at ${Math.round(drained)} kB/s of ${capBytesPerSecond / 1000}`,
    })
    expect(found).toMatchObject({ lost: 0, wrong: 0, double: 0 })
    const confirmed = await confirmedIn(chamber)
    expect(confirmed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: found.segments }, (_, leaf) => leaf))
    // Three are on the way at once, always the oldest that are left: none is confirmed before more than two that are older.
    const overtaken = confirmed.map((leaf, at) => confirmed.slice(at + 1).filter((later) => later < leaf).length)
    expect(Math.max(...overtaken)).toBeLessThanOrEqual(2)
  })

  test('of 1 Mbit/s carries sound and a low picture with a lag under 30 s (study-recorder.md §4), and the master later', async () => {
    await using chamber = await enrolChamber(storage, server.url)
    await line.limit(1_000_000)
    const agent = await deliver(chamber, { seconds: 48, proxy: true })
    // What was recorded last, then all of it.
    await expect.poll(async () => (await lagsOf(chamber)).filter((one) => one.track === 'mix').length, { timeout: 150_000 }).toBe(12)
    await line.limit(1_000_000_000)
    expect((await agent.exited).code, await readFile(`${chamber.spool}.err`, 'utf8')).toBe(0)
    const lags = await lagsOf(chamber)
    const worst = (track: string) => Math.max(...lags.filter((one) => one.track === track).map((one) => one.lagMs)) / 1000
    const found = await look(chamber)
    const note = `lag at most: sound ${worst('mix').toFixed(1)} s, low picture ${worst('proxy').toFixed(1)} s, master ${worst('master').toFixed(1)} s`
    noteFault({ fault: 'slow line, 1 Mbit/s tbf', ...toRow(found), note })
    expect(found).toMatchObject({ lost: 0, wrong: 0, double: 0 })
    expect(worst('mix')).toBeLessThan(30)
    expect(worst('proxy')).toBeLessThan(30)
  })
})
