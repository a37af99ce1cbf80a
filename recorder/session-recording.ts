import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { nanoseconds } from '../storage/model/ids.ts'
import type { RecorderState } from '../storage/model/recording.ts'
import { writeDurably } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { type Alarm, type ChannelLevel, worstFirst } from './alarms.ts'
import { readClock } from './clock.ts'
import type { RestCause } from './control-protocol.ts'
import type { Anchor } from './media-line.ts'
import { Recording } from './recording.ts'
import type { RecordingView } from './recording-view.ts'
import type { SegmentSpool } from './segment-spool.ts'
import type { SourcePlan } from './track-plan.ts'

export interface SessionRecordingConfig {
  ffmpeg: Ffmpeg
  /** The first one gives `master`. */
  plans: readonly [SourcePlan, ...SourcePlan[]]
  spool: SegmentSpool
  /** Where the session's media line stood at a moment, when other recorders made it; it counts at the first opening. */
  origin?: Anchor
  /** Told after lines are on the disk. Must not throw. */
  onLines?: () => void
  /** Told at each change of the whole state. Must not throw. */
  onState?: (state: RecorderState, cause: string | undefined) => void
}

export interface SessionView extends Omit<RecordingView, 'levels'> {
  levels: ChannelLevel[]
  sources: { id: string; name: string; state: RecorderState }[]
}

const originFile = z.object({
  mediaMs: z.int().nonnegative().default(0),
  wallMs: z.int(),
  monotonicNs: nanoseconds,
  boot: z.string().min(1),
})

/**
 * All sources of a session on one media line, each in an ffmpeg of its own: what happens to one never ends another. The line begins when
 * recording was first asked for; each source lies on it by the steady clock, to a fraction of a second. Clocks of a mixer and a camera
 * drift apart within a part: the sound of record is the mixer's (`mix`), the camera's beside it is the reference to align them by.
 * A recorder that joins others lies on their line.
 */
export class SessionRecording implements AsyncDisposable {
  readonly #recordings: [Recording, ...Recording[]]
  readonly #config: SessionRecordingConfig
  #state: RecorderState = 'asked'

  private constructor(config: SessionRecordingConfig, origin: Anchor | undefined) {
    this.#config = config
    const { ffmpeg, spool, onLines } = config
    const open = (plan: SourcePlan) =>
      new Recording({
        ...{ ffmpeg, spool, plan, onState: () => this.#stateChanged() },
        ...(onLines === undefined ? {} : { onLines }),
        ...(origin === undefined ? {} : { origin }),
      })
    const [first, ...others] = config.plans
    this.#recordings = [open(first), ...others.map(open)]
  }

  /** Opens a session to record, or one that an earlier run left. */
  static async open(config: SessionRecordingConfig): Promise<SessionRecording> {
    // One source alone begins the line with its first picture or sound.
    const begun = config.origin ?? (config.plans.length > 1 ? { mediaMs: 0, clock: readClock() } : undefined)
    return new SessionRecording(config, await keepOrigin(config.spool.folder, begun))
  }

  begin(wanted: 'recording' | 'paused' = 'recording', restCause: RestCause = 'paused'): void {
    for (const one of this.#recordings) one.begin(wanted, restCause)
  }

  pause(cause: RestCause = 'paused'): void {
    for (const one of this.#recordings) one.pause(cause)
  }

  resume(): void {
    for (const one of this.#recordings) one.resume()
  }

  stop(): void {
    for (const one of this.#recordings) one.stop()
  }

  /** Before it begins, or while it runs; see Recording. */
  seal(recipients: readonly string[] | undefined): void {
    for (const one of this.#recordings) one.seal(recipients)
  }

  get isSuspended(): boolean {
    return this.#recordings.some((one) => one.isSuspended)
  }

  keepPreview(wanted: boolean): void {
    for (const one of this.#recordings) one.keepPreview(wanted)
  }

  /** Leaves the picture out, or takes it up again; see Recording. */
  keepSoundOnly(wanted: boolean): void {
    for (const one of this.#recordings) one.keepSoundOnly(wanted)
  }

  /** Settles when every source is stopped and journalled; rejects with the first that could not be, after all have ended. */
  get ended(): Promise<void> {
    return Promise.allSettled(this.#recordings.map((one) => one.ended)).then((ends) => {
      const failed = ends.find((end) => end.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    })
  }

  get view(): SessionView {
    const views = this.#recordings.map((one) => one.view)
    const [first] = views
    if (first === undefined) throw new TypeError('a session has a source')
    const recording = views.find((one) => one.state === 'recording') ?? first
    const proven = views.flatMap((one) => one.proven ?? [])
    return {
      ...recording,
      state: wholeState(views.map((one) => one.state)),
      cause: views.find((one) => one.cause !== undefined)?.cause,
      mediaMs: Math.max(...views.map((one) => one.mediaMs)),
      ...(recording.proven === undefined ? {} : { proven: { ...recording.proven, picture: proven.some((one) => one.picture) } }),
      alarms: worstFirst(views.flatMap((one, at) => this.#alarmsOf(at, one))),
      levels: views.flatMap((one, at) => this.#levelsOf(at, one)),
      preview: views.find((one) => one.preview !== undefined)?.preview,
      sources: views.map(({ state }, at) => ({ id: this.#plan(at).id, name: this.#plan(at).name, state })),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#recordings.map((one) => one[Symbol.asyncDispose]()))
  }

  #plan(at: number): SourcePlan {
    return this.#config.plans[at] as SourcePlan
  }

  #alarmsOf(at: number, view: RecordingView): Alarm[] {
    const { id } = this.#plan(at)
    return view.alarms.map((one) => (this.#config.plans.length > 1 ? { ...one, source: id } : one))
  }

  #levelsOf(at: number, { levels }: RecordingView): ChannelLevel[] {
    const { name, source, microphones } = this.#plan(at)
    return levels.map(({ peakDb, rmsDb }, channel) => {
      const own = source.kind === 'alsa' && source.microphones ? (microphones?.[channel] ?? String(channel + 1)) : name
      return { peakDb, rmsDb, ...(own === '' ? {} : { name: own }) }
    })
  }

  #stateChanged(): void {
    const view = this.view
    if (view.state === this.#state) return
    this.#state = view.state
    this.#config.onState?.(view.state, view.cause)
  }
}

/** A session is recorded while any source is; it is stopped or paused when all are. What others lack is told by alarms. */
export function wholeState(states: readonly RecorderState[]): RecorderState {
  const order: RecorderState[] = ['recording', 'failed', 'starting', 'asked', 'paused', 'stopped']
  return order.find((state) => states.includes(state)) ?? 'idle'
}

/** A place of the session's line, kept at the first opening: its beginning, or where it stood when this recorder joined. */
async function keepOrigin(folder: string, begun: Anchor | undefined): Promise<Anchor | undefined> {
  const path = join(folder, 'origin.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text !== undefined) {
    const { mediaMs, monotonicNs, ...of } = originFile.parse(JSON.parse(text))
    return { mediaMs, clock: { ...of, monotonicNs: BigInt(monotonicNs) } }
  }
  if (begun === undefined) return undefined
  const { mediaMs, clock } = begun
  await writeDurably(path, JSON.stringify({ mediaMs, ...clock, monotonicNs: String(clock.monotonicNs) }))
  return begun
}
