import { setTimeout as wait } from 'node:timers/promises'
import type { RecorderState } from '../storage/model/recording.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import type { Alarm } from './alarms.ts'
import { cameToItsEnd } from './capture.ts'
import { type ClockReading, elapsedMs, readClock, shifted } from './clock.ts'
import type { RestCause } from './control-protocol.ts'
import { type Anchor, placeAt } from './media-line.ts'
import type { PartFollower } from './part-follower.ts'
import { closedPartCause } from './part-seal.ts'
import { PartProver, type Proof } from './proof-of-life.ts'
import { provenState, restartDelayMs } from './recorder-state.ts'
import type { RecordingView } from './recording-view.ts'
import type { RunningPart } from './recover-spool.ts'
import { probeSource, speedOf } from './source.ts'
import { causeOf, proofAlarms, sourceAlarm } from './source-alarms.ts'
import { beginPart, type RecordedSource, recoverSource, sourceEnd, stateLoss } from './take-up-part.ts'
import { expectedOf } from './track-plan.ts'
import { untilAborted } from './until-aborted.ts'
import { watchPart } from './watch-part.ts'

type Wanted = 'recording' | 'paused' | 'stopped'

export interface RecordingConfig extends RecordedSource {
  /** Told after lines are on the disk. Must not throw. */
  onLines?: () => void
  /** Told at each change of state. Must not throw. */
  onState?: (state: RecorderState, cause: string | undefined) => void
}

/** The capture runs and wrote nothing for so long: said before the stall watch ends it. */
const notWrittenMs = 3000

/**
 * One source of a session being recorded: parts one after another, each by its own ffmpeg, until it is stopped or the file is through.
 * Any end of ffmpeg that nobody asked for begins a new part; what was missed in between is a stated gap.
 */
export class Recording implements AsyncDisposable {
  readonly #config: RecordingConfig
  readonly #speed: number
  #wanted: Wanted = 'recording'
  #restCause: RestCause = 'paused'
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
  #lostAt: ClockReading | undefined
  #stillSince: ClockReading | undefined
  #soundOnly = false
  #sealTo: readonly string[] | undefined
  #quietPreview = false
  #cause: string | undefined
  #state: RecorderState = 'asked'
  #ended: Promise<void> = Promise.resolve()

  constructor(config: RecordingConfig) {
    this.#config = config
    this.#speed = speedOf(config.plan.source)
  }

  /** Begins, or goes on where an earlier run of the agent was cut off (`seal` first, when it was sealed). That it records is told later, by state. */
  begin(wanted: 'recording' | 'paused' = 'recording', restCause: RestCause = 'paused'): void {
    ;[this.#wanted, this.#restCause] = [wanted, restCause]
    this.#trying = readClock()
    this.#ended = this.#run()
    // Whoever awaits `ended` gets the error; nobody awaiting it is no crash.
    this.#ended.catch(() => undefined)
  }

  /** Settles when the recording is stopped and every segment is journalled. Rejects with what made that impossible. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** The gap keeps the reason it began for; the view tells the newest. */
  pause(cause: RestCause = 'paused'): void {
    if (this.#wanted === 'recording' || (this.#wanted === 'paused' && this.#restCause !== cause)) this.#want('paused', cause)
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

  /** On a disk without room the picture is left out and the sound goes on, or all comes back; a part ends and another begins. */
  keepSoundOnly(wanted: boolean): void {
    if (this.#soundOnly === wanted || this.#config.plan.source.kind === 'alsa') return
    this.#soundOnly = wanted
    this.#missing ??= 'disk-full'
    if (this.#wanted === 'recording') this.#want('recording')
  }

  /** From now on what is recorded is encrypted to these keys, or no longer; a part ends and another begins. */
  seal(recipients: readonly string[] | undefined): void {
    if (recipients?.join() === this.#sealTo?.join()) return
    this.#sealTo = recipients
    if (this.#wanted !== 'stopped') this.#missing = closedPartCause
    if (this.#wanted === 'recording') this.#want('recording')
  }

  /** Nothing of it is recorded while the disk has no room for it. */
  get #isSpared(): boolean {
    return this.#soundOnly && this.#config.plan.soundOnlyTrack === undefined
  }

  /** Whether small pictures are made of what was written. */
  keepPreview(wanted: boolean): void {
    this.#quietPreview = !wanted
  }

  get view(): RecordingView {
    const proof = this.#proof
    const endMs = sourceEnd(this.#config)?.mediaMs ?? 0
    const running = this.#capturing && proof !== undefined
    return {
      ...{ state: this.#state, cause: this.#cause, part: this.#part },
      mediaMs: running ? placeAt(proof, readClock(), this.#speed) : Math.max(endMs, proof?.mediaMs ?? 0),
      speed: running ? this.#speed : 0,
      proven: proof && { mediaMs: proof.mediaMs, wallMs: proof.clock.wallMs, peakDb: proof.peakDb, picture: proof.picture },
      ...{ alarms: this.#alarms(), levels: running ? proof.levels : [], preview: running && !this.#sealTo ? proof.preview : undefined },
    }
  }

  /** What is wrong with this source now. */
  #alarms(): Alarm[] {
    if (this.#wanted !== 'recording' || this.#isSpared) return []
    const { plan } = this.#config
    if (this.#lostAt !== undefined) return [sourceAlarm(plan, 'source-lost', this.#lostAt)]
    if (this.#stillSince !== undefined) return [sourceAlarm(plan, 'not-written', this.#stillSince)]
    return this.#proof?.part === this.#part ? proofAlarms(plan, this.#proof) : []
  }

  /** Suspends, unless it was stopped, and waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#wanted !== 'stopped') this.suspend()
    await this.#ended.catch(() => undefined)
  }

  #want(wanted: Wanted, restCause = this.#restCause): void {
    ;[this.#wanted, this.#restCause] = [wanted, restCause]
    this.#trying = readClock()
    const before = this.#turn
    this.#turn = new AbortController()
    before.abort()
  }

  async #run(): Promise<void> {
    if (sourceEnd(this.#config) !== undefined) this.#missing = 'agent-restarted'
    let paused = false
    while (this.#wanted !== 'stopped') {
      paused = this.#wanted === 'paused' || this.#isSpared
      await (paused ? this.#rest() : this.#recordPart())
    }
    await recoverSource(this.#config, false)
    if (!paused && !this.#suspended) {
      const missing = this.#missing ?? (this.#soundOnly ? 'disk-full' : undefined)
      if (await stateLoss(this.#config, { part: this.#part, probe: this.#probe, missing })) this.#config.onLines?.()
    }
    this.#setState()
  }

  async #rest(): Promise<void> {
    this.#missing ??= this.#isSpared ? 'disk-full' : this.#restCause
    this.#cause = this.#restCause === 'paused' ? undefined : this.#restCause
    this.#lostAt = undefined
    this.#setState()
    await untilAborted(this.#turn.signal)
  }

  async #recordPart(): Promise<void> {
    const turn = this.#turn.signal
    this.#setState()
    try {
      const running = await this.#takeUp()
      if (running === undefined) return this.stop()
      const [lead] = running.followers
      await using prover = this.#proverOf(running.followers)
      this.#capturing = true
      const end = await watchPart({
        ...{ ...running, prover, ending: turn },
        onLook: (kept, stillMs) => this.#looked(lead, turn, kept, stillMs),
        onProof: (proof) => this.#proved(lead, proof),
        onGone: () => void this.#gone(lead.folder),
      })
      this.#capturing = false
      const through = end === 'died' && this.#config.plan.source.kind === 'file' && (await cameToItsEnd(lead.folder))
      if (end === 'told' || through) await this.#proveLast(lead, prover)
      if (through) this.stop()
      else if (end !== 'told') this.#lost(end === 'stalled' ? 'stalled' : 'capture-died')
    } catch (error) {
      this.#capturing = false
      this.#failures++
      this.#lost(causeOf(error), error instanceof Error ? error.message : String(error))
    }
    this.#stillSince = undefined
    this.#setState()
    if (!turn.aborted && this.#wanted === 'recording') await Promise.race([wait(restartDelayMs(this.#failures)), untilAborted(turn)])
  }

  /** The capture left running by an agent before us, or a new one; undefined when the file is through. */
  async #takeUp(): Promise<RunningPart | undefined> {
    const running = (await recoverSource(this.#config, true)) ?? (await this.#begin())
    if (running !== undefined) this.#part = running.part
    return running
  }

  async #begin(): Promise<RunningPart | undefined> {
    const { ffmpeg, plan } = this.#config
    this.#probe ??= await probeSource(ffmpeg, plan.source)
    const missing = this.#missing ?? 'capture-died'
    return await beginPart({ ...this.#config, probe: this.#probe, soundOnly: this.#soundOnly, missing, sealTo: this.#sealTo })
  }

  #proverOf(followers: RunningPart['followers']): PartProver {
    const { ffmpeg, plan } = this.#config
    return new PartProver(ffmpeg, followers, {
      openMicrophones: plan.openMicrophones ?? [],
      wantsPreview: () => !this.#quietPreview && this.#sealTo === undefined,
      expected: (held) => expectedOf(plan, held),
    })
  }

  #looked(follower: PartFollower, ending: AbortSignal, kept: number, stillMs: number): void {
    this.#stillSince = stillMs >= notWrittenMs ? (this.#stillSince ?? shifted(readClock(), -stillMs)) : undefined
    if (kept > 0) {
      this.#failures = 0
      // A part that ends so that another begins leaves its cause to that one; one that was stopped or paused has told its own already.
      if (follower.place !== undefined && (!ending.aborted || this.#wanted !== 'recording')) this.#missing = undefined
      this.#config.onLines?.()
    }
    this.#setState()
  }

  #proved(follower: PartFollower, proof: Proof): void {
    const after = sourceEnd(this.#config) ?? this.#config.origin
    // Before the first segment of a later part is closed its place is only known by the clock.
    const baseMs = follower.place?.baseMs ?? (after === undefined ? 0 : placeAt(after, proof.clock, this.#speed) - proof.partMs)
    this.#proof = { ...proof, part: this.#part, mediaMs: Math.max(after?.mediaMs ?? 0, baseMs + proof.partMs) }
    this.#cause = undefined
    this.#lostAt = undefined
    this.#setState()
  }

  /** What was written since the last look is proven too, now that no hurry is left. */
  async #proveLast(follower: PartFollower, prover: PartProver): Promise<void> {
    const proof = await prover.prove(new AbortController().signal, true)
    if (proof !== undefined) this.#proved(follower, proof)
  }

  /** Said at once: bringing the journal up to what was left takes its time. */
  async #gone(folder: string): Promise<void> {
    const part = this.#part
    if (this.#config.plan.source.kind === 'file' && (await cameToItsEnd(folder))) return
    if (!this.#capturing || part !== this.#part) return
    this.#capturing = false
    this.#lost('capture-died')
    this.#setState()
  }

  #lost(cause: string, sentence?: string): void {
    this.#missing ??= cause
    this.#cause = sentence ?? cause
    this.#lostAt ??= readClock()
    this.#trying = readClock()
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
