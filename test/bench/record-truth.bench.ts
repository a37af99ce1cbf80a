import { appendFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import { Recorder } from '../../recorder/recorder.ts'
import { parseJournal, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { isSegmentLine, type SegmentLine } from '../../storage/model/recording.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { newestCapture } from '../servers/chamber-process.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { type RtspCamera, startCamera, startFlashCamera } from '../servers/rtsp-camera.ts'
import { missingSmallDisk, openSmallDisk } from '../servers/small-disk.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { lookAtMedia } from '../soak/soak-check.ts'
import { enrolChamber, startAgentServer } from '../web/agent/chamber.ts'

/**
 * `npm run bench -- record-truth [--rounds 3] [--quiet-minutes 10]`: from a fault done to a camera, to its ffmpeg or to the disk until its alarm has
 * come to the server over the link, as the tablet gets it; how many alarms came in so many minutes in which nothing was wrong; and, on a
 * camera that flashes and beeps by the clock, how far sound lies from picture and a part from where the journal says it lies, its ffmpeg
 * killed in between (design.md §4). It has no reference: nobody else tells.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string' }, 'quiet-minutes': { type: 'string' }, json: { type: 'boolean' } } })
const [rounds, quietMinutes] = [Number(values.rounds ?? 3), Number(values['quiet-minutes'] ?? 10)]

const storage = await openTestStorage()
const authority = await startOpensslAuthority()
const server = await startAgentServer(storage, authority.timeStamps)
const folder = await mkdtemp(join(tmpdir(), 'escano-truth-'))
const { session } = storage

/** One recorder of its own for each camera: a session is recorded once. */
async function record<T>(
  camera: RtspCamera,
  sessionFolderThen: (of: { folder: string; heard: () => ProofOfLife | undefined }) => Promise<T>,
  disk?: string,
): Promise<T> {
  await using chamber = await enrolChamber(storage, server.url)
  const { recorder, dir3, council } = chamber.enrolment
  const spool = disk ?? chamber.spool
  let heard: ProofOfLife | undefined
  const silence = server.agents.onProof((told) => {
    if (told.recorder === recorder) heard = told.proof
  })
  await using agent = await Recorder.open({
    ...{ identity: chamber.identity, ffmpeg: await findFfmpeg(process.env), spool, source: camera.url, speed: 1 },
  })
  await until(() => server.agents.list(council).some((one) => one.recorder === recorder && one.connected))
  await server.agents.send(council, recorder, { type: 'start', session: session.id, origin: treeOrigin(dir3, session.id, recorder) })
  await until(() => heard?.state === 'recording' && heard.segments > 0)
  const result = await sessionFolderThen({ folder: join(spool, session.id), heard: () => heard })
  await agent.stop(session.id)
  await agent.ended(session.id)
  silence()
  return result
}

async function until(holds: () => boolean): Promise<number> {
  const from = performance.now()
  while (!holds()) {
    if (performance.now() - from > 300_000) throw new Error('waited for five minutes in vain')
    await wait(20)
  }
  return (performance.now() - from) / 1000
}

const delays: Record<string, number[]> = {}
const note = (fault: string, seconds: number) => {
  delays[fault] = [...(delays[fault] ?? []), Math.round(seconds * 100) / 100]
}

let camera = await startCamera()
let falseAlarms = 0
await record(camera, async ({ folder: spooled, heard }) => {
  const codes = () => (heard()?.alarms ?? []).map((one) => one.code).filter((code) => !code.startsWith('disk-'))
  for (const end = performance.now() + quietMinutes * 60_000; performance.now() < end; await wait(500))
    if (codes().length > 0) falseAlarms++
  for (let round = 0; round < rounds; round++) {
    for (const [harm, code] of [
      ['mute', 'no-sound'],
      ['black', 'black-picture'],
      ['frozen', 'frozen-picture'],
    ] as const) {
      camera.suffer(harm)
      note(harm, await until(() => codes().includes(code)))
      camera.suffer('live')
      await until(() => codes().length === 0)
    }
    process.kill((await newestCapture(spooled)) ?? 0, 'SIGKILL')
    note('ffmpeg killed', await until(() => codes().includes('source-lost')))
    await until(() => codes().length === 0)
    const { port } = camera
    await camera.kill()
    note('camera unplugged', await until(() => codes().includes('source-lost')))
    camera = await startCamera(port)
    await until(() => codes().length === 0)
    process.kill(camera.pid, 'SIGSTOP')
    note('camera stopped', await until(() => codes().some((code) => code === 'not-written' || code === 'source-lost')))
    process.kill(camera.pid, 'SIGCONT')
    await until(() => codes().length === 0)
    await wait(5000)
  }
})
await camera[Symbol.asyncDispose]()

/** Somebody else fills the disk of the spool to the last megabyte and a half, of which nothing is recorded but sound. */
async function fillDisk(): Promise<void> {
  await using disk = await openSmallDisk(120)
  await using source = await startCamera()
  const fill = async (heard: () => ProofOfLife | undefined) => {
    const told = () => heard()?.alarms?.some((one) => one.code === 'disk-sound-only' || one.code === 'disk-full') ?? false
    for (let round = 0; round < rounds; round++) {
      const { bavail, bsize } = await statfs(disk.folder)
      await writeFile(join(disk.folder, 'somebody-else'), Buffer.alloc(bavail * bsize - 1_500_000))
      note('disk full', await until(told))
      await rm(join(disk.folder, 'somebody-else'))
      await until(() => !told())
    }
  }
  await record(source, ({ heard }) => fill(heard), disk.folder)
}
if (missingSmallDisk === undefined) await fillDisk()
else console.error(`record-truth: no full disk: ${missingSmallDisk}`)

const flashing = await startFlashCamera([])
const media = await record(flashing, async ({ folder: spooled, heard }) => {
  const before = heard()?.segments ?? 0
  await until(() => (heard()?.segments ?? 0) >= before + 4)
  process.kill((await newestCapture(spooled)) ?? 0, 'SIGKILL')
  const broken = heard()?.segments ?? 0
  await until(() => (heard()?.segments ?? 0) >= broken + 5)
  const { lines } = parseJournal(new Uint8Array(await readFile(join(spooled, 'journal.jsonl'))))
  const segments = await Promise.all(
    lines.filter(isSegmentLine).map(async (line): Promise<[SegmentLine, Uint8Array]> => {
      const name = `s${String(line.index).padStart(5, '0')}.ts`
      return [line, new Uint8Array(await readFile(join(spooled, `part-${String(line.part).padStart(3, '0')}`, name)))]
    }),
  )
  return await lookAtMedia(segments, folder)
})
await flashing[Symbol.asyncDispose]()

const worst = Math.max(...Object.values(delays).flat())
const result = {
  ...{ bench: 'record-truth', at: new Date().toISOString(), rounds, quietMinutes, alarmSeconds: delays, worstAlarmSeconds: worst },
  ...{ falseAlarms, gapErrorMs: media.placeErrorMs, soundOffsetMs: media.soundOffsetMs },
  goal: { worstAlarmSeconds: 6, falseAlarms: 0, gapErrorMs: 200, soundOffsetMs: 20 },
}
appendFileSync(join(import.meta.dirname, 'results', 'record-truth.jsonl'), `${JSON.stringify(result)}\n`)
if (values.json) console.log(JSON.stringify(result))
else {
  console.table(
    Object.fromEntries(Object.entries(delays).map(([fault, all]) => [fault, { seconds: all.join(', '), worst: Math.max(...all) }])),
  )
  console.log(
    `record-truth: worst alarm at the server after ${worst} s (goal ≤ 6); ${falseAlarms} false alarms in ${quietMinutes} min (goal 0); ` +
      `gaps stated to ${media.placeErrorMs} ms (goal ≤ 200); sound ${media.soundOffsetMs} ms from picture (goal ≤ 20)`,
  )
}
await rm(folder, { recursive: true, force: true })
for (const one of [server, authority, storage]) await one[Symbol.asyncDispose]()
