import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RecorderState } from '../storage/model/recording.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { type Capture, startCapture } from './capture.ts'
import { captureFiles } from './capture-arguments.ts'
import { type ClockReading, elapsedMs, readClock } from './clock.ts'
import { type Anchor, placeAt } from './media-line.ts'
import { PartFollower } from './part-follower.ts'
import { type Proof, proveWritten } from './proof-of-life.ts'
import { provenState, restartDelayMs } from './recorder-state.ts'
import { recoverSpool } from './recover-spool.ts'
import type { SegmentSpool } from './segment-spool.ts'
import { probeSource, type Source, speedOf } from './source.ts'
import { watchPart } from './watch-part.ts'

type Wanted = 'recording' | 'paused' | 'stopped'

export interface RecordingConfig {
  ffmpeg: Ffmpeg
  source: Source
  spool: SegmentSpool
  /** Told after lines are on the disk. Must not throw. */
  onLines?: () => void
  /** Told at each change of state. Must not throw. */
  onState?: (state: RecorderState, cause: string | undefined) => void
}

export interface RecordingView {
  state: RecorderState
  /** What is wrong now: a code of the gap it will leave, or the sentence of an error. */
  cause: string | undefined
  part: number
  /** Place being captured now, by the clock. */
  mediaMs: number
  /** 0 while nothing is captured. */
  speed: number
  proven: { mediaMs: number; wallMs: number; peakDb: number | null; picture: boolean } | undefined
}

/**
 * One session being recorded: parts one after another, each by its own ffmpeg, until it is stopped or the file is through.
 * Any end of ffmpeg that nobody asked for begins a new part; what was missed in between is a stated gap.
 */
export class Recording implements AsyncDisposable {
  readonly #config: RecordingConfig
  readonly #speed: number
  #wanted: Wanted = 'recording'
  #suspended = false
  /** Aborted when `#wanted` changes. */
  #turn = new AbortController()
  #capturing = false
  #part = 0
  #probe: MediaProbe | undefined
  #proof: (Proof & Anchor & { part: number }) | undefined
  #trying: ClockReading = readClock()
  #failures = 0
  /** Why media is missing since the last segment; undefined while none is. */
  #missing: string | undefined
  #cause: string | undefined
  #state: RecorderState = 'asked'
  #ended: Promise<void> = Promise.resolve()

  constructor(config: RecordingConfig) {
    this.#config = config
    this.#speed = speedOf(config.source)
  }

  /** Begins, or goes on where an earlier run of the agent was cut off. That it records is told later, by state. */
  begin(wanted: 'recording' | 'paused' = 'recording'): void {
    this.#wanted = wanted
    this.#trying = readClock()
    this.#ended = this.#run()
    // Whoever awaits `ended` gets the error; nobody awaiting it is no crash.
    this.#ended.catch(() => undefined)
  }

  /** Settles when the recording is stopped and every segment is journalled. Rejects with what made that impossible. */
  get ended(): Promise<void> {
    return this.#ended
  }

  pause(): void {
    if (this.#wanted === 'recording') this.#want('paused')
  }

  resume(): void {
    if (this.#wanted === 'paused') this.#want('recording')
  }

  stop(): void {
    if (this.#wanted !== 'stopped') this.#want('stopped')
  }

  /** Ends the capture so that a later run of the agent can go on: nothing is stated of what is missed until then. */
  suspend(): void {
    this.#suspended = true
    this.stop()
  }

  get isSuspended(): boolean {
    return this.#suspended
  }

  get view(): RecordingView {
    const proof = this.#proof
    const endMs = this.#config.spool.end?.mediaMs ?? 0
    const running = this.#capturing && proof !== undefined
    return {
      ...{ state: this.#state, cause: this.#cause, part: this.#part },
      mediaMs: running ? placeAt(proof, readClock(), this.#speed) : Math.max(endMs, proof?.mediaMs ?? 0),
      speed: running ? this.#speed : 0,
      proven: proof && { mediaMs: proof.mediaMs, wallMs: proof.clock.wallMs, peakDb: proof.peakDb, picture: proof.picture },
    }
  }

  /** Suspends, unless it was stopped, and waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#wanted !== 'stopped') this.suspend()
    await this.#ended.catch(() => undefined)
  }

  #want(wanted: Wanted): void {
    this.#wanted = wanted
    this.#trying = readClock()
    const before = this.#turn
    this.#turn = new AbortController()
    before.abort()
  }

  async #run(): Promise<void> {
    if (this.#config.spool.end !== undefined) this.#missing = 'agent-restarted'
    let paused = false
    while (this.#wanted !== 'stopped') {
      paused = this.#wanted === 'paused'
      await (paused ? this.#rest() : this.#recordPart())
    }
    await recoverSpool(this.#config.spool, this.#config.ffmpeg, this.#speed, false)
    if (!paused && !this.#suspended) await this.#stateLoss()
    this.#setState()
  }

  async #rest(): Promise<void> {
    this.#missing ??= 'paused'
    this.#cause = undefined
    this.#setState()
    await untilAborted(this.#turn.signal)
  }

  async #recordPart(): Promise<void> {
    const turn = this.#turn.signal
    this.#setState()
    try {
      const running = await this.#takeUp()
      if (running === undefined) return this.stop()
      this.#capturing = true
      const end = await watchPart({
        ...{ ffmpeg: this.#config.ffmpeg, ...running, ending: turn },
        onLook: (kept) => this.#looked(running.follower, kept),
        onProof: (proof) => this.#proved(running.follower, proof),
      })
      this.#capturing = false
      const through = end === 'died' && this.#config.source.kind === 'file' && (await cameToItsEnd(running.follower.folder))
      if (end === 'told' || through) await this.#proveLast(running.follower)
      if (through) this.stop()
      else if (end !== 'told') this.#lost(end === 'stalled' ? 'stalled' : 'capture-died')
    } catch (error) {
      this.#capturing = false
      this.#failures++
      this.#lost(causeOf(error), error instanceof Error ? error.message : String(error))
    }
    this.#setState()
    if (!turn.aborted && this.#wanted === 'recording') await Promise.race([wait(restartDelayMs(this.#failures)), untilAborted(turn)])
  }

  /** The capture left running by an agent before us, or a new one; undefined when the file is through. */
  async #takeUp(): Promise<{ capture: Capture; follower: PartFollower } | undefined> {
    const { ffmpeg, source, spool } = this.#config
    const { adopted, nextPart } = await recoverSpool(spool, ffmpeg, this.#speed, true)
    this.#part = adopted?.part ?? nextPart
    if (adopted !== undefined) return adopted
    this.#probe ??= await probeSource(ffmpeg, source)
    const after = spool.end
    const fromMs = source.kind === 'file' && after !== undefined ? placeAt(after, readClock(), this.#speed) : 0
    if (this.#isThrough(fromMs)) return undefined
    const part = this.#part
    const follower = new PartFollower(spool, { part, after, cause: this.#missing ?? 'capture-died', speed: this.#speed })
    const capture = await startCapture({ ffmpeg, source, probe: this.#probe, folder: spool.partFolder(part), fromMs })
    return { capture, follower }
  }

  #looked(follower: PartFollower, kept: number): void {
    if (kept > 0) {
      this.#failures = 0
      if (follower.place !== undefined) this.#missing = undefined
      this.#config.onLines?.()
    }
    this.#setState()
  }

  #proved(follower: PartFollower, proof: Proof): void {
    const after = this.#config.spool.end
    // Before the first segment of a later part is closed its place is only known by the clock.
    const baseMs = follower.place?.baseMs ?? (after === undefined ? 0 : placeAt(after, proof.clock, this.#speed) - proof.partMs)
    this.#proof = { ...proof, part: this.#part, mediaMs: Math.max(after?.mediaMs ?? 0, baseMs + proof.partMs) }
    this.#cause = undefined
    this.#setState()
  }

  /** What was written since the last look is proven too, now that no hurry is left. */
  async #proveLast(follower: PartFollower): Promise<void> {
    const proof = await proveWritten(this.#config.ffmpeg, follower, new AbortController().signal)
    if (proof !== undefined) this.#proved(follower, proof)
  }

  #lost(cause: string, sentence?: string): void {
    this.#missing ??= cause
    this.#cause = sentence ?? cause
    this.#trying = readClock()
  }

  /** Whether a file has nothing left at that place; a live source never ends by itself. */
  #isThrough(mediaMs: number): boolean {
    const durationMs = this.#probe?.durationMs ?? null
    return this.#config.source.kind === 'file' && durationMs !== null && mediaMs >= durationMs - 1000
  }

  /** A source that was lost and never came back leaves a gap up to the moment it was stopped. */
  async #stateLoss(): Promise<void> {
    const { spool } = this.#config
    const end = spool.end
    if (end === undefined || this.#missing === undefined) return
    const lostMs = placeAt(end, readClock(), this.#speed)
    const toMs = Math.max(end.mediaMs, this.#isThrough(lostMs) ? (this.#probe?.durationMs ?? lostMs) : lostMs)
    await spool.keepGap({ part: this.#part, fromMs: end.mediaMs, toMs, cause: this.#missing })
    this.#config.onLines?.()
  }

  #setState(): void {
    const now = readClock()
    const state = provenState({
      ...{ wanted: this.#wanted, capturing: this.#capturing },
      proofAgeMs: this.#proof?.part === this.#part ? elapsedMs(this.#proof.clock, now) : undefined,
      everProven: this.#proof !== undefined,
      tryingMs: elapsedMs(this.#trying, now),
    })
    if (state === this.#state) return
    this.#state = state
    this.#config.onState?.(state, this.#cause)
  }
}

/** Whether it was the source that failed, or what we write on. */
function causeOf(error: unknown): string {
  const ofSource = ['SourceUnreadableError', 'MediaUnreadableError', 'ProgramError']
  return error instanceof Error && ofSource.includes(error.name) ? 'source-unreadable' : 'recorder-fault'
}

/** A file was read to its end: only then, or when told, does ffmpeg say so itself. For a live source it proves nothing. */
async function cameToItsEnd(folder: string): Promise<boolean> {
  const said = await readFile(join(folder, captureFiles.progress), 'utf8').catch(() => '')
  return said.trimEnd().endsWith('progress=end')
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
