import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { SegmentLine } from '../storage/model/recording.ts'
import type { AgentIdentity } from './agent-identity.ts'
import { type Receipt, receipt, requestPurpose, ticketAnswer } from './control-protocol.ts'
import type { SegmentSpool } from './segment-spool.ts'

/** The bytes in the spool are no longer those that were journalled: they are not sent, and nothing is changed. */
export class SegmentAlteredError extends Error {
  override readonly name = 'SegmentAlteredError'
}

/** The server or the store said no, or did not answer. `permanent`: asking again the same way will not help, a person must look. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError'
  readonly permanent: boolean
  constructor(message: string, permanent: boolean, cause?: unknown) {
    super(message, { cause })
    this.permanent = permanent
  }
}

export interface UploaderConfig {
  identity: AgentIdentity
  spool: SegmentSpool
  /** Bounds one attempt of one segment. */
  attemptMs?: number
  /** Told of what stands in the way, and undefined when it is gone. Must not throw. */
  onTrouble?: (error: Error | undefined) => void
  onReceipt?: () => void
}

/** How long a segment that was refused for good is left aside. */
const asideMs = 60_000

const serverProblem = z.object({ error: z.string() })

/**
 * Brings the closed segments of a session to the store, oldest first: ticket, PUT, receipt. A segment counts as safe only when the
 * server read the stored bytes back and its receipt shows their size and hash. It tries for ever and removes nothing.
 */
export class SegmentUploader implements AsyncDisposable {
  readonly #config: UploaderConfig
  readonly #stop = new AbortController()
  #wake = Promise.withResolvers<void>()
  #retry = Promise.withResolvers<void>()
  /** Segments that a person must look at first, by leaf: not tried before that time. */
  readonly #aside = new Map<number, number>()
  #running: Promise<void>

  constructor(config: UploaderConfig) {
    this.#config = config
    this.#running = this.#run()
  }

  /** There may be new segments. */
  wake(): void {
    this.#wake.resolve()
  }

  /** The way may be free again: what waits for its next try is tried now. */
  retryNow(): void {
    this.#retry.resolve()
    this.#wake.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake.resolve()
    await this.#running
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stop.signal.aborted) {
      const next = this.#config.spool.unconfirmed().find(({ leaf }) => (this.#aside.get(leaf) ?? 0) <= Date.now())
      if (next === undefined) {
        await Promise.race([this.#wake.promise, ...(this.#aside.size > 0 ? [this.#rest(asideMs)] : [])])
        this.#wake = Promise.withResolvers()
        continue
      }
      try {
        const got = await this.#deliver(next.leaf, next.line)
        await this.#config.spool.keepReceipt(next.leaf, got)
        this.#aside.delete(next.leaf)
        if (failures > 0) this.#config.onTrouble?.(undefined)
        failures = 0
        this.#config.onReceipt?.()
      } catch (error) {
        if (this.#stop.signal.aborted) return
        // A first failure is often mended half a second later: a segment overtook its line of the journal, a connection was reused.
        if (failures > 0 || isPermanent(error)) this.#config.onTrouble?.(error instanceof Error ? error : new Error(String(error)))
        // One segment that is refused must not hold up those behind it.
        if (isPermanent(error)) this.#aside.set(next.leaf, Date.now() + asideMs)
        else await this.#rest(retryDelayMs(failures++, Math.random()))
      }
    }
  }

  async #deliver(leaf: number, line: SegmentLine): Promise<Receipt> {
    const bytes = await readFile(this.#config.spool.segmentPath(line))
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== line.sha256 || bytes.length !== line.bytes) {
      throw new SegmentAlteredError(
        `segment ${line.part}/${line.index} in the spool: expected ${line.bytes} bytes ${line.sha256}, found ${bytes.length} bytes ${found}`,
      )
    }
    // A new signal for each attempt; without one a dropped network hangs until TCP gives up.
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(Math.round(this.#config.attemptMs ?? 60_000))])
    const md5 = createHash('md5').update(bytes).digest('base64')
    const ticket = ticketAnswer.parse(await this.#ask('/agent/ticket', { session: line.session, leaf, line, md5 }, signal))
    await put(ticket, new URL(ticket.url, this.#config.identity.enrolment.server), bytes, signal)
    const got = receipt.parse(await this.#ask('/agent/receipt', { session: line.session, leaf, line }, signal))
    if (got.sha256 !== line.sha256 || got.sizeBytes !== line.bytes) {
      throw new UploadRefusedError(
        `receipt for segment ${line.part}/${line.index}: expected ${line.bytes} bytes ${line.sha256}, got ${got.sizeBytes} bytes ${got.sha256}`,
        true,
      )
    }
    return got
  }

  async #ask(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const { identity } = this.#config
    const text = JSON.stringify(body)
    const credential = identity.credential(requestPurpose(path, createHash('sha256').update(text).digest('hex')))
    const authorization = `Escano ${Buffer.from(JSON.stringify(credential)).toString('base64')}`
    const response = await reach(new URL(path, identity.enrolment.server), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: authorization },
      body: text,
      signal,
    })
    const answered: unknown = await response.json().catch(() => undefined)
    if (response.ok) return answered
    const told = serverProblem.safeParse(answered)
    throw new UploadRefusedError(
      `${path}: the server answered ${response.status}${told.success ? `: ${told.data.error}` : ''}`,
      isRefusal(response.status),
    )
  }

  async #rest(ms: number): Promise<void> {
    this.#retry = Promise.withResolvers()
    const rested = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, rested.signal])
    await Promise.race([wait(ms, undefined, { signal }).catch(() => undefined), this.#retry.promise])
    rested.abort()
  }
}

async function put(ticket: z.infer<typeof ticketAnswer>, url: URL, bytes: Buffer, signal: AbortSignal): Promise<void> {
  // fetch states the length of what it sends by itself.
  const headers = Object.entries(ticket.headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const response = await reach(url, { method: ticket.method, headers, body: new Uint8Array(bytes), signal })
  // Read to its end: cancelling a body that still arrives makes undici throw where nobody catches.
  await response.arrayBuffer()
  // 412 and 409: the object is there already; whether it is ours the receipt will tell.
  if (response.ok || response.status === 412 || response.status === 409) return
  throw new UploadRefusedError(`the store answered ${response.status} to a PUT`, isRefusal(response.status))
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new UploadRefusedError(`${url.origin} cannot be reached`, false, cause)
  }
}

/** Not let in, or no such place: an alarm, since more of the same will not help; the bytes stay where they are. */
function isRefusal(status: number): boolean {
  return status === 401 || status === 403 || status === 404
}

function isPermanent(error: unknown): boolean {
  return error instanceof SegmentAlteredError || (error instanceof UploadRefusedError && error.permanent)
}

/** Full jitter: anything up to 0.5 s doubled at each failure, never above 60 s. */
export function retryDelayMs(failures: number, random: number): number {
  return Math.round(random * Math.min(60_000, 500 * 2 ** Math.min(failures, 10)))
}
