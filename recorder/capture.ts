import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { syncFolder, writeDurably } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { isRunning, type ProcessIdentity, readProcessIdentity } from '../storage/programs/process-identity.ts'
import { gentleLadder, type RunningProgram, type StopLadder, startProgram } from '../storage/programs/run-program.ts'
import { captureArguments, captureFiles, type TrackPlan } from './capture-arguments.ts'
import { readClock } from './clock.ts'
import { pipePaced } from './paced-pipe.ts'
import { inputArguments, needsPacedPipe, resolveSource, type Source } from './source.ts'

/** The ffmpeg process of one part. How it ended proves nothing (study-recorder.md §1): what it left on the disk does. */
export interface Capture {
  readonly pid: number
  /** Settles when the process is gone. Never rejects. */
  readonly exited: Promise<void>
  stop(ladder?: StopLadder): Promise<void>
}

export interface CaptureRequest {
  ffmpeg: Ffmpeg
  source: Source
  probe: MediaProbe
  /** The source's id in the spool, and its tracks, the leading one first. */
  id: string
  tracks: readonly TrackPlan[]
  /** Folder of the part; made here. */
  folder: string
  /** Place in a file to begin at. */
  fromMs: number
}

const captureState = z.object({ pid: z.int().positive(), startTime: z.string().min(1) })

/**
 * Starts ffmpeg for a part. It writes to files only and has its own process group, so it goes on when the agent dies.
 * @throws ProgramError, SourceUnreadableError
 */
export async function startCapture(request: CaptureRequest): Promise<Capture> {
  await mkdir(request.folder, { recursive: true, mode: 0o700 })
  await syncFolder(join(request.folder, '..'))
  const { ffmpeg, probe, folder, tracks } = request
  const { monotonicNs, ...clock } = readClock()
  const plan = { source: request.id, tracks: tracks.map((one) => one.track), begunAt: { ...clock, monotonicNs: String(monotonicNs) } }
  await writeDurably(join(folder, captureFiles.plan), JSON.stringify(plan))
  const source = await resolveSource(request.source, ffmpeg.features)
  const audioInput = source.kind === 'test-picture' ? 1 : 0
  const log = join(folder, captureFiles.log)
  if (needsPacedPipe(source, ffmpeg.features)) {
    const args = captureArguments({ input: ['-f', 'mpegts', '-i', 'pipe:0'], probe, audioInput, tracks, folder })
    return await started(folder, await startPaced(request, args, log))
  }
  const args = captureArguments({ input: inputArguments(source, ffmpeg.features, request.fromMs), probe, audioInput, tracks, folder })
  return await started(folder, await startProgram(ffmpeg.path, args, { detached: true, stderrFile: log }))
}

/** The capture that an agent before us left running in the folder; undefined when it is gone. */
export async function adoptCapture(folder: string): Promise<Capture | undefined> {
  const text = await readFile(join(folder, captureFiles.state), 'utf8').catch(() => undefined)
  const identity = text === undefined ? undefined : captureState.parse(JSON.parse(text))
  if (identity === undefined || !(await isRunning(identity))) return undefined
  const exited = untilGone(identity)
  return { pid: identity.pid, exited, stop: (ladder = gentleLadder) => stopAdopted(identity, exited, ladder) }
}

async function started(folder: string, program: RunningProgram): Promise<Capture> {
  const identity = await readProcessIdentity(program.pid)
  if (identity !== undefined) await writeDurably(join(folder, captureFiles.state), JSON.stringify(identity))
  return { pid: program.pid, exited: program.exited.then(() => undefined), stop: (ladder) => program.stop(ladder) }
}

/** Reader → our pacing → capture: dies with us, which a file read from a disk can bear. */
async function startPaced(request: CaptureRequest, args: string[], log: string): Promise<RunningProgram> {
  const { ffmpeg, source, fromMs } = request
  if (source.kind !== 'file') throw new TypeError('only a file is paced by us')
  const seek = fromMs > 0 ? ['-ss', (fromMs / 1000).toFixed(3)] : []
  const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning']
  // One PCR each 20 ms keeps the slices of the pacing small.
  const reading = [
    ...quiet,
    ...seek,
    '-i',
    `file:${source.path}`,
    '-map',
    '0:v:0?',
    '-map',
    '0:a:0?',
    '-c',
    'copy',
    '-f',
    'mpegts',
    'pipe:1',
  ]
  const capture = await startProgram(
    ffmpeg.path,
    args.filter((one) => one !== '-nostdin'),
    { stdin: 'pipe', stderrFile: log },
  )
  const reader = await startProgram(ffmpeg.path, reading, { stdout: 'pipe', stderrFile: log })
  if (reader.stdout === undefined || capture.stdin === undefined) throw new TypeError('a pipe was asked for')
  // When the capture is stopped its input breaks; then the reader is of no use either.
  capture.stdin.on('error', () => undefined)
  void pipePaced(reader.stdout, capture.stdin, source.speed).catch(() => undefined)
  void capture.exited.then(() => reader.stop([{ signal: 'SIGKILL', waitMs: 2000 }]))
  return capture
}

async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (await isRunning(identity)) await wait(200, undefined, { ref: false })
}

async function stopAdopted(identity: ProcessIdentity, exited: Promise<void>, ladder: StopLadder): Promise<void> {
  for (const step of ladder) {
    if (!(await isRunning(identity))) return
    process.kill(identity.pid, step.signal)
    await Promise.race([exited, wait(step.waitMs)])
  }
}

/** A file was read to its end: only then, or when told, does ffmpeg say so itself. For a live source it proves nothing. */
export async function cameToItsEnd(folder: string): Promise<boolean> {
  const said = await readFile(join(folder, captureFiles.progress), 'utf8').catch(() => '')
  return said.trimEnd().endsWith('progress=end')
}
