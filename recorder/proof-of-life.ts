import { stat } from 'node:fs/promises'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { type MediaProbe, MediaUnreadableError, probeMedia } from '../storage/programs/probe-media.ts'
import { ProgramError } from '../storage/programs/run-program.ts'
import { type ClockReading, elapsedMs, readClock, readingAt, shifted } from './clock.ts'
import { examineMicrophones } from './examine-microphones.ts'
import { type Examined, examineWritten } from './examine-written.ts'
import { type Expected, FaultWatch, type StandingFault } from './fault-watch.ts'
import { type Followed, LeadDecoding } from './lead-decoding.ts'
import type { PartFollower } from './part-follower.ts'
import type { Level } from './sound-levels.ts'

/** Bytes that lie on the disk were decoded up to `partMs` on the line of their part. */
export interface Proof {
  partMs: number
  /** When the last of them was written. */
  clock: ClockReading
  /** Loudest channel of the last half second; null without sound. */
  peakDb: number | null
  picture: boolean
  /** Newest level of each channel; of each microphone, where they have tracks of their own. */
  levels: readonly Level[]
  /** What was wrong at `partMs`, since places on the line of the part. */
  faults: StandingFault[]
  /** The last key picture, small; undefined when there is none or it was not wanted. */
  preview: Uint8Array | undefined
}

/** Time between two looks: with three seconds that make a silence a fault, and four until two key pictures are seen, an alarm comes within five. */
export const proofEveryMs = 1000

/** Each look at the microphones starts a program. */
const microphonesEveryMs = 1500

export interface ProverOptions {
  /** Which faults make sense, by what the file holds. */
  expected(held: MediaProbe): Expected
  /** Channels of the microphones, counted from 0, whose silence is a fault. */
  openMicrophones: readonly number[]
  /** Asked before each look. */
  wantsPreview(): boolean
}

/**
 * Proves one part again and again by decoding what was written. From the first proof on one program decodes every byte of the leading track
 * as it comes (lead-decoding.ts). Until it gives something, and whenever it gives nothing, the newest segment is decoded by itself: the open
 * one, or the one before while the open one holds too little.
 */
export class PartProver implements AsyncDisposable {
  readonly #ffmpeg: Ffmpeg
  readonly #follower: PartFollower
  readonly #microphones: readonly PartFollower[]
  readonly #options: ProverOptions
  #held: MediaProbe | undefined
  #watch: FaultWatch | undefined
  readonly #microphoneWatch: FaultWatch
  #heardAt = shifted(readClock(), -microphonesEveryMs)
  readonly #lead: LeadDecoding
  #preview: Uint8Array | undefined

  /** @param followers of the part's tracks, the leading one first; those after it are microphones */
  constructor(ffmpeg: Ffmpeg, followers: readonly [PartFollower, ...PartFollower[]], options: ProverOptions) {
    this.#ffmpeg = ffmpeg
    this.#follower = followers[0]
    this.#microphones = followers.slice(1)
    this.#lead = new LeadDecoding(ffmpeg, followers[0])
    this.#options = options
    this.#microphoneWatch = new FaultWatch({ sound: true, picture: false, moving: false, openChannels: options.openMicrophones })
  }

  /** @param last nothing more will be written @returns undefined when nothing written so far decodes */
  async prove(signal: AbortSignal, last = false): Promise<Proof | undefined> {
    const [proof] = await Promise.all([this.#proveLead(signal, last), this.#hearMicrophones(signal)])
    return proof && this.#withMicrophones(proof)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lead[Symbol.asyncDispose]()
  }

  async #proveLead(signal: AbortSignal, last: boolean): Promise<Proof | undefined> {
    const followed = this.#held && (await this.#tryFollow(this.#held, last, signal))
    if (followed !== undefined) return this.#toProof(followed.fromMs, followed.examined, followed.clock)
    // The open segment first: the closed one is older, but whole.
    for (const candidate of [this.#follower.openSegment, this.#follower.lastClosed]) {
      if (candidate === undefined) continue
      const written = await stat(candidate.path).catch(() => undefined)
      if (written === undefined || written.size === 0) continue
      const examined = await this.#tryExamine(candidate.path, signal)
      if (examined === undefined || (examined.grey.byteLength === 0 && (examined.sound?.durationMs ?? 0) === 0)) continue
      return this.#toProof(candidate.fromMs, examined, readingAt(written.mtimeMs))
    }
    return undefined
  }

  #toProof(fromMs: number, examined: Examined, clock: ClockReading): Proof {
    this.#watch ??= new FaultWatch(this.#options.expected(this.#held as MediaProbe))
    this.#watch.see(fromMs, examined)
    const { levels, standing } = this.#watch
    this.#preview = this.#options.wantsPreview() ? (examined.preview ?? this.#preview) : undefined
    return {
      ...{ partMs: fromMs + examined.endMs, clock, preview: this.#preview },
      ...{ levels, faults: standing },
      peakDb: levels.length === 0 ? null : Math.max(...levels.map((level) => level.peakDb)),
      picture: this.#watch.hasPicture,
    }
  }

  #withMicrophones(proof: Proof): Proof {
    const { levels, standing } = this.#microphoneWatch
    const silent = standing.filter((fault) => fault.code === 'microphone-silent')
    return { ...proof, levels: levels.length > 0 ? levels : proof.levels, faults: [...proof.faults, ...silent] }
  }

  /** What is wrong with them shows in the proof of the leading track; that they cannot be read yet is no fault. */
  async #hearMicrophones(signal: AbortSignal): Promise<void> {
    const open = this.#microphones.map((one) => one.openSegment)
    const [first] = open
    if (first === undefined || elapsedMs(this.#heardAt, readClock()) < microphonesEveryMs) return
    this.#heardAt = readClock()
    try {
      const sound = await examineMicrophones(
        this.#ffmpeg,
        open.map((one) => one.path),
        signal,
      )
      const nothing = { packets: 0, endMs: 0 }
      const packets = { video: { ...nothing, keyMs: [] }, audio: { ...nothing, fromMs: 0, coveredMs: 0 } }
      const heard = { endMs: sound.durationMs, packets, sound, soundFromMs: 0, grey: new Uint8Array(), preview: undefined }
      this.#microphoneWatch.see(first.fromMs, heard)
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
    }
  }

  async #tryFollow(held: MediaProbe, last: boolean, signal: AbortSignal): Promise<Followed | undefined> {
    try {
      return await this.#lead.look(held, last, signal)
    } catch (error) {
      if (error instanceof ProgramError) return undefined
      throw error
    }
  }

  async #tryExamine(path: string, signal: AbortSignal): Promise<Examined | undefined> {
    try {
      this.#held ??= wellKnown(await probeMedia(this.#ffmpeg, path))
      if (this.#held === undefined) return undefined
      return await examineWritten(this.#ffmpeg, path, this.#held, { preview: this.#options.wantsPreview(), signal })
    } catch (error) {
      // Too little was written yet, or what is there is broken: no proof either way.
      if (error instanceof ProgramError || error instanceof MediaUnreadableError) return undefined
      throw error
    }
  }
}

/** What the first bytes of a file do not tell yet is asked again at the next look. */
function wellKnown(probe: MediaProbe): MediaProbe | undefined {
  const told = probe.streams.every((stream) =>
    stream.kind === 'audio' ? stream.sampleRate > 0 && stream.channels > 0 : stream.kind !== 'video' || stream.width > 0,
  )
  return told ? probe : undefined
}
