import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { newId } from '../storage/model/ids.ts'
import type { AgentIdentity } from './agent-identity.ts'
import type { ChamberProfile } from './chamber-profile.ts'
import { microphonesPath } from './control-protocol.ts'
import { MicrophoneOutbox } from './microphone-outbox.ts'
import { retryDelayMs } from './retry-delay.ts'
import { askServer } from './segment-delivery.ts'
import { ServerClock } from './server-clock.ts'
import { ShureLine } from './shure-line.ts'
import type { UnitReport } from './shure-strings.ts'

export interface MicrophoneWatchConfig {
  identity: AgentIdentity
  /** Folder of the spool; what the server has not acknowledged waits in it. */
  spool: string
  microphones: NonNullable<ChamberProfile['microphones']>
  /** Told of what a person should look at. Must not throw. */
  onTrouble?: (sentence: string) => void
  /** How often the system is asked for everything, ms. */
  askEveryMs?: number
}

const batch = 500

/** Hears the conference system of the chamber and brings what it says to the server, each event once, whatever breaks meanwhile. */
export class MicrophoneWatch implements AsyncDisposable {
  readonly #config: MicrophoneWatchConfig
  readonly #outbox: MicrophoneOutbox
  readonly #line: ShureLine
  readonly #clock = new ServerClock()
  readonly #stop = new AbortController()
  #wake = Promise.withResolvers<void>()
  #keeping: Promise<void> = Promise.resolve()
  readonly #running: Promise<void>

  private constructor(config: MicrophoneWatchConfig, outbox: MicrophoneOutbox) {
    this.#config = config
    this.#outbox = outbox
    const { host, port } = config.microphones
    this.#line = new ShureLine({
      ...{ host, port },
      ...(config.askEveryMs === undefined ? {} : { askEveryMs: config.askEveryMs }),
      onChange: (reports) => this.#keep(reports, Date.now()),
      onLine: (trouble) => {
        if (trouble !== undefined) config.onTrouble?.(trouble)
      },
    })
    this.#running = this.#deliver()
  }

  static async open(config: MicrophoneWatchConfig): Promise<MicrophoneWatch> {
    return new MicrophoneWatch(config, await MicrophoneOutbox.open(join(config.spool, 'microphones.jsonl')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#line[Symbol.dispose]()
    this.#stop.abort()
    this.#wake.resolve()
    await this.#running
    await this.#keeping
    await this.#outbox[Symbol.asyncDispose]()
  }

  /** The clock is this machine's, which the recording is timed by too. Units without a seat in the profile have their own number. */
  #keep(reports: readonly UnitReport[], ms: number): void {
    const { seats } = this.#config.microphones
    for (const { unit, event } of reports) {
      const told = { id: newId(ms), source: 'shure', seat: seats[String(unit)] ?? unit, event, clock: 'source' as const, ms }
      this.#keeping = this.#keeping
        .then(() => this.#outbox.add(told))
        .then(() => this.#wake.resolve())
        .catch((error: unknown) => this.#config.onTrouble?.(`a microphone event could not be kept: ${messageOf(error)}`))
    }
  }

  async #deliver(): Promise<void> {
    let failures = 0
    const parts = { identity: this.#config.identity, clock: this.#clock }
    while (!this.#stop.signal.aborted) {
      const events = this.#outbox.next(batch)
      if (events.length === 0) {
        await this.#wake.promise
        this.#wake = Promise.withResolvers()
        continue
      }
      try {
        await askServer(parts, microphonesPath, { events }, AbortSignal.any([this.#stop.signal, AbortSignal.timeout(15_000)]))
        await this.#outbox.acknowledge(events.length)
        failures = 0
      } catch (error) {
        if (this.#stop.signal.aborted) return
        if (failures === 1) this.#config.onTrouble?.(`microphone events wait for the server: ${messageOf(error)}`)
        await wait(retryDelayMs(failures++, Math.random()), undefined, { signal: this.#stop.signal }).catch(() => undefined)
      }
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
