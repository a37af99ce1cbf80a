import { once } from 'node:events'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { backgroundNiceness as niceness } from './background.ts'
import { AudioUnreadableError, bytesPerMs, decodeRun, type SessionAudio } from './session-audio.ts'
import { findSpeech, type SpeechRegion } from './voice-activity.ts'
import { mixOf } from './wav-stream.ts'

/** A segment of sound that has come; `read` gives its bytes, checked. */
export interface LiveSegment {
  recorder: string
  part: number
  ptsMs: number
  durationMs: number
  sha256: string
  read(): Promise<Uint8Array>
}

interface Run {
  fromMs: number
  segments: PassThrough
  pcm: PassThrough
  /** Byte of the spool that comes next. */
  at: number
  settledMs: number
  regions: readonly SpeechRegion[]
  /** When all of it was heard, or it could not be. */
  heard: Promise<void>
}

/**
 * Sound of a session that still runs, decoded and listened to as its segments come: a decoder and a detector for each run, which go on from
 * segment to segment, so that samples and regions of speech are those that the final pass finds. Only the mix of all channels.
 */
export class LiveSound implements AsyncDisposable {
  readonly #options: { ffmpeg: Ffmpeg; voiceActivityModel: string; folder: string }
  readonly #ending = new AbortController()
  readonly #runs: Run[] = []
  readonly #taken: LiveSegment[] = []
  readonly #path: string
  #file: FileHandle | undefined
  #failure: Error | undefined

  constructor(options: { ffmpeg: Ffmpeg; voiceActivityModel: string; folder: string }) {
    this.#options = options
    this.#path = join(options.folder, `live-${process.pid}.s16le`)
  }

  /** Whether these segments only go on from those that were taken: a hole that was filled, or another recorder of record, is another sound. */
  goesOn(segments: readonly LiveSegment[]): boolean {
    return this.#taken.every((one, at) => segments[at]?.sha256 === one.sha256 && segments[at]?.ptsMs === one.ptsMs)
  }

  /** Takes the segments that are new. What is heard of them shows in `audio`, `speech` and `settledMs` a little later. */
  async take(segments: readonly LiveSegment[], signal: AbortSignal): Promise<void> {
    for (const segment of segments.slice(this.#taken.length)) {
      signal.throwIfAborted()
      const bytes = await segment.read()
      const run = await this.#runOf(segment)
      this.#taken.push(segment)
      if (!run.segments.writable) continue
      if (!run.segments.write(bytes)) await Promise.race([once(run.segments, 'drain'), run.heard])
    }
    if (this.#failure) throw this.#failure
  }

  /** What can be read of it by now. */
  get audio(): SessionAudio {
    const runs = this.#runs.map((run, i) => {
      const next = this.#runs[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      return { fromMs: run.fromMs, toMs: Math.min(Math.floor(run.at / bytesPerMs), next) }
    })
    return { path: this.#path, runs, channels: [] }
  }

  /** Regions of speech that have ended. */
  get speech(): SpeechRegion[] {
    return this.#runs.flatMap((run, i) => {
      const end = this.#runs[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      return run.regions.map((one) => ({ fromMs: one.fromMs, toMs: Math.min(one.toMs, end) })).filter((one) => one.toMs > one.fromMs)
    })
  }

  /** A place before which no other region of speech begins any more. */
  get settledMs(): number {
    return this.#runs.at(-1)?.settledMs ?? 0
  }

  /** The run a segment goes on with; a new part, or a hole of half a second, begins another once the last was heard to its end. */
  async #runOf(segment: LiveSegment): Promise<Run> {
    const [last, run] = [this.#taken.at(-1), this.#runs.at(-1)]
    const follows =
      last?.recorder === segment.recorder && last.part === segment.part && segment.ptsMs - (last.ptsMs + last.durationMs) < 500
    if (run && follows) return run
    run?.segments.end()
    await run?.heard
    return this.#begin(segment.ptsMs)
  }

  async #begin(fromMs: number): Promise<Run> {
    this.#file ??= await openSpool(this.#options.folder, this.#path)
    const run: Run = {
      ...{ fromMs, segments: new PassThrough(), pcm: new PassThrough(), at: fromMs * bytesPerMs, settledMs: fromMs, regions: [] },
      heard: Promise.resolve(),
    }
    // A decoder that gives up closes what it is fed with; why, its end says.
    for (const pipe of [run.segments, run.pcm]) pipe.on('error', () => undefined)
    run.heard = this.#hear(run, this.#file).catch((error: Error) => {
      run.segments.destroy()
      // A run without sound is a stretch without speech.
      if (!(error instanceof AudioUnreadableError) && !this.#ending.signal.aborted) this.#failure = error
    })
    this.#runs.push(run)
    return run
  }

  async #hear(run: Run, file: FileHandle): Promise<void> {
    const { ffmpeg, voiceActivityModel: model } = this.#options
    const { signal } = this.#ending
    const onHeard: Parameters<typeof findSpeech>[2]['onHeard'] = (of) => {
      if ('regions' in of) run.regions = of.regions
      else run.settledMs = of.settledMs
    }
    const listening = findSpeech(run.pcm, run.fromMs, { model, signal, onHeard, niceness })
    listening.catch(() => run.pcm.destroy())
    try {
      for await (const piece of decodeRun(ffmpeg, { fromMs: run.fromMs, media: { bytes: () => run.segments } }, signal, niceness)) {
        const mix = piece.channels === 1 ? piece.bytes : mixOf(piece)
        await file.write(mix, 0, mix.length, run.at)
        run.at += mix.length
        if (!run.pcm.write(mix)) await Promise.race([once(run.pcm, 'drain'), listening])
      }
    } finally {
      run.pcm.end()
    }
    await listening
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error('the draft of this session ends'))
    for (const run of this.#runs) {
      run.segments.destroy()
      await run.heard
    }
    await this.#file?.close()
    await rm(this.#path, { force: true })
  }
}

/** A fresh spool of this process; those of workers that died are removed. */
async function openSpool(folder: string, path: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const pid = /^live-(\d+)\.s16le$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true })
  }
  return await open(path, 'w', 0o600)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
