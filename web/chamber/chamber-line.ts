import { createHash } from 'node:crypto'
import { z } from 'zod'
import { requestPurpose } from '../../recorder/control-protocol.ts'
import type { ChamberBook } from './chamber-book.ts'
import { type ChamberEntry, type ChamberPage, entryAnswer, entryPath, syncAnswer, syncPath } from './chamber-protocol.ts'
import type { ChamberIdentity } from './chamber-recorder.ts'

/** While the answer is needed soon; else as often as a revoked tablet may go unnoticed. */
const askEveryMs = { needed: 2_000, quiet: 15_000 }
const answerWithinMs = 4_000

export interface ChamberLineConfig {
  identity: ChamberIdentity
  book: ChamberBook
  /** Where the page is now. */
  page: () => ChamberPage
  /** Somebody uses the page, or no other road brings what the server knows. */
  isNeeded: () => boolean
  /** The line came or went. Must not throw. */
  onChange: (up: boolean) => void
  /** An entry that the server will not take, or another fault. Must not throw. */
  onTrouble: (sentence: string) => void
}

/**
 * Whether the server is there, asked every few seconds by what must be asked anyway: what the page needs to know without it. What was kept
 * meanwhile is brought before the line counts as back, so that no tablet sees a server that knows less than it.
 */
export class ChamberLine implements AsyncDisposable {
  readonly #config: ChamberLineConfig
  readonly #refused = new Set<string>()
  #up = false
  #offsetMs = 0
  #timer: NodeJS.Timeout | undefined
  #asking: Promise<void> | undefined
  #closed = false

  constructor(config: ChamberLineConfig) {
    this.#config = config
  }

  get isUp(): boolean {
    return this.#up
  }

  /** The server's clock, as far as it is known. */
  serverNow(): number {
    return Date.now() + this.#offsetMs
  }

  /** Asks now. Never rejects. */
  ask(): Promise<void> {
    clearTimeout(this.#timer)
    this.#asking ??= this.#ask()
      .catch((error: unknown) => this.#set(false, error))
      .finally(() => {
        this.#asking = undefined
        const every = this.#config.isNeeded() || !this.#up ? askEveryMs.needed : askEveryMs.quiet
        if (!this.#closed) this.#timer = setTimeout(() => void this.ask(), every).unref()
      })
    return this.#asking
  }

  /** Asks what the server knows after now: what is being asked already may have been answered before. Never rejects. */
  async askAnew(): Promise<void> {
    await this.#asking
    await this.ask()
  }

  /** Something that was relayed did not come through. */
  broke(): void {
    this.#set(false)
    void this.ask()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#asking
  }

  async #ask(): Promise<void> {
    const { book } = this.#config
    const sentMs = Date.now()
    const answer = await this.#post(syncPath, { page: this.#config.page(), rows: book.cursors }, syncAnswer)
    this.#offsetMs = Math.round(answer.serverMs - (sentMs + Date.now()) / 2)
    await book.learn(answer)
    const brought = await this.#bring()
    if (brought.length > 0) await book.learn(await this.#post(syncPath, { page: this.#config.page(), rows: book.cursors }, syncAnswer))
    // Only now: had the power gone in between, this disk would not know what it had taken. Brought twice it counts once.
    for (const entry of brought) await book.settle(entry)
    this.#set(true)
  }

  /**
   * Brings what was kept, the oldest first. One that the server refuses for good stays on the disk for who looks into it.
   * @returns what the server has now
   */
  async #bring(): Promise<ChamberEntry[]> {
    const { book, onTrouble } = this.#config
    const brought: ChamberEntry[] = []
    for (const entry of book.waiting) {
      if (this.#refused.has(entry.id)) continue
      try {
        await this.#post(entryPath, entry, entryAnswer)
        brought.push(entry)
      } catch (error) {
        if (!(error instanceof EntryRefusedError)) throw error
        this.#refused.add(entry.id)
        onTrouble(`the server did not take what tablet ${entry.tablet} asked without a line (${entry.id}): ${error.message}`)
      }
    }
    return brought
  }

  async #post<T extends z.ZodType>(path: string, body: unknown, schema: T): Promise<z.output<T>> {
    const { identity } = this.#config
    const text = JSON.stringify(body)
    const purpose = requestPurpose(path, createHash('sha256').update(text).digest('hex'))
    const credential = Buffer.from(JSON.stringify(identity.credential(purpose, this.#offsetMs))).toString('base64')
    const response = await fetch(new URL(path, identity.enrolment.server), {
      method: 'POST',
      redirect: 'error',
      headers: { 'Content-Type': 'application/json', Authorization: `Escano ${credential}` },
      body: text,
      signal: AbortSignal.timeout(answerWithinMs),
    })
    // Not let in may mean that our clock is wrong: the next try knows how much.
    const date = Date.parse(response.headers.get('date') ?? '')
    if (response.status === 401 && !Number.isNaN(date)) this.#offsetMs = date - Date.now()
    const said: unknown = await response.json().catch(() => undefined)
    const reason = z.object({ error: z.string() }).safeParse(said).data?.error ?? ''
    if ([400, 403, 404, 409, 413].includes(response.status)) throw new EntryRefusedError(`${response.status} ${reason}`)
    if (!response.ok) throw new Error(`server answered ${response.status} ${reason}`)
    return schema.parse(said)
  }

  #set(up: boolean, error?: unknown): void {
    if (up === this.#up) return
    this.#up = up
    if (error !== undefined)
      this.#config.onTrouble(`no line for the chamber page: ${error instanceof Error ? error.message : String(error)}`)
    this.#config.onChange(up)
  }
}

/** The server answered, and will answer the same again. */
class EntryRefusedError extends Error {
  override readonly name = 'EntryRefusedError'
}
