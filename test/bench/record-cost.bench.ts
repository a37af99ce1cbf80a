import { appendFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { captureArguments } from '../../recorder/capture-arguments.ts'
import { inputArguments, parseSource } from '../../recorder/source.ts'
import { solePlan, tracksOf } from '../../recorder/track-plan.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { probeMedia } from '../../storage/programs/probe-media.ts'
import { runProgram, startProgram } from '../../storage/programs/run-program.ts'
import { repository } from '../journeys/escano.ts'
import { childrenOf, newestCapture, readUnit, residentMb, startChamberProcess } from '../servers/chamber-process.ts'
import { freePort } from '../servers/free-port.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { enrolChamber, startAgentServer } from '../web/agent/chamber.ts'
import { heldTogetherMegabytes } from './process-cost.ts'

/**
 * `npm run bench -- record-cost [--seconds 40]`: processor (of one core) and memory of a recording of 720p25 at 3 Mbit/s: the capture by
 * itself, and all of it with proof of life, meters and preview; beside it, over the same seconds, ffmpeg with the same arguments and
 * nobody around it (design.md §4). The agent is what a chamber runs: the command of its unit, built, dialled out, delivering to a real store and
 * serving the chamber page. Memory is told twice: `plainSum` adds what is resident of each process, as `ps` shows it; `sharedOnce` counts the
 * pages of one file that two of them hold once. Memory over 4,500 segments is bench `journal`.
 */
const { values } = parseArgs({ options: { seconds: { type: 'string' }, json: { type: 'boolean' } } })
const seconds = Number(values.seconds ?? 40)
const warmUpSeconds = 12
/** USER_HZ, as Linux shows it to every program (proc(5)). */
const ticksPerSecond = 100

/** Processor time of a process, and of its children that have ended, s (proc(5), fields 14 to 17). */
async function cpuSeconds(pid: number): Promise<{ own: number; children: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  return { own: (user + system) / ticksPerSecond, children: (childUser + childSystem) / ticksPerSecond }
}

/** A camera's worth of picture: moving, with a sensor's noise, a key picture every two seconds. */
async function makeSource(path: string, length: number): Promise<void> {
  const noisy = 'testsrc2=size=1280x720:rate=25,noise=alls=8:allf=t'
  const short = `${path}.short.mp4`
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-b:v',
    '3M',
    '-maxrate',
    '3M',
    '-bufsize',
    '6M',
    '-g',
    '50',
    '-pix_fmt',
    'yuv420p',
  ]
  const making = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', noisy, '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000']
  await runProgram('ffmpeg', [...making, ...coding, '-c:a', 'aac', '-t', '10', short], { timeoutMs: 300_000 })
  const times = String(Math.ceil(length / 10))
  await runProgram('ffmpeg', ['-nostdin', '-v', 'error', '-stream_loop', times, '-i', short, '-c', 'copy', path], { timeoutMs: 60_000 })
}

/** A chamber of the bench: its agent dials out, delivers to a real store and serves the chamber page, as one that a council installed does. */
async function openChamber(source: string, within: string) {
  await using stack = new AsyncDisposableStack()
  const storage = stack.use(await openTestStorage())
  const authority = stack.use(await startOpensslAuthority())
  const server = stack.use(await startAgentServer(storage, authority.timeStamps))
  const of = stack.use(await enrolChamber(storage, server.url))
  const agent = await startChamberProcess({
    ...{ enrolmentFile: of.enrolmentFile, keyFile: of.keyFile, spool: of.spool, source, log: join(within, 'agent.log'), built: true },
    env: { ESCANO_RECORDER_PAGE_PORT: String(await freePort()) },
  })
  stack.defer(() => agent.stop([{ signal: 'SIGKILL', waitMs: 2000 }]))
  const { council, recorder, dir3 } = of.enrolment
  const here = () => server.agents.list(council).find((one) => one.recorder === recorder)
  await until(() => here()?.connected === true, 'the recorder did not dial')
  const session = storage.session.id
  await server.agents.send(council, recorder, { type: 'start', session, origin: treeOrigin(dir3, session, recorder) })
  await until(() => here()?.proof?.state === 'recording', 'nothing was recorded')
  const held = stack.move()
  return { agent, sessionFolder: join(of.spool, session), [Symbol.asyncDispose]: () => held.disposeAsync() }
}

async function until(is: () => boolean, otherwise: string): Promise<void> {
  for (const late = performance.now() + 120_000; !is(); await wait(200)) {
    if (performance.now() > late) throw new Error(`${otherwise} within two minutes`)
  }
}

/** What the same programs hold with nothing to do, MB: Node as the unit starts it, and ffmpeg on silence that goes nowhere. */
async function emptyPrograms(ffmpeg: string): Promise<{ node: number; ffmpeg: number }> {
  const [node = process.execPath, ...options] = (await readUnit()).command.slice(0, -2)
  const silence = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'anullsrc', '-f', 'null', '-']
  const both = [await startProgram(node, [...options, '--eval', 'setInterval(() => undefined, 1000)']), await startProgram(ffmpeg, silence)]
  await wait(4000)
  const [ofNode = 0, ofFfmpeg = 0] = await Promise.all(both.map(async ({ pid }) => rounded((await residentMb(pid)) ?? 0)))
  for (const one of both) await one.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  return { node: ofNode, ffmpeg: ofFfmpeg }
}

const rounded = (megabytes: number) => Number(megabytes.toFixed(1))
const median = (of: readonly number[]) => rounded(of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0)
const inWords = (of: { median: number; most: number }) => `${of.median} MB, at most ${of.most}`

const folder = await mkdtemp(join(tmpdir(), 'escano-cost-'))
try {
  const source = join(folder, 'camera.mp4')
  await runProgram(process.execPath, [join(repository, 'setup', 'run.mjs'), 'build'], { cwd: repository, timeoutMs: 300_000 })
  await makeSource(source, seconds + warmUpSeconds + 60)
  const ffmpeg = await findFfmpeg(process.env)
  const bareFolder = join(folder, 'bare')
  await mkdir(bareFolder)
  const empty = await emptyPrograms(ffmpeg.path)
  await using chamber = await openChamber(source, folder)
  const { agent } = chamber
  const plan = solePlan(parseSource(source))
  const bareArgs = captureArguments({
    ...{ input: inputArguments(plan.source, ffmpeg.features), probe: await probeMedia(ffmpeg, source) },
    ...{ audioInput: 0, tracks: tracksOf(plan), folder: bareFolder },
  })
  const bare = await startProgram(ffmpeg.path, bareArgs)
  await wait(warmUpSeconds * 1000)
  const capture = await newestCapture(chamber.sessionFolder)
  if (capture === undefined) throw new Error('nothing is captured')
  // Programs around the capture that are still running count as those that have ended do.
  const beside = async () => {
    const used = (await childrenOf(agent.pid)).filter((pid) => pid !== capture).map((pid) => cpuSeconds(pid).catch(() => undefined))
    return (await Promise.all(used)).reduce((sum, one) => sum + (one === undefined ? 0 : one.own + one.children), 0)
  }
  const look = async () => {
    const [around, agentNow] = [await beside(), await cpuSeconds(agent.pid)]
    return {
      agent: { ...agentNow, children: agentNow.children + around },
      capture: await cpuSeconds(capture),
      bare: await cpuSeconds(bare.pid),
    }
  }
  const [before, beganAt] = [await look(), performance.now()]
  const plainSum: number[] = []
  const sharedOnce: number[] = []
  const each: { agent: number; capture: number; besides: number }[] = []
  while (performance.now() - beganAt < seconds * 1000) {
    const besides = (await childrenOf(agent.pid)).filter((pid) => pid !== capture)
    const resident = await Promise.all([agent.pid, capture, ...besides].map(async (pid) => (await residentMb(pid)) ?? 0))
    const [ofAgent = 0, ofCapture = 0] = resident
    const total = resident.reduce((sum, one) => sum + one, 0)
    each.push({ agent: ofAgent, capture: ofCapture, besides: total - ofAgent - ofCapture })
    plainSum.push(total)
    sharedOnce.push(await heldTogetherMegabytes([agent.pid, capture, ...besides]))
    await wait(1000)
  }
  const [after, tookSeconds] = [await look(), (performance.now() - beganAt) / 1000]
  const share = (used: number) => Number(((100 * used) / tookSeconds).toFixed(1))
  const copy = share(after.capture.own - before.capture.own)
  const around = share(after.agent.own - before.agent.own + after.agent.children - before.agent.children)
  const result = {
    ...{
      bench: 'record-cost',
      at: new Date().toISOString(),
      seconds,
      percentOfOneCore: { bare: share(after.bare.own - before.bare.own), copy },
    },
    withProofAndPreview: Number((copy + around).toFixed(1)),
    ofWhichAgent: share(after.agent.own - before.agent.own),
    memoryMb: {
      plainSum: { median: median(plainSum), most: rounded(Math.max(...plainSum)) },
      sharedOnce: { median: median(sharedOnce), most: rounded(Math.max(...sharedOnce)) },
      ofPlainSum: {
        agent: median(each.map((one) => one.agent)),
        capture: median(each.map((one) => one.capture)),
        proofAndPreview: median(each.map((one) => one.besides)),
      },
      empty,
    },
    goal: { copy: 5, withProofAndPreview: 12, memoryMb: 200 },
  }
  await agent.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  process.kill(capture, 'SIGKILL')
  await bare.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  appendFileSync(join(import.meta.dirname, 'results', 'record-cost.jsonl'), `${JSON.stringify(result)}\n`)
  console.log(
    values.json
      ? JSON.stringify(result)
      : `record-cost: ffmpeg alone ${result.percentOfOneCore.bare} % of a core, ours ${copy} % (goal ≤ 5); with proof, meters and preview ` +
          `${result.withProofAndPreview} % (goal ≤ 12), of which the agent itself ${result.ofWhichAgent} %; ` +
          `resident memory as a plain sum ${inWords(result.memoryMb.plainSum)} (goal ≤ 200; agent ${result.memoryMb.ofPlainSum.agent}, capture ` +
          `${result.memoryMb.ofPlainSum.capture}, proof and preview ${result.memoryMb.ofPlainSum.proofAndPreview}; the same three programs with nothing to do ` +
          `${rounded(empty.node + 2 * empty.ffmpeg)}), with the pages that two ` +
          `ffmpegs share counted once ${inWords(result.memoryMb.sharedOnce)}`,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
