import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Recording, type RecordingConfig } from '../../recorder/recording.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { parseSource } from '../../recorder/source.ts'
import { solePlan } from '../../recorder/track-plan.ts'
import { newId } from '../../storage/model/ids.ts'
import { type GapLine, isSegmentLine, type SegmentLine } from '../../storage/model/recording.ts'
import { type Ffmpeg, findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

export const sample = join(import.meta.dirname, '../fixtures/sample-session/session.mp4')

/** An empty spool in a temporary folder. */
export async function openSpool(parent = tmpdir()): Promise<{ folder: string; spool: SegmentSpool } & AsyncDisposable> {
  const folder = await mkdtemp(join(parent, 'escano-recorder-'))
  const spool = await SegmentSpool.open(join(folder, 'session'), { session: newId(), recorder: newId() })
  return {
    ...{ folder, spool },
    async [Symbol.asyncDispose]() {
      await spool[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A recording into a temporary spool, without server. */
export interface TestRecording extends AsyncDisposable {
  folder: string
  spool: SegmentSpool
  recording: Recording
  states: string[]
}

export async function openRecording(of: { source: string; speed?: number; ffmpeg?: Ffmpeg }): Promise<TestRecording> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-recorder-'))
  const spool = await SegmentSpool.open(join(folder, 'session'), { session: newId(), recorder: newId() })
  const states: string[] = []
  const config: RecordingConfig = {
    ffmpeg: of.ffmpeg ?? (await findFfmpeg(process.env)),
    plan: solePlan(parseSource(of.source, of.speed === undefined ? {} : { speed: of.speed })),
    spool,
    onState: (state) => states.push(state),
  }
  const recording = new Recording(config)
  return {
    ...{ folder, spool, recording, states },
    async [Symbol.asyncDispose]() {
      await recording[Symbol.asyncDispose]()
      await spool[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const segmentsOf = (spool: SegmentSpool): SegmentLine[] => spool.lines.filter(isSegmentLine)
export const gapsOf = (spool: SegmentSpool): GapLine[] =>
  spool.lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')

export async function capturePid(spool: SegmentSpool, part: number): Promise<number> {
  const text = await readFile(join(spool.partFolder(part), 'capture.json'), 'utf8')
  return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid
}

/** A process may be gone before we come to it. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** What ffmpeg of a part says it has given out, ms on the part's line; told twice a second. */
export async function capturedMs(spool: SegmentSpool, part: number): Promise<number> {
  const said = await readFile(join(spool.partFolder(part), 'progress'), 'utf8')
  return Number([...said.matchAll(/^out_time_us=(\d+)/gm)].at(-1)?.[1] ?? 0) / 1000
}

export async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** What ffprobe, which is not ours, finds in segments laid end to end: seconds of picture, of sound, and their packets in order. */
export async function probeJoined(paths: string[]): Promise<{ videoSeconds: number; audioSeconds: number; monotonous: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-joined-'))
  try {
    const joined = join(folder, 'joined.ts')
    await writeFile(joined, Buffer.concat(await Promise.all(paths.map((path) => readFile(path)))))
    const args = ['-v', 'error', '-show_entries', 'packet=codec_type,dts_time', '-of', 'csv=p=0', joined]
    const { stdout } = await runProgram('ffprobe', args, { timeoutMs: 30_000 })
    const packets = new TextDecoder()
      .decode(stdout)
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    const times = (kind: string) => packets.filter(([type]) => type === kind).map(([, time]) => Number(time))
    const span = (kind: string) => (times(kind).at(-1) ?? 0) - (times(kind)[0] ?? 0)
    const monotonous = ['video', 'audio'].every((kind) => times(kind).every((time, at, all) => at === 0 || time > (all[at - 1] ?? 0)))
    return { videoSeconds: span('video') + 0.04, audioSeconds: span('audio') + 1024 / 48_000, monotonous }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
