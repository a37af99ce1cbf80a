import { setTimeout as wait } from 'node:timers/promises'
import type { AgentIdentity } from './agent-identity.ts'
import type { WaitingSegment } from './journal-index.ts'
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
}

interface Next extends WaitingSegment {
  spool: SegmentSpool
}

/** How long a segment that was refused for good is left aside. */
const asideMs = 60_000
/** An attempt ends by itself: without a signal a dropped network hangs until TCP gives up. A line slower than this carries no segment. */
const attemptMs = 60_000
const slowestBytesPerSecond = 8_000

/**
 * Brings the closed segments of every session at this recorder to the store, one at a time: the first lane that has one, in it the oldest
 * session, in that the oldest segment. It tries for ever and removes nothing.
 */
export class SegmentUploader implements AsyncDisposable {
  readonly #config: UploaderConfig
  readonly #clock: ServerClock
  readonly #bucket: TokenBucket
  readonly #spools = new Set<SegmentSpool>()
  readonly #stop = new AbortController()
  #wake = Promise.withResolvers<void>()
  #retry = Promise.withResolvers<void>()
  /** Segments that a person must look at first: not tried before that time. */
  readonly #aside = new Map<string, number>()
  /** Segments that were perhaps sent before: here, or by an agent before us that was cut off. */
  readonly #tried = new Set<string>()
  #attempt: { spool: SegmentSpool; abort: AbortController; settled: Promise<void> } | undefined
  readonly #running: Promise<void>

  constructor(config: UploaderConfig) {
    this.#config = config
    this.#clock = config.clock ?? new ServerClock()
    this.#bucket = new TokenBucket(config.bytesPerSecond)
    this.#running = this.#run()
  }

  /** Delivers what waits in this spool from now on. */
  carry(spool: SegmentSpool): void {
    this.#spools.add(spool)
    for (const lane of lanes) {
      const [oldest] = spool.waitingIn(lane)
      if (oldest !== undefined) this.#tried.add(placeOf({ spool, ...oldest }))
    }
    this.wake()
  }

  /** Delivers nothing more of this spool; returns when none of it is on the way. */
  async leave(spool: SegmentSpool): Promise<void> {
    this.#spools.delete(spool)
    if (this.#attempt?.spool !== spool) return
    this.#attempt.abort.abort()
    await this.#attempt.settled
  }

  /** There may be new segments. */
  wake(): void {
    this.#wake.resolve()
  }

  /**
   * The way may be free again: what waits for its next try is tried now.
   * @param afresh what is on the way was sent into a line that is dead: it is given up and sent again
   */
  retryNow(afresh = false): void {
    if (afresh) this.#attempt?.abort.abort()
    this.#retry.resolve()
    this.#wake.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#attempt?.abort.abort()
    this.#wake.resolve()
    await this.#running
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stop.signal.aborted) {
      const next = this.#next()
      if (next === undefined) {
        await Promise.race([this.#wake.promise, ...(this.#aside.size > 0 ? [this.#rest(asideMs)] : [])])
        this.#wake = Promise.withResolvers()
        continue
      }
      try {
        await this.#deliver(next)
        this.#aside.delete(placeOf(next))
        if (failures > 0) this.#config.onTrouble?.(undefined)
        failures = 0
        this.#config.onReceipt?.()
      } catch (error) {
        if (this.#stop.signal.aborted) return
        if (!this.#spools.has(next.spool)) continue
        // A first failure is often mended half a second later: a segment overtook its line of the journal, a connection was reused.
        if (failures > 0 || isPermanent(error)) this.#config.onTrouble?.(error instanceof Error ? error : new Error(String(error)))
        // One segment that is refused must not hold up those behind it.
        if (isPermanent(error)) this.#aside.set(placeOf(next), Date.now() + asideMs)
        else await this.#rest(retryDelayMs(failures++, Math.random()))
      }
    }
  }

  #next(): Next | undefined {
    for (const lane of lanes) {
      for (const spool of this.#spools) {
        for (const waiting of spool.waitingIn(lane)) {
          if ((this.#aside.get(placeOf({ spool, ...waiting })) ?? 0) <= Date.now()) return { spool, ...waiting }
        }
      }
    }
    return undefined
  }

  async #deliver(next: Next): Promise<void> {
    const { spool, leaf, line } = next
    const mayBeThere = this.#tried.has(placeOf(next))
    this.#tried.add(placeOf(next))
    const abort = new AbortController()
    const settled = Promise.withResolvers<void>()
    this.#attempt = { spool, abort, settled: settled.promise }
    const slowest = Math.min(slowestBytesPerSecond, this.#config.bytesPerSecond ?? Number.POSITIVE_INFINITY)
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(Math.round(attemptMs + (line.bytes / slowest) * 1000))])
    const parts = { identity: this.#config.identity, clock: this.#clock, bucket: this.#bucket }
    try {
      await spool.keepReceipt(leaf, await deliverSegment(parts, { path: spool.storedPath(line), leaf, line, mayBeThere }, signal))
      this.#tried.delete(placeOf(next))
    } finally {
      this.#attempt = undefined
      settled.resolve()
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#retry = Promise.withResolvers()
    const rested = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, rested.signal])
    await Promise.race([wait(ms, undefined, { signal }).catch(() => undefined), this.#retry.promise])
    rested.abort()
  }
}

function placeOf({ spool, leaf }: Next): string {
  return `${spool.folder} ${leaf}`
}

function isPermanent(error: unknown): boolean {
  return error instanceof SegmentAlteredError || (error instanceof UploadRefusedError && error.permanent)
}
