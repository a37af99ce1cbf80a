import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeDurably } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { startProgram } from '../storage/programs/run-program.ts'
import { feedProgram, lastWords } from './feed-program.ts'
import { channelOf, mixOf, type PcmPiece, readWavStream } from './wav-stream.ts'

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
  v: z.literal(2),
  source: z.string(),
  runs: z.array(z.object({ fromMs: z.int(), toMs: z.int() })),
  /** 0: one channel, which is the mix itself. */
  channels: z.int().nonnegative(),
  sha256: z.string(),
})

/** Sound of a session on disk, addressed by the media line: place = milliseconds × 32 bytes; gaps are holes and read as silence. */
export interface SessionAudio {
  /** All channels as one: what is recognised. */
  path: string
  runs: { fromMs: number; toMs: number }[]
  /** Each channel by itself, in their order, addressed alike; none when the sound has one channel only. */
  channels: string[]
}

/**
 * Decodes a session to 16 kHz, 16 bits, the mix of its channels and each channel by itself, streamed to `folder`, never whole in memory.
 * Done already (same `source`): taken as it is. A power cut leaves temporary files, and the next call starts over.
 * @param source what the runs are made of, e.g. a hash over their segments: tells whether what lies there is the same
 * @throws AudioUnreadableError
 */
export async function spoolAudio(
  ffmpeg: Ffmpeg,
  runs: AudioRun[],
  options: { folder: string; source: string; signal?: AbortSignal },
): Promise<SessionAudio> {
  const known = await readSpooled(options.folder)
  if (known?.source === options.source) return spooled(options.folder, known)
  await mkdir(options.folder, { recursive: true })
  const spool = new AudioSpool(options.folder)
  const placed: SessionAudio['runs'] = []
  try {
    for (const run of runs) {
      if (run.fromMs > longestMs)
        throw new AudioUnreadableError(`a part begins at ${run.fromMs} ms, beyond 48 hours: the journal is damaged`)
      let at = run.fromMs * bytesPerMs
      const end = Math.min(run.untilMs ?? longestMs, longestMs) * bytesPerMs
      for await (const piece of decodeRun(ffmpeg, run, options.signal)) at += await spool.write(piece, at, end - at)
      placed.push({ fromMs: run.fromMs, toMs: Math.floor(at / bytesPerMs) })
    }
    const of = await spool.finish()
    const record = { v: 2 as const, source: options.source, runs: placed, ...of }
    await writeDurably(join(options.folder, 'audio.json'), JSON.stringify(record))
    return spooled(options.folder, record)
  } finally {
    await spool[Symbol.asyncDispose]()
  }
}

function spooled(folder: string, of: Pick<z.infer<typeof spooledAudio>, 'runs' | 'channels'>): SessionAudio {
  return { path: mixPath(folder), runs: of.runs, channels: Array.from({ length: of.channels }, (_, i) => channelPath(folder, i)) }
}

function mixPath(folder: string): string {
  return join(folder, 'audio.s16le')
}

function channelPath(folder: string, channel: number): string {
  return join(folder, `channel-${channel + 1}.s16le`)
}

/** The files of a session's sound while they are written; under their names they appear when all is there. */
class AudioSpool implements AsyncDisposable {
  readonly #folder: string
  readonly #mark = `${randomBytes(4).toString('hex')}.part`
  readonly #open = new Map<string, FileHandle>()
  readonly #hash = createHash('sha256')
  #channels = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @returns bytes of one channel written at `at`, at most `room` */
  async write(piece: PcmPiece, at: number, room: number): Promise<number> {
    const length = Math.max(0, Math.min(piece.bytes.length / piece.channels, room))
    if (length === 0) return 0
    const mix = (piece.channels === 1 ? piece.bytes : mixOf(piece)).subarray(0, length)
    this.#hash.update(mix)
    await this.#put(mixPath(this.#folder), mix, at)
    if (piece.channels === 1) return length
    this.#channels = Math.max(this.#channels, piece.channels)
    for (let channel = 0; channel < piece.channels; channel++) {
      await this.#put(channelPath(this.#folder, channel), channelOf(piece, channel).subarray(0, length), at)
    }
    return length
  }

  async #put(path: string, bytes: Uint8Array, at: number): Promise<void> {
    const file = this.#open.get(path) ?? (await open(`${path}.${this.#mark}`, 'w', 0o600))
    this.#open.set(path, file)
    await file.write(bytes, 0, bytes.length, at)
  }

  async finish(): Promise<{ channels: number; sha256: string }> {
    for (const [path, file] of this.#open) {
      await file.sync()
      await file.close()
      await rename(`${path}.${this.#mark}`, path)
    }
    this.#open.clear()
    await syncFolder(this.#folder)
    return { channels: this.#channels, sha256: this.#hash.digest('hex') }
  }

  /** What was not finished is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const [path, file] of this.#open) {
      await file.close()
      await rm(`${path}.${this.#mark}`, { force: true })
    }
  }
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
 * @param channel from 1, where the sound has several; without it the mix
 */
export async function* streamAudio(audio: SessionAudio, fromMs: number, toMs: number, channel?: number): AsyncGenerator<Uint8Array> {
  const path = channel === undefined ? audio.path : audio.channels[channel - 1]
  if (toMs <= fromMs || path === undefined) return
  const bytes = createReadStream(path, { start: fromMs * bytesPerMs, end: toMs * bytesPerMs - 1 })
  for await (const piece of bytes as AsyncIterable<Uint8Array>) yield piece
}

/** Sound of a chunk, whole: at most a minute. */
export async function readAudio(audio: SessionAudio, fromMs: number, toMs: number, channel?: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of streamAudio(audio, fromMs, toMs, channel)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Arguments that turn any media into 16 kHz samples, all channels, as WAV; holes in the sound are filled, so that time stays true. */
export function decodeArguments(input: string): string[] {
  const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error']
  const sound = ['-map', '0:a:0', '-af', 'aresample=16000:async=1000:first_pts=0', '-ar', '16000', '-c:a', 'pcm_s16le']
  return [...quiet, '-i', input, ...sound, '-fflags', '+bitexact', '-f', 'wav', 'pipe:1']
}

/** Samples of a run as they are decoded. @param niceness of the decoder @throws AudioUnreadableError */
export async function* decodeRun(ffmpeg: Ffmpeg, run: AudioRun, signal?: AbortSignal, niceness = 0): AsyncGenerator<PcmPiece> {
  const input = 'path' in run.media ? `file:${run.media.path}` : 'pipe:0'
  const program = await startProgram(ffmpeg.path, decodeArguments(input), {
    stdin: 'path' in run.media ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(niceness > 0 ? { niceness } : {}),
  })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  signal?.addEventListener('abort', stop, { once: true })
  const complaint = lastWords(program.stderr)
  const fed = 'bytes' in run.media && program.stdin ? feedProgram(run.media.bytes(), program.stdin) : undefined
  fed?.catch(() => undefined)
  let decodedBytes = 0
  let finished = false
  try {
    for await (const piece of readWavStream((program.stdout ?? []) as AsyncIterable<Uint8Array>)) {
      decodedBytes += piece.bytes.length
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
