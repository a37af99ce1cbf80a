import { setTimeout as wait } from 'node:timers/promises'
import type { AgentIdentity } from './agent-identity.ts'
import type { WaitingSegment } from './journal-index.ts'
import { LineTurn, type Rank } from './line-turn.ts'
import { LineWatch } from './line-watch.ts'
import { retryDelayMs } from './retry-delay.ts'
import { deliverSegment, SegmentAlteredError, UploadRefusedError } from './segment-delivery.ts'
import type { SegmentSpool } from './segment-spool.ts'
import { ServerClock } from './server-clock.ts'
import { lanes, TokenBucket } from './upload-lanes.ts'

export interface UploaderConfig {
  identity: AgentIdentity
  clock?: ServerClock
  /** Most it takes of the line; undefined: all there is. */
  bytesPerSecond?: number | undefined
  /** Told of what stands in the way, and undefined when it is gone. Must not throw. */
  onTrouble?: (error: Error | undefined) => void
  onReceipt?: () => void
  /** The line was dead and is back: whoever else has something on it may send it again. Must not throw. */
  onLineBack?: () => void
}

interface Next extends WaitingSegment {
  spool: SegmentSpool
  rank: Rank
}

interface Attempt {
  spool: SegmentSpool
  abort: AbortController
  settled: Promise<void>
  beganAtMs: number
  /** It was given up because the line it went into is dead: no failure. */
  again: boolean
  /** Something of it went onto the line. */
  sending: boolean
}

/** How long a segment that was refused for good is left aside. */
const asideMs = 60_000
/** What was still on the line of a segment that was given up is in the store by then, or never comes: only then it is asked whether it is there. */
const settleMs = 1000
/** On the way at once: one waits for its turn with its ticket, one is being sent, one is being read back. Only one takes the line. */
const ways = 3

/**
 * Brings the closed segments of every session at this recorder to the store: the first lane that has one, in it the oldest session, in
 * that the oldest segment. It tries for ever and removes nothing.
 *
 * Of the order that much is promised and no more: what is begun is always the oldest of its lane that is left, so that a segment is
 * confirmed while at most `ways` - 1 older ones of it are on the way still (those that were refused and wait aside not counted). A receipt
 * is of its segment alone and may come before that of an older one, whose bytes take longer to be read back: nobody may count on their
 * order (the journal's order is that of its lines, contracts.md §2).
 */
export class SegmentUploader implements AsyncDisposable {
  readonly #config: UploaderConfig
  readonly #clock: ServerClock
  readonly #bucket: TokenBucket
  readonly #turns = new LineTurn()
  readonly #spools = new Set<SegmentSpool>()
  readonly #stop = new AbortController()
  #wake = Promise.withResolvers<void>()
  #retry = Promise.withResolvers<void>()
  /** While something failed just now: all wait for the same next try. */
  #resting: Promise<void> | undefined
  #failures = 0
  #told = false
  /** Segments that a person must look at first: not tried before that time. */
  readonly #aside = new Map<string, number>()
  /** Segments that were perhaps sent before: here, or by an agent before us that was cut off. */
  readonly #tried = new Set<string>()
  readonly #attempts = new Map<string, Attempt>()
  readonly #running: Promise<unknown>
  readonly #watch: LineWatch

  constructor(config: UploaderConfig) {
    this.#config = config
    this.#clock = config.clock ?? new ServerClock()
    this.#bucket = new TokenBucket(config.bytesPerSecond)
    this.#running = Promise.all(Array.from({ length: ways }, () => this.#run()))
    const { server } = config.identity.enrolment
    this.#watch = new LineWatch({
      ask: (signal) => this.#clock.ask(server, signal),
      busy: () => this.#attempts.size > 0 || this.#resting !== undefined,
      onBack: (silentSinceMs) => {
        this.#sendAgain(silentSinceMs)
        this.retryNow()
        config.onLineBack?.()
      },
    })
  }

  /** Delivers what waits in this spool from now on. */
  carry(spool: SegmentSpool): void {
    this.#spools.add(spool)
    for (const lane of lanes) {
      for (const waiting of [...spool.waitingIn(lane)].slice(0, ways)) this.#tried.add(placeOf({ spool, ...waiting }))
    }
    this.wake()
  }

  /** Delivers nothing more of this spool; returns when none of it is on the way. */
  async leave(spool: SegmentSpool): Promise<void> {
    this.#spools.delete(spool)
    const own = [...this.#attempts.values()].filter((one) => one.spool === spool)
    for (const { abort } of own) abort.abort()
    await Promise.all(own.map(({ settled }) => settled))
  }

  /** There may be new segments. */
  wake(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  /**
   * The way may be free again: what waits for its next try is tried now.
   * @param afresh what is on the way was sent into a line that is dead: it is given up and sent again
   */
  retryNow(afresh = false): void {
    if (afresh) this.#sendAgain(Number.POSITIVE_INFINITY)
    this.#failures = 0
    this.#retry.resolve()
    this.#retry = Promise.withResolvers()
    this.wake()
  }

  /** What began before that time is given up, and tried again at once. */
  #sendAgain(beforeMs: number): void {
    for (const attempt of this.#attempts.values()) {
      if (attempt.beganAtMs > beforeMs) continue
      attempt.again = true
      attempt.abort.abort()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    for (const { abort } of this.#attempts.values()) abort.abort()
    this.wake()
    await Promise.all([this.#running, this.#watch[Symbol.asyncDispose]()])
  }

  /** One way: the next segment, tried once, and so on. */
  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const next = this.#resting === undefined ? this.#next() : undefined
      if (next !== undefined) await this.#try(next)
      else if (this.#resting !== undefined) await this.#resting
      else await Promise.race([this.#wake.promise, ...(this.#aside.size > 0 ? [this.#rest(asideMs)] : [])])
    }
  }

  #next(): Next | undefined {
    for (const [lane, name] of lanes.entries()) {
      for (const [order, spool] of [...this.#spools].entries()) {
        for (const waiting of spool.waitingIn(name)) {
          const next = { spool, ...waiting, rank: [lane, order, waiting.leaf] }
          const place = placeOf(next)
          if (!this.#attempts.has(place) && (this.#aside.get(place) ?? 0) <= Date.now()) return next
        }
      }
    }
    return undefined
  }

  async #try(next: Next): Promise<void> {
    const { spool, leaf, line, rank } = next
    const place = placeOf(next)
    const mayBeThere = this.#tried.has(place)
    this.#tried.add(place)
    const settled = Promise.withResolvers<void>()
    const attempt: Attempt = {
      ...{ spool, abort: new AbortController(), settled: settled.promise },
      ...{ beganAtMs: performance.now(), again: false, sending: false },
    }
    this.#attempts.set(place, attempt)
    const parts = { identity: this.#config.identity, clock: this.#clock, bucket: this.#bucket, turns: this.#turns }
    try {
      const onSending = () => {
        attempt.sending = true
      }
      const segment = { path: spool.storedPath(line), leaf, line, mayBeThere, rank, onSending }
      await spool.keepReceipt(leaf, await deliverSegment(parts, segment, attempt.abort.signal))
      this.#tried.delete(place)
      this.#aside.delete(place)
      this.#succeeded()
    } catch (error) {
      if (!this.#stop.signal.aborted && this.#spools.has(spool) && !attempt.again) this.#failed(place, error)
      if (attempt.again && attempt.sending) await wait(settleMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    } finally {
      this.#attempts.delete(place)
      settled.resolve()
    }
  }

  #succeeded(): void {
    this.#failures = 0
    if (this.#told && this.#aside.size === 0) {
      this.#told = false
      this.#config.onTrouble?.(undefined)
    }
    this.#config.onReceipt?.()
  }

  #failed(place: string, error: unknown): void {
    // One segment that is refused must not hold up those behind it.
    if (isPermanent(error)) this.#aside.set(place, Date.now() + asideMs)
    // What else was on the way fails of the same cause.
    else if (this.#resting !== undefined) return
    // A first failure is often mended half a second later: a segment overtook its line of the journal, a connection was reused.
    if (this.#failures > 0 || isPermanent(error)) {
      this.#told = true
      this.#config.onTrouble?.(error instanceof Error ? error : new Error(String(error)))
    }
    if (isPermanent(error)) return
    this.#resting = this.#rest(retryDelayMs(this.#failures++, Math.random())).finally(() => {
      this.#resting = undefined
    })
  }

  async #rest(ms: number): Promise<void> {
    const rested = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, rested.signal])
    await Promise.race([wait(ms, undefined, { signal }).catch(() => undefined), this.#retry.promise])
    rested.abort()
  }
}

function placeOf({ spool, leaf }: Pick<Next, 'spool' | 'leaf'>): string {
  return `${spool.folder} ${leaf}`
}

function isPermanent(error: unknown): boolean {
  return error instanceof SegmentAlteredError || (error instanceof UploadRefusedError && error.permanent)
}
