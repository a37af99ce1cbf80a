import { setTimeout as wait } from 'node:timers/promises'

export interface LineWatchConfig {
  /** Asks the server anything, over a connection of its own if need be. @returns whether it answered before the signal */
  ask: (signal: AbortSignal) => Promise<boolean>
  /** Whether bytes are on the way: nobody is asked while none are. */
  busy: () => boolean
  /** The server answers again, and had been silent since that time (`performance.now()`). Must not throw. */
  onBack: (silentSinceMs: number) => void
  everyMs?: number
  /** Silence shorter than this is a slow line. */
  deadMs?: number
}

/**
 * Notices that a line was dead and lives again. TCP does not: it sends what was lost anew after twice the time of each try before, so that
 * a cut of a minute costs up to another (RFC 6298 §5.5), and nobody hangs up.
 */
export class LineWatch implements AsyncDisposable {
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  constructor(config: LineWatchConfig) {
    this.#running = this.#run(config)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run({ ask, busy, onBack, everyMs = 2000, deadMs = 6000 }: LineWatchConfig): Promise<void> {
    let silentSince: number | undefined
    while (!this.#stop.signal.aborted) {
      await wait(everyMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
      if (!busy()) {
        silentSince = undefined
        continue
      }
      const askedAt = performance.now()
      const answered = await ask(AbortSignal.any([this.#stop.signal, AbortSignal.timeout(everyMs)]))
      if (!answered) silentSince ??= askedAt
      else {
        if (silentSince !== undefined && performance.now() - silentSince > deadMs) onBack(silentSince)
        silentSince = undefined
      }
    }
  }
}
