import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeDurably } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { startProgram } from '../storage/programs/run-program.ts'
import { feedProgram, lastWords } from './feed-program.ts'

/** Bytes of a millisecond: 16 kHz, one channel, 16 bits, what voice activity and recognition are fed with. */
export const bytesPerMs = 32
/** Longest media line that is worked on; a place beyond it is a damaged journal, not a session. */
const longestMs = 48 * 3600 * 1000

/** A file of a session that was not decodable, or whose sound lies nowhere on a sane media line. */
export class AudioUnreadableError extends Error {
  override readonly name = 'AudioUnreadableError'
}

/** Media without a break, from `fromMs` of the session's media line on. A gap or a new part begins another run. */
export interface AudioRun {
  fromMs: number
  /** Where the next run begins: sound that a damaged file claims beyond it is not taken. */
  untilMs?: number
  /** A file that ffmpeg opens itself, or bytes (MPEG-TS segments one after the other) that it is fed with. */
  media: { path: string } | { bytes: () => AsyncIterable<Uint8Array> }
}

const spooledAudio = z.object({
  v: z.literal(1),
  source: z.string(),
  runs: z.array(z.object({ fromMs: z.int(), toMs: z.int() })),
  sha256: z.string(),
})

/** Sound of a session on disk, addressed by the media line: place = milliseconds × 32 bytes; gaps are holes and read as silence. */
export interface SessionAudio {
  path: string
  runs: { fromMs: number; toMs: number }[]
}

/**
 * Decodes a session to 16 kHz mono, 16 bits, streamed to `folder`, never whole in memory. Done already (same `source`): taken as it is.
 * A power cut leaves a temporary file, and the next call starts over.
 * @param source what the runs are made of, e.g. a hash over their segments: tells whether what lies there is the same
 * @throws AudioUnreadableError
 */
export async function spoolAudio(
  ffmpeg: Ffmpeg,
  runs: AudioRun[],
  options: { folder: string; source: string; signal?: AbortSignal },
): Promise<SessionAudio> {
  const path = join(options.folder, 'audio.s16le')
  const known = await readSpooled(options.folder)
  if (known?.source === options.source) return { path, runs: known.runs }
  await mkdir(options.folder, { recursive: true })
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`
  const file = await open(temporary, 'w', 0o600)
  const hash = createHash('sha256')
  const placed: SessionAudio['runs'] = []
  try {
    for (const run of runs) {
      if (run.fromMs > longestMs)
        throw new AudioUnreadableError(`a part begins at ${run.fromMs} ms, beyond 48 hours: the journal is damaged`)
      let at = run.fromMs * bytesPerMs
      const end = Math.min(run.untilMs ?? longestMs, longestMs) * bytesPerMs
      for await (const piece of decode(ffmpeg, run, options.signal)) {
        const taken = piece.subarray(0, Math.max(0, end - at))
        await file.write(taken, 0, taken.length, at)
        hash.update(taken)
        at += taken.length
      }
      placed.push({ fromMs: run.fromMs, toMs: Math.floor(at / bytesPerMs) })
    }
    await file.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
  const record = { v: 1 as const, source: options.source, runs: placed, sha256: hash.digest('hex') }
  await writeDurably(join(options.folder, 'audio.json'), JSON.stringify(record))
  return { path, runs: placed }
}

async function readSpooled(folder: string): Promise<z.infer<typeof spooledAudio> | undefined> {
  try {
    return spooledAudio.parse(JSON.parse(await readFile(join(folder, 'audio.json'), 'utf8')))
  } catch {
    // Not there or cut short: it is decoded again.
    return undefined
  }
}

/**
 * Sound between two places of the media line, as a stream of pieces of at most 64 KiB. Beyond the last run it ends early.
 */
export async function* streamAudio(audio: SessionAudio, fromMs: number, toMs: number): AsyncGenerator<Uint8Array> {
  if (toMs <= fromMs) return
  const bytes = createReadStream(audio.path, { start: fromMs * bytesPerMs, end: toMs * bytesPerMs - 1 })
  for await (const piece of bytes as AsyncIterable<Uint8Array>) yield piece
}

/** Sound of a chunk, whole: at most a minute. */
export async function readAudio(audio: SessionAudio, fromMs: number, toMs: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of streamAudio(audio, fromMs, toMs)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Arguments that turn any media into 16 kHz mono samples; holes in the sound are filled, so that time stays true. */
export function decodeArguments(input: string): string[] {
  const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error']
  const sound = ['-map', '0:a:0', '-af', 'aresample=16000:async=1000:first_pts=0', '-ac', '1', '-ar', '16000']
  return [...quiet, '-i', input, ...sound, '-f', 's16le', 'pipe:1']
}

async function* decode(ffmpeg: Ffmpeg, run: AudioRun, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const input = 'path' in run.media ? `file:${run.media.path}` : 'pipe:0'
  const program = await startProgram(ffmpeg.path, decodeArguments(input), {
    stdin: 'path' in run.media ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  signal?.addEventListener('abort', stop, { once: true })
  const complaint = lastWords(program.stderr)
  const fed = 'bytes' in run.media && program.stdin ? feedProgram(run.media.bytes(), program.stdin) : undefined
  fed?.catch(() => undefined)
  let decodedBytes = 0
  let finished = false
  try {
    for await (const piece of (program.stdout ?? []) as AsyncIterable<Uint8Array>) {
      decodedBytes += piece.length
      yield piece
    }
    finished = true
  } finally {
    signal?.removeEventListener('abort', stop)
    if (!finished) await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }
  await fed
  const { code } = await program.exited
  signal?.throwIfAborted()
  const what = 'path' in run.media ? run.media.path : `the segments from ${run.fromMs} ms`
  const said = await complaint
  if (decodedBytes === 0) throw new AudioUnreadableError(`no sound could be read from ${what}: ${said || `ffmpeg ended with code ${code}`}`)
  // A cut-off file gives what it holds; ffmpeg's code then is not zero, and the sound so far is still true.
}
