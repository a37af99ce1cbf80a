import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import type { RunningProgram } from '../../storage/programs/run-program.ts'
import { readStage } from '../../storage/records/sessions.ts'
import { newestCapture, startChamberProcess } from '../servers/chamber-process.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { missingNamespaces, openChamberLine } from '../servers/network-namespace.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { startFlashCamera } from '../servers/rtsp-camera.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer, type TestServer } from '../web/agent/chamber.ts'
import { type Fault, planFaults } from './faults.ts'
import { watchMemory } from './memory-samples.ts'
import { checkSoak, type SoakFigures } from './soak-check.ts'

export interface SoakOptions {
  seconds: number
  seed: number
  say?: (line: string) => void
}

/** libfaketime as Debian lays it; the clock of a process that it is loaded into can be stepped without touching the machine's. */
const fakeTime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

/** One recorder in a process of its own records a live camera while things happen to it; then everything is looked at. */
export async function runSoak({ seconds, seed, say = () => undefined }: SoakOptions): Promise<SoakFigures> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'escano-soak-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const storage = stack.use(await openTestStorage())
  const authority = stack.use(await startOpensslAuthority())
  const way = await openWay(stack, storage, authority.timeStamps)
  const camera = stack.use(await startFlashCamera(way.prefix))
  const chamber = stack.use(await enrolChamber(storage, way.url))
  const clockFile = join(folder, 'clock')
  await writeFile(clockFile, '+0')
  const hasFakeTime = await readFile(fakeTime).then(
    () => true,
    () => false,
  )
  const clock = {
    LD_PRELOAD: fakeTime,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_CACHE_DURATION: '1',
  }
  const start = () =>
    startChamberProcess({
      ...{ enrolmentFile: chamber.enrolmentFile, keyFile: chamber.keyFile, spool: chamber.spool, source: camera.url },
      ...{ log: join(folder, 'agent.log'), prefix: way.prefix, env: hasFakeTime ? clock : {} },
    })
  let agent = await start()
  stack.defer(() => agent.stop())
  const log = () => readFile(join(folder, 'agent.log'), 'utf8').catch(() => '')
  const gone = agent.exited.then(async () => Promise.reject(new Error(`the agent ended before it dialled: ${(await log()).slice(-2000)}`)))
  await Promise.race([untilConnected(way.server, chamber), gone])
  const { session } = storage
  const { recorder, dir3, council } = chamber.enrolment
  await way.server.agents.send(council, recorder, { type: 'start', session: session.id, origin: treeOrigin(dir3, session.id, recorder) })
  await untilProven(way.server, chamber)
  const startedMs = performance.now()
  const memory = watchMemory(() => agent.pid, join(chamber.spool, session.id))
  const faults = planFaults(seed, seconds * 1000).filter((fault) => hasFakeTime || fault.kind !== 'clock step')
  for (const fault of faults) {
    await wait(Math.max(0, startedMs + fault.atMs - performance.now()))
    say(`soak: ${Math.round(fault.atMs / 1000)} s: ${fault.kind} ${fault.ms} ms`)
    agent = await happen(fault, { agent, start, way, clockFile, sessionFolder: join(chamber.spool, session.id) })
  }
  await wait(Math.max(0, startedMs + seconds * 1000 - performance.now()))
  await untilConnected(way.server, chamber)
  const samples = memory.stop()
  await way.server.agents.send(council, recorder, { type: 'stop', session: session.id })
  say('soak: stopped; waiting until everything is delivered')
  await untilRecorded(storage, 300_000).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; the agent said: ${(await log()).slice(-2000)}`)
  })
  return await checkSoak({ storage, chamber, folder, faults, samples, line: way.kind })
}

interface Way {
  kind: string
  url: string
  server: TestServer
  prefix: readonly string[]
  cut(): Promise<void>
  mend(): Promise<void>
}

/** As root a namespace whose packets are dropped; else a proxy that lets nothing through. */
async function openWay(stack: AsyncDisposableStack, storage: TestStorage, authority: Parameters<typeof startAgentServer>[1]): Promise<Way> {
  if ((await missingNamespaces()) === undefined) {
    const line = stack.use(await openChamberLine())
    const server = stack.use(await startAgentServer(storage, authority, 0, line.host))
    return { kind: 'namespace, iptables DROP', url: server.url, server, prefix: line.prefix, cut: line.cut, mend: line.mend }
  }
  const server = stack.use(await startAgentServer(storage, authority))
  const proxy = stack.use(await startFaultProxy(server.port))
  const url = `http://127.0.0.1:${proxy.port}`
  return { kind: 'proxy', url, server, prefix: [], cut: async () => proxy.cut(), mend: async () => proxy.mend() }
}

async function happen(
  fault: Fault,
  to: { agent: RunningProgram; start: () => Promise<RunningProgram>; way: Way; clockFile: string; sessionFolder: string },
): Promise<RunningProgram> {
  switch (fault.kind) {
    case 'network cut':
      await to.way.cut()
      await wait(fault.ms)
      await to.way.mend()
      return to.agent
    case 'agent killed':
      process.kill(to.agent.pid, 'SIGKILL')
      await to.agent.exited
      await wait(fault.ms)
      return await to.start()
    case 'ffmpeg killed': {
      const pid = await newestCapture(to.sessionFolder)
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
      return to.agent
    }
    case 'clock step':
      await writeFile(to.clockFile, `${fault.ms < 0 ? '-' : '+'}${Math.abs(fault.ms) / 1000}`)
      return to.agent
  }
}

async function untilConnected(server: TestServer, chamber: Chamber): Promise<void> {
  const { council, recorder } = chamber.enrolment
  const connected = () => server.agents.list(council).some((one) => one.recorder === recorder && one.connected)
  for (const until = performance.now() + 300_000; !connected(); await wait(200)) {
    if (performance.now() > until) throw new Error('the recorder did not dial within five minutes')
  }
}

async function untilProven(server: TestServer, chamber: Chamber): Promise<void> {
  const { council, recorder } = chamber.enrolment
  const proven = () => server.agents.list(council).some((one) => one.recorder === recorder && one.proof?.state === 'recording')
  for (const until = performance.now() + 120_000; !proven(); await wait(200)) {
    if (performance.now() > until) throw new Error('nothing was recorded within two minutes')
  }
}

async function untilRecorded(storage: TestStorage, withinMs: number): Promise<void> {
  const stage = () => storage.database.inCouncil(storage.council.id, (tx) => readStage(tx, storage.session.id))
  for (const until = performance.now() + withinMs; (await stage()) !== 'recorded'; await wait(500)) {
    if (performance.now() > until) throw new Error(`the session was not whole in the records within ${withinMs / 1000} s`)
  }
}
