import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { captureArguments } from '../../recorder/capture-arguments.ts'
import { Recording } from '../../recorder/recording.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { inputArguments, parseSource } from '../../recorder/source.ts'
import { solePlan, tracksOf } from '../../recorder/track-plan.ts'
import { newId } from '../../storage/model/ids.ts'
import { journalLine } from '../../storage/model/recording.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { probeMedia } from '../../storage/programs/probe-media.ts'
import { ProgramError, type RunningProgram, runProgram, startProgram } from '../../storage/programs/run-program.ts'
import { repository } from '../journeys/escano.ts'
import { capturePid, gapsOf, killIfThere, sample, segmentsOf } from '../recorder/recorded.ts'
import { openCutDisk } from '../servers/cut-disk.ts'

const plan = solePlan(parseSource(sample))
const killNow = [{ signal: 'SIGKILL', waitMs: 5000 }] as const

/** What others write: one plain MP4, what ffmpeg's hls muxer makes by default for a recorder, one Matroska with clusters of a second. */
const others = (folder: string) => [
  ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy', join(folder, 'plain.mp4')],
  ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy', '-f', 'hls', '-hls_time', '4', '-hls_list_size', '0', '-hls_flags', 'temp_file'],
  join(folder, 'hls.m3u8'),
  ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy', '-cluster_time_limit', '1000', '-flush_packets', '1', join(folder, 'one.mkv')],
]

/** One ffmpeg with our outputs and those of others, of one source at one moment. */
async function startAll(folder: string): Promise<RunningProgram> {
  const ffmpeg = await findFfmpeg(process.env)
  await mkdir(folder, { recursive: true })
  const args = captureArguments({
    ...{ input: inputArguments(plan.source, ffmpeg.features), probe: await probeMedia(ffmpeg, sample) },
    ...{ audioInput: 0, tracks: tracksOf(plan), folder },
  })
  return await startProgram(ffmpeg.path, ['-stats_period', '0.1', ...args, ...others(folder)], { stderrFile: join(folder, 'log') })
}

async function givenOut(folder: string): Promise<number> {
  const said = await readFile(join(folder, 'progress'), 'utf8')
  return Number([...said.matchAll(/^out_time_us=(\d+)/gm)].at(-1)?.[1] ?? 0) / 1e6
}

/** Seconds of picture from 0 that a player gets out of a file, by ffprobe, which is not ours; 0 when it does not open. */
async function playable(path: string): Promise<number> {
  try {
    const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0', path]
    const { stdout } = await runProgram('ffprobe', args, { timeoutMs: 60_000 })
    const packets = [...new TextDecoder().decode(stdout).matchAll(/^([\d.]+),([\d.]+)/gm)].map(([, pts, duration]) => [
      Number(pts),
      Number(duration),
    ])
    if (packets.length === 0) return 0
    const from = Math.min(...packets.map(([pts = 0]) => pts))
    return Math.max(...packets.map(([pts = 0, duration = 0]) => pts + duration)) - from
  } catch (error) {
    if (error instanceof ProgramError) return 0
    throw error
  }
}

/** Seconds in a folder of pieces, of which the names begin so: those that are empty or do not open count nothing. */
async function playableOf(folder: string, name: RegExp): Promise<number> {
  let sum = 0
  for (const one of await readdir(folder).catch(() => [])) {
    if (name.test(one) && (await stat(join(folder, one))).size > 0) sum += await playable(join(folder, one))
  }
  return sum
}

async function lostOfAll(folder: string, given: number): Promise<Record<string, number>> {
  const lost = (kept: number) => Math.max(0, given - kept)
  return {
    escano: lost(await playableOf(folder, /^s\d+\.ts$/)),
    'plain MP4': lost(await playable(join(folder, 'plain.mp4'))),
    'hls muxer': lost(await playableOf(folder, /^hls\d+\.ts$/)),
    'one Matroska': lost(await playable(join(folder, 'one.mkv'))),
  }
}

/** @returns seconds lost by each, when ffmpeg is killed after so many seconds */
export async function measureKill(folder: string, afterSeconds: number): Promise<Record<string, number>> {
  const program = await startAll(folder)
  await untilGiven(folder, afterSeconds)
  await program.stop(killNow)
  return await lostOfAll(folder, await givenOut(folder))
}

/** The agent is killed and another takes over: what is missing is the gaps that its journal states. */
export async function measureAgentKill(folder: string): Promise<{ lostSeconds: number; backSeconds: number }> {
  await mkdir(folder, { recursive: true })
  const args = ['--import', 'tsx', 'escano.ts', 'record', '--source', sample, '--out', folder]
  const agent = await startProgram(process.execPath, args, { cwd: repository })
  const session = await until(async () => (await readdir(folder)).find((name) => !name.startsWith('.')))
  const journal = join(folder, session, 'journal.jsonl')
  const first = await until(async () => (await readFile(journal, 'utf8').catch(() => '')).split('\n')[0] || undefined)
  await agent.stop(killNow)
  const killedAt = performance.now()
  const { session: id, recorder } = journalLine.parse(JSON.parse(first))
  await using spool = await SegmentSpool.open(join(folder, session), { session: id, recorder })
  await using recording = new Recording({ ffmpeg: await findFfmpeg(process.env), plan, spool })
  recording.begin()
  await until(async () => (recording.view.state === 'recording' ? true : undefined))
  const backSeconds = Number(((performance.now() - killedAt) / 1000).toFixed(2))
  await until(async () => (segmentsOf(spool).length > 2 ? true : undefined))
  recording.stop()
  await recording.ended
  return { lostSeconds: gapsOf(spool).reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0) / 1000, backSeconds }
}

/** Our recorder, with its syncs, and beside it on the same disk one ffmpeg that writes what others do, without any. */
export async function measurePowerCut(afterSeconds: number): Promise<Record<string, number>> {
  await using disk = await openCutDisk(400)
  const beside = join(disk.folder, 'others')
  const [ids, folder] = [{ session: newId(), recorder: newId() }, join(disk.folder, 'session')]
  const ffmpeg = await findFfmpeg(process.env)
  const spool = await SegmentSpool.open(folder, ids)
  const recording = new Recording({ ffmpeg, plan, spool })
  recording.begin()
  const program = await startAll(beside)
  await untilGiven(beside, afterSeconds)
  const pid = await capturePid(spool, 0)
  const [given, givenBeside] = [await givenOut(spool.partFolder(0)), await givenOut(beside)]
  await disk.cut()
  killIfThere(pid)
  await program.stop(killNow)
  recording.suspend()
  await recording.ended.catch(() => undefined)
  await spool[Symbol.asyncDispose]().catch(() => undefined)
  await disk.again()
  await using back = await SegmentSpool.open(folder, ids)
  await using again = new Recording({ ffmpeg, plan, spool: back })
  // Stopped before it records: it only brings the journal up to what is on the disk.
  again.begin('paused')
  again.stop()
  await again.ended
  const endMs = Math.max(0, ...segmentsOf(back).map((line) => line.ptsMs + line.durationMs))
  const unsynced = await lostOfAll(beside, givenBeside)
  const { escano: segmentsUnsynced = Number.NaN, ...rest } = unsynced
  return { escano: Math.max(0, given - endMs / 1000), 'same segments, never synced': segmentsUnsynced, ...rest }
}

async function untilGiven(folder: string, seconds: number): Promise<void> {
  await until(async () => ((await givenOut(folder).catch(() => 0)) >= seconds ? true : undefined))
}

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (const limit = performance.now() + 300_000; ; await wait(20)) {
    const found = await find()
    if (found !== undefined) return found
    if (performance.now() > limit) throw new Error('waited for five minutes in vain')
  }
}
