import { io, type Socket } from 'socket.io-client'
import type { AgentIdentity } from './agent-identity.ts'
import {
  type Answer,
  answer,
  linkNamespace,
  linkPurpose,
  type ProofOfLife,
  type RecorderCommand,
  recorderCommand,
} from './control-protocol.ts'
import type { Outbox } from './outbox.ts'
import { retryDelayMs } from './retry-delay.ts'
import { ServerClock } from './server-clock.ts'

export interface LinkConfig {
  identity: AgentIdentity
  clock?: ServerClock
  /** Acts on a command. What it throws is told to the server as the answer. */
  onCommand: (command: RecorderCommand) => Promise<void>
  onConnection: (connected: boolean, reason: string | undefined) => void
  /** A message that the server will never take. Must not throw. */
  onRefused: (error: string) => void
}

/** The agent's end of the link: dials out, says what lies in the outboxes, hears commands. While the line is down everything waits on the disk. */
export class ControlLink implements AsyncDisposable {
  readonly #config: LinkConfig
  readonly #socket: Socket
  readonly #outboxes: Outbox[] = []
  /** Outboxes whose next message the server will not take; tried again at the next connection. */
  readonly #blocked = new Set<Outbox>()
  /** Commands done or being done, by id: one that comes twice is done once. */
  readonly #commands = new Map<string, Promise<Answer>>()
  #sending: Promise<void> | undefined
  #closed = false

  constructor(config: LinkConfig) {
    this.#config = config
    const { server } = config.identity.enrolment
    const clock = config.clock ?? new ServerClock()
    this.#socket = io(new URL(linkNamespace, server).href, {
      // Made anew at each try: a credential serves once.
      auth: (give) => give({ ...config.identity.credential(linkPurpose, clock.offsetMs) }),
      ...{ transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 10_000, randomizationFactor: 1 },
      ...{ autoConnect: false, forceNew: true },
    })
    this.#socket.on('connect', () => {
      config.onConnection(true, undefined)
      this.#blocked.clear()
      this.wake()
    })
    this.#socket.on('disconnect', (reason) => {
      config.onConnection(false, reason)
      // The server hung up: socket.io then leaves it to us to dial again.
      if (reason === 'io server disconnect') this.#dialAgain()
    })
    this.#socket.on('connect_error', (error) => {
      config.onConnection(false, error.message)
      // Not let in may mean that our clock is wrong: the next try knows how much.
      void clock.ask(server)
      if (!this.#socket.active) this.#dialAgain()
    })
    this.#socket.on('command', (raw: unknown, reply: unknown) => void this.#command(raw, reply))
    this.#socket.connect()
  }

  get connected(): boolean {
    return this.#socket.connected
  }

  carry(outbox: Outbox): void {
    if (!this.#outboxes.includes(outbox)) this.#outboxes.push(outbox)
    this.wake()
  }

  /** A picture of what is being written; lost when the line is down, and in what is not sent at once. */
  tellPreview(session: string, jpeg: Uint8Array): void {
    this.#socket.volatile.emit('preview', { session, jpeg })
  }

  /** Tells what can be proven now; lost when the line is down, since the next one tells more. */
  tell(session: string | null, proof: ProofOfLife): void {
    this.#socket.volatile.emit('proof', { session, proof })
  }

  /** What was said last went into a line that is dead: hangs up and dials anew. */
  dialAfresh(): void {
    if (this.#closed) return
    this.#socket.disconnect()
    this.#socket.connect()
  }

  /** There may be something to say. */
  wake(): void {
    if (this.#closed) return
    this.#sending ??= this.#send()
      .catch((error: unknown) => this.#config.onRefused(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#sending = undefined
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#socket.disconnect()
    await this.#sending
    await Promise.all(this.#commands.values())
  }

  #dialAgain(): void {
    setTimeout(() => this.#closed || this.#socket.connect(), 500 + retryDelayMs(4, Math.random())).unref()
  }

  async #send(): Promise<void> {
    for (let progressed = true; progressed; ) {
      progressed = false
      for (const outbox of this.#outboxes) progressed = (await this.#drain(outbox)) || progressed
    }
  }

  /** Says what waits in one outbox, in order. @returns whether the server took anything */
  async #drain(outbox: Outbox): Promise<boolean> {
    let progressed = false
    for (let next = outbox.next(); next !== undefined && this.connected && !this.#closed; next = outbox.next()) {
      if (this.#blocked.has(outbox)) return progressed
      const got = await this.#say(next)
      if (got?.ok !== true) {
        if (got?.retry === false) {
          this.#blocked.add(outbox)
          this.#config.onRefused(got.error)
        } else this.#later()
        return false
      }
      await outbox.acknowledge(next.seq)
      progressed = true
    }
    return progressed
  }

  /** The server's answer, or undefined when it gave none in time. */
  async #say(message: unknown): Promise<Answer | undefined> {
    try {
      return answer.parse(await this.#socket.timeout(15_000).emitWithAck('message', message))
    } catch {
      // No answer, a broken line, or nonsense: what was said stays in the outbox and is said again.
      return undefined
    }
  }

  #later(): void {
    setTimeout(() => this.wake(), retryDelayMs(3, Math.random())).unref()
  }

  async #command(raw: unknown, reply: unknown): Promise<void> {
    const parsed = recorderCommand.safeParse(raw)
    const done = parsed.success
      ? this.#once(parsed.data)
      : Promise.resolve<Answer>({ ok: false, retry: false, error: 'not a command this recorder knows' })
    if (typeof reply === 'function') reply(await done)
  }

  #once(command: RecorderCommand): Promise<Answer> {
    const known = this.#commands.get(command.id)
    if (known !== undefined) return known
    const doing = this.#config.onCommand(command).then(
      (): Answer => ({ ok: true }),
      (error: unknown): Answer => ({ ok: false, retry: false, error: error instanceof Error ? error.message : String(error) }),
    )
    this.#commands.set(command.id, doing)
    for (const id of this.#commands.keys()) {
      if (this.#commands.size <= 500) break
      this.#commands.delete(id)
    }
    return doing
  }
}
