import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EventId, type SessionId, sessionId } from '../storage/model/ids.ts'
import type { Rehearsal } from '../storage/model/rehearsal.ts'
import { FolderLock } from '../storage/programs/folder-lock.ts'
import { readClock } from './clock.ts'
import { ClockWatch } from './clock-watch.ts'
import { restProof } from './closed-rest.ts'
import { ControlLink } from './control-link.ts'
import type { ProofOfLife, RestWanted } from './control-protocol.ts'
import { DiskWatch } from './disk-watch.ts'
import { LinkState } from './link-state.ts'
import { type Anchor, lineEnd } from './media-line.ts'
import { obeyCommand } from './obey-command.ts'
import { CommandRefusedError, type RecorderParts } from './recorder-parts.ts'
import { recorderProof } from './recorder-proof.ts'
import { RehearsalTurn } from './rehearsal/rehearsal-turn.ts'
import { SegmentUploader } from './segment-uploader.ts'
import { ServerClock } from './server-clock.ts'
import { SessionAgent } from './session-agent.ts'
import { SpoolKeeper } from './spool-keeper.ts'

export type ProofListener = (session: SessionId | undefined, proof: ProofOfLife) => void

const tellEveryMs = 1000

/** The agent of one chamber: hears commands, records one session at a time, delivers it and what earlier runs left undelivered. */
export class Recorder implements AsyncDisposable {
  readonly #parts: RecorderParts
  readonly #lock: FolderLock
  readonly #sessions = new Map<SessionId, SessionAgent>()
  readonly #listeners = new Set<ProofListener>()
  readonly #link: ControlLink
  readonly #uploader: SegmentUploader
  readonly #ticking: NodeJS.Timeout
  readonly #disk: DiskWatch
  readonly #clock = new ClockWatch()
  readonly #rehearsal = new RehearsalTurn()
  readonly #keeper: SpoolKeeper
  #active: SessionAgent | undefined
  readonly #linkState = new LinkState()
  #undelivered: string | undefined
  #told = ''
  #previewTold: Uint8Array | undefined
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(parts: RecorderParts, lock: FolderLock) {
    this.#parts = parts
    this.#lock = lock
    this.#disk = new DiskWatch(parts.spool)
    const clock = new ServerClock()
    this.#link = new ControlLink({
      ...{ identity: parts.identity, clock },
      onCommand: (command) => obeyCommand(this, command, parts),
      onConnection: (connected, reason) => {
        const wasDead = this.#linkState.hear(connected, reason)
        if (connected) this.#uploader.retryNow(wasDead)
        this.#tell()
      },
      onRefused: (error) => parts.onTrouble?.(`the server refused a message: ${error}`),
    })
    this.#uploader = new SegmentUploader({
      ...{ identity: parts.identity, clock },
      bytesPerSecond: parts.uploadBytesPerSecond,
      onTrouble: (error) => {
        this.#undelivered = error?.message
        this.#tell()
      },
      onReceipt: () => this.#tell(),
      onLineBack: () => this.#link.dialAfresh(),
    })
    this.#keeper = new SpoolKeeper({
      ...{ folder: parts.spool, identity: parts.identity, clock, working: (session: SessionId) => this.#sessions.get(session) },
      ...{ exclusively: <T>(work: () => Promise<T>) => this.#inTurn(work), onTrouble: (sentence: string) => parts.onTrouble?.(sentence) },
    })
    this.#ticking = setInterval(() => void this.#tick(), tellEveryMs)
  }

  /**
   * Takes the spool, goes on with what an earlier run left, and dials the server.
   * @throws FolderInUseError another agent works on this spool
   * @throws SpoolDamagedError
   */
  static async open(parts: RecorderParts): Promise<Recorder> {
    const lock = await FolderLock.take(parts.spool, 'a recorder')
    const recorder = new Recorder(parts, lock)
    try {
      // In turn, before any command: the link may be up sooner, and a stop must not find its session missing.
      await recorder.#inTurn(() => recorder.#takeUp())
      recorder.#keeper.begin()
      return recorder
    } catch (error) {
      await recorder[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Begins to record a session, on the line of those that record it already; proof tells that it does. @throws CommandRefusedError */
  start(session: SessionId, source?: string, line?: Anchor): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#active !== undefined && this.#active.session !== session && this.#active.state?.finished === false) {
        throw new CommandRefusedError(`session ${this.#active.session} is being recorded; stop it first`)
      }
      const from = source ?? this.#parts.source
      if (from === undefined) throw new CommandRefusedError('no source: neither the command nor the configuration names one')
      await this.#rehearsal.giveWay()
      const agent = this.#sessions.get(session) ?? (await this.#open(session))
      this.#link.carry(agent.outbox)
      if (agent.state?.finished === true) throw new CommandRefusedError(`session ${session} is recorded already`)
      await agent.start(from, this.#parts.speed, line)
      this.#active = agent
    })
  }

  /** @param of.closing the mark of the closed part that it rests for */
  pause(session: SessionId, of: RestWanted = {}): Promise<void> {
    return this.#inTurn(() => this.#of(session).pause(of))
  }

  /**
   * @param closing the mark of the closed part that it encrypts for
   * @throws CommandRefusedError a key is none: nothing may be recorded that nobody can open
   */
  seal(session: SessionId, recipients: readonly string[], closing?: EventId): Promise<void> {
    return this.#inTurn(async () => {
      const { isSealRecipient } = await import('../storage/custody/seal-recipient.ts')
      if (recipients.length === 0 || !recipients.every(isSealRecipient)) throw new CommandRefusedError('a key to encrypt to is no age key')
      await this.#of(session).seal(recipients, closing)
    })
  }

  /** @param closings only when it encrypts for none but these; see closed-rest.ts */
  unseal(session: SessionId, closings?: readonly EventId[]): Promise<void> {
    return this.#inTurn(() => this.#of(session).unseal(closings))
  }

  /** @param closings only when it rests for none but these; without it a person says so, and it always goes on. See closed-rest.ts */
  resume(session: SessionId, closings?: readonly EventId[]): Promise<void> {
    return this.#inTurn(() => this.#of(session).resume(closings))
  }

  /** Asks to stop; `ended` tells when all is journalled and signed. */
  stop(session: SessionId): Promise<void> {
    return this.#inTurn(() => this.#of(session).stop())
  }

  /** Settles when the session is stopped, journalled and signed; rejects when it could not be. */
  async ended(session: SessionId): Promise<void> {
    await this.#of(session).ended
  }

  /** An event of the session that the server told of: its hash goes into the journal. */
  learn(session: SessionId, event: { id: string; sha256: string }): Promise<void> {
    return this.#inTurn(() => this.#of(session).learn(event))
  }

  /** Tries all that a session will need. @throws CommandRefusedError one is being recorded, or there is no source */
  async rehearse(seconds?: number): Promise<Rehearsal> {
    if (this.isRecording) throw new CommandRefusedError('a session is being recorded: its proof says more than a rehearsal')
    return await this.#rehearsal.runOf(this.#parts, seconds)
  }

  /** What can be shown now. */
  get proof(): { session: SessionId | undefined; proof: ProofOfLife } {
    const agent = this.#active
    const cause = agent?.trouble ?? this.#undelivered ?? this.#linkState.trouble
    const told = { clock: this.#clock, cause, rest: restProof(agent?.state) }
    const proof = recorderProof({ view: agent?.view, counts: agent?.counts, disk: this.#disk, ...told })
    return { session: agent?.session, proof }
  }

  /** The newest picture of what is being written, a small JPEG. Who shows it must not do so in a closed part. */
  get preview(): Uint8Array | undefined {
    return this.#active?.view?.preview
  }

  onProof(listener: ProofListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The server can tell it what to do. */
  get isLinked(): boolean {
    return this.#linkState.isUp
  }

  /** A session was begun and not stopped, whatever state it is in. */
  get isRecording(): boolean {
    return this.#active?.state?.finished === false
  }

  /** Everything recorded so far is confirmed by the server. */
  get isDelivered(): boolean {
    return [...this.#sessions.values()].every((session) => session.isDelivered)
  }

  /** Ends every process; a recording that was not stopped goes on at the next start, with the gap stated. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticking)
    await this.#rehearsal.giveWay()
    await this.#keeper[Symbol.asyncDispose]()
    await this.#turn
    await this.#uploader[Symbol.asyncDispose]()
    await Promise.all([...this.#sessions.values()].map((session) => session[Symbol.asyncDispose]()))
    await this.#link[Symbol.asyncDispose]()
    await this.#lock[Symbol.asyncDispose]()
  }

  #of(session: SessionId): SessionAgent {
    const agent = this.#sessions.get(session)
    if (agent === undefined) throw new CommandRefusedError(`session ${session} is not at this recorder`)
    return agent
  }

  async #open(session: SessionId): Promise<SessionAgent> {
    const { identity, ffmpeg, spool } = this.#parts
    const agent = await SessionAgent.open({
      ...{ folder: join(spool, session), session, identity, ffmpeg, isSynchronised: () => this.#clock.synchronised },
      onChange: () => this.#tell(),
      onSegments: () => this.#uploader.wake(),
    })
    this.#sessions.set(session, agent)
    this.#uploader.carry(agent.spool)
    return agent
  }

  /** Sessions that an earlier run left: recording goes on, or what is not yet delivered is delivered. */
  async #takeUp(): Promise<void> {
    const names = (await readdir(this.#parts.spool)).filter((name) => sessionId.safeParse(name).success).sort()
    for (const name of names) {
      const agent = await this.#open(sessionId.parse(name))
      if (agent.state === undefined || agent.isDelivered) {
        this.#sessions.delete(agent.session)
        await this.#uploader.leave(agent.spool)
        await agent[Symbol.asyncDispose]()
        continue
      }
      this.#link.carry(agent.outbox)
      if (agent.state.finished) continue
      this.#active = agent
      // The wall's clock may have been moved while no agent was there to see it.
      this.#clock.look(readClock(), lineEnd(agent.spool.lines)?.clock)
      await agent.goOn()
    }
  }

  async #tick(): Promise<void> {
    this.#clock.look()
    this.#clock.hear(this.isRecording ? this.#active?.spool.lines : undefined)
    await this.#clock.ask()
    try {
      const agent = this.#active?.state?.finished === false ? this.#active : undefined
      const step = await this.#disk.look(agent?.spool.lines)
      agent?.keepWithin(step)
    } catch (error) {
      this.#parts.onTrouble?.(`the disk of the spool cannot be looked at: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.#tell()
  }

  #tell(): void {
    const { session, proof } = this.proof
    this.#link.tell(session ?? null, proof)
    this.#tellPreview(session)
    this.#link.wake()
    for (const listener of this.#listeners) listener(session, proof)
    if (proof.cause !== undefined && proof.cause !== this.#told) this.#parts.onTrouble?.(proof.cause)
    this.#told = proof.cause ?? ''
  }

  /** Each picture once; there is a new one every few seconds. */
  #tellPreview(session: SessionId | undefined): void {
    const { preview } = this
    if (session === undefined || preview === undefined || preview === this.#previewTold) return
    this.#previewTold = preview
    this.#link.tellPreview(session, preview)
  }

  /** One command at a time. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
