import { join } from 'node:path'
import { treeOrigin } from '../storage/custody/journal-tree.ts'
import type { EventId, SessionId } from '../storage/model/ids.ts'
import type { RecorderState } from '../storage/model/recording.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { AgentIdentity } from './agent-identity.ts'
import { type ChamberProfile, plansFrom } from './chamber-profile.ts'
import { rested, resumed, sealed, unsealed } from './closed-rest.ts'
import type { RestWanted } from './control-protocol.ts'
import type { DiskStep } from './disk-room.ts'
import type { Anchor } from './media-line.ts'
import { Outbox } from './outbox.ts'
import { eventOfChange } from './recorder-events.ts'
import { SegmentSpool } from './segment-spool.ts'
import { SessionRecording, type SessionView } from './session-recording.ts'
import { SessionWord } from './session-word.ts'
import { readSpoolState, type SpoolState } from './spool-state.ts'

/** Heads are due once a minute (contracts.md §2); half of it leaves room for a slow disk. */
const headEveryMs = 30_000

export interface SessionAgentConfig {
  folder: string
  session: SessionId
  identity: AgentIdentity
  ffmpeg: Ffmpeg
  /** Whether the wall's clock is held synchronised now. */
  isSynchronised?: () => boolean | undefined
  /** State, proof or counts changed; there may be something to send. Must not throw. */
  onChange: () => void
  /** There may be segments to send. Must not throw. */
  onSegments: () => void
}

/**
 * One session at the recorder, from being asked for until the server has all of it: what is recorded becomes lines, lines and events
 * become messages, segments go to the store. Every step is on the disk first, so that after a crash `open` finds what is missing and does it.
 */
export class SessionAgent implements AsyncDisposable {
  readonly #config: SessionAgentConfig
  readonly #spool: SegmentSpool
  readonly outbox: Outbox
  readonly #word: SessionWord
  readonly #heads: NodeJS.Timeout
  #spoolState: SpoolState | undefined
  #recording: SessionRecording | undefined
  #seenState: RecorderState = 'asked'
  #fault: Error | undefined
  #turn: Promise<void> = Promise.resolve()

  private constructor(config: SessionAgentConfig, spool: SegmentSpool, outbox: Outbox, state: SpoolState | undefined) {
    this.#config = config
    this.#spool = spool
    this.outbox = outbox
    this.#spoolState = state
    this.#word = new SessionWord({ spool, outbox, session: config.session, recorder: config.identity.enrolment.recorder })
    this.#spool.sealTo = state?.sealTo
    this.#heads = setInterval(() => this.#inTurn(() => this.#word.signHead()), headEveryMs).unref()
  }

  /** Opens what an earlier run left, or a new session. @throws SpoolDamagedError */
  static async open(config: SessionAgentConfig): Promise<SessionAgent> {
    const { folder, session, identity, isSynchronised } = config
    const { recorder, dir3 } = identity.enrolment
    const signer = identity.noteSigner(treeOrigin(dir3, session, recorder))
    const spool = await SegmentSpool.open(folder, {
      ...{ session, recorder, signer },
      ...(isSynchronised === undefined ? {} : { isSynchronised }),
    })
    const outbox = await Outbox.open(join(folder, 'outbox.jsonl'), session)
    const agent = new SessionAgent(config, spool, outbox, await readSpoolState(folder))
    await agent.#word.reconcile()
    // The last word was said but not noted: saying it again would make another one.
    if (outbox.said.finished) await agent.#writeState({ wanted: 'stopped', finished: true })
    return agent
  }

  get session(): SessionId {
    return this.#config.session
  }

  get state(): SpoolState | undefined {
    return this.#spoolState
  }

  get view(): SessionView | undefined {
    return this.#recording?.view
  }

  get counts(): Readonly<{ segments: number; gaps: number; unconfirmed: number }> {
    return this.#spool.counts
  }

  /** What waits for the store. */
  get spool(): SegmentSpool {
    return this.#spool
  }

  /** What a person should know now, the worst first. */
  get trouble(): string | undefined {
    return this.#fault?.message ?? this.#recording?.view.cause
  }

  /** Nothing is left to do: recorded, told and stored. */
  get isDelivered(): boolean {
    return this.#spoolState?.finished === true && this.outbox.waiting === 0 && this.#spool.counts.unconfirmed === 0
  }

  /** Begins to record, on the line that others record on already. Idempotent. @throws SourceUnreadableError the source makes no sense */
  async start(from: string | ChamberProfile, speed: number, line?: Anchor): Promise<void> {
    if (this.#recording !== undefined) return
    const of = typeof from === 'string' ? { source: from } : { source: '', chamber: from }
    this.#recording = await this.#openRecording({ ...of, speed }, line)
    await this.#writeState({ session: this.session, ...of, speed, wanted: 'recording', finished: false })
    await this.#inTurn(() => this.#word.tell({ type: 'recording.asked', part: 0, mediaMs: line?.mediaMs ?? 0 }))
    this.#recording.begin('recording')
    this.#finishWhenEnded(this.#recording)
  }

  /** Goes on as an earlier run of the agent was told. */
  async goOn(): Promise<void> {
    const state = this.#spoolState
    if (state === undefined || state.finished || this.#recording !== undefined) return
    this.#recording = await this.#openRecording(state)
    this.#recording.seal(state.sealTo)
    this.#recording.begin(state.wanted === 'recording' ? 'recording' : 'paused', state.restCause)
    if (state.wanted === 'stopped') this.#recording.stop()
    this.#finishWhenEnded(this.#recording)
  }

  /** Rests; see closed-rest.ts. */
  async pause(of: RestWanted = {}): Promise<void> {
    const change = await this.#change((before) => rested(before, of))
    if (change?.restCause !== undefined) this.#recording?.pause(change.restCause)
  }

  /** What is recorded from now on is encrypted to these keys; see closed-rest.ts. */
  async seal(recipients: readonly string[], closing?: EventId): Promise<void> {
    // Also while the last of what was stopped is journalled.
    if (this.#spoolState === undefined) return
    await this.#writeState(sealed(this.#spoolState, recipients, closing))
    this.#sealTo(recipients)
  }

  /** In the clear again, when nobody knows of more. */
  async unseal(closings?: readonly EventId[]): Promise<void> {
    if ((await this.#change((before) => unsealed(before, closings))) !== undefined) this.#sealTo(undefined)
  }

  /** Goes on, when nobody knows of more, or a person says so. */
  async resume(closings?: readonly EventId[]): Promise<void> {
    if ((await this.#change((before) => resumed(before, closings))) !== undefined) this.#recording?.resume()
  }

  /** Asks to stop; `ended` tells when all is journalled and signed. */
  async stop(): Promise<void> {
    await this.#change(() => ({ wanted: 'stopped' }))
    this.#recording?.stop()
  }

  get ended(): Promise<void> {
    return this.#recording?.ended.then(() => this.#turn) ?? Promise.resolve()
  }

  /** Journals an event that the server told of; one that is journalled already is left. */
  async learn(event: { id: string; sha256: string }): Promise<void> {
    await this.#inTurn(async () => {
      // Asked in turn: the last word may have been said while this waited, and no line follows it.
      if (this.#spoolState?.finished === true) return
      await this.#spool.keepEvent(event)
      await this.#word.sayLines()
    })
  }

  /** Suspends a running recording, so that it goes on at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heads)
    await this.#recording?.[Symbol.asyncDispose]()
    await this.#turn
    await this.outbox[Symbol.asyncDispose]()
    await this.#spool[Symbol.asyncDispose]()
  }

  #openRecording(of: Pick<SpoolState, 'source' | 'chamber' | 'speed'>, line?: Anchor): Promise<SessionRecording> {
    const { source, chamber, speed } = of
    return SessionRecording.open({
      ...{ ffmpeg: this.#config.ffmpeg, spool: this.#spool },
      ...(line === undefined ? {} : { origin: line }),
      plans: plansFrom(chamber ?? source, speed),
      onLines: () => {
        this.#config.onSegments()
        void this.#inTurn(() => this.#word.sayNews())
      },
      onState: (state, cause) => void this.#inTurn(() => this.#seeState(state, cause)),
    })
  }

  /** What the disk has room for; see SessionRecording. */
  keepWithin(step: DiskStep): void {
    this.#recording?.keepPreview(step === 'ample')
    this.#recording?.keepSoundOnly(step === 'sound-only')
  }

  #finishWhenEnded(recording: SessionRecording): void {
    void recording.ended
      .then(() => this.#inTurn(() => this.#finish(recording)))
      .catch((error: unknown) => {
        this.#fault = error instanceof Error ? error : new Error(String(error))
        this.#config.onChange()
      })
  }

  async #finish(recording: SessionRecording): Promise<void> {
    if (recording.isSuspended) return
    await this.#word.sayNews()
    const { mediaMs, part } = recording.view
    await this.#word.tell({ type: 'recording.stopped', part, mediaMs, toMs: mediaMs })
    await this.#word.signHead()
    await this.outbox.add({ type: 'finished', lines: this.#spool.lines.length })
    await this.#writeState({ wanted: 'stopped', finished: true })
  }

  #sealTo(recipients: readonly string[] | undefined): void {
    this.#spool.sealTo = recipients
    this.#recording?.seal(recipients)
  }

  /** On the disk before it is acted on. @returns undefined when nothing changes: also before the start, and once it was stopped */
  async #change(to: (before: SpoolState) => Partial<SpoolState> | undefined): Promise<Partial<SpoolState> | undefined> {
    const before = this.#spoolState
    const change = before === undefined || before.wanted === 'stopped' ? undefined : to(before)
    if (change !== undefined) await this.#writeState(change)
    return change
  }

  async #writeState(change: Partial<SpoolState>): Promise<void> {
    const whole: SpoolState = {
      session: this.session,
      source: '',
      speed: 1,
      wanted: 'recording' as const,
      restCause: 'paused' as const,
      closings: [],
      finished: false,
      ...this.#spoolState,
      ...change,
    }
    await this.#spool.writeState(whole)
    this.#spoolState = whole
  }

  async #seeState(state: RecorderState, cause: string | undefined): Promise<void> {
    const type = eventOfChange(this.#seenState, state)
    this.#seenState = state
    const view = this.#recording?.view
    if (type === undefined || view === undefined) return
    await this.#word.tell({ type, part: view.part, mediaMs: view.mediaMs, ...(cause === undefined ? {} : { cause: cause.slice(0, 500) }) })
  }

  /** One step at a time; a step that fails is a fault that is shown, and the next one is tried. */
  async #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step).catch((error: unknown) => {
      this.#fault = error instanceof Error ? error : new Error(String(error))
    })
    await this.#turn
    this.#config.onChange()
  }
}
