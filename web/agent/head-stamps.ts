import type { Logger } from 'pino'
import { toBase64 } from '../../storage/custody/sha256.ts'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'
import { requestTimeStamp } from '../../storage/custody/time-stamp-request.ts'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'
import { setHeadToken } from '../../storage/records/journal.ts'
import type { Storage } from '../../storage/storage.ts'

/** A head that was verified and kept. */
export interface KeptHead {
  council: CouncilId
  session: SessionId
  recorder: RecorderId
  size: number
  note: string
  /** When the recorder said it, on its clock. */
  signedMs: number
}

/** Each council may have an authority of its own. */
export type AuthorityOf = (council: CouncilId) => Promise<TimeStampAuthority>

const everyMs = 5 * 60_000
/** A token so much younger than its head tells little of when the head was made. */
const lateAfterMs = 10 * 60_000
const retryMs = 30_000

/**
 * Time-stamps heads while the session runs (contracts.md §2): the first at once, then the newest every five minutes, and the last. With
 * the authority down the newest one waits, and its token is marked late.
 */
export class HeadStamps implements AsyncDisposable {
  readonly #storage: Storage
  readonly #authorityOf: AuthorityOf
  readonly #log: Logger
  readonly #waiting = new Map<string, KeptHead>()
  readonly #stampedMs = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #turn: Promise<unknown> = Promise.resolve()

  constructor(storage: Storage, authorityOf: AuthorityOf, log: Logger) {
    this.#storage = storage
    this.#authorityOf = authorityOf
    this.#log = log
    this.#timer = setInterval(() => void this.#stampDue(), retryMs).unref()
  }

  /** A newer head takes the place of an older one that still waits: its tree holds the older one's. */
  async add(head: KeptHead): Promise<void> {
    this.#waiting.set(placeOf(head), head)
    await this.#stampDue()
  }

  /** The last head of a journal is stamped now. @returns whether it was; if not, it goes on waiting */
  async stampLast(head: KeptHead): Promise<boolean> {
    this.#waiting.set(placeOf(head), head)
    this.#stampedMs.delete(placeOf(head))
    await this.#stampDue()
    return !this.#waiting.has(placeOf(head))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#turn
  }

  #stampDue(): Promise<void> {
    const done = this.#turn.then(async () => {
      for (const [place, head] of this.#waiting) {
        if (Date.now() - (this.#stampedMs.get(place) ?? 0) >= everyMs) await this.#stamp(place, head)
      }
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #stamp(place: string, head: KeptHead): Promise<void> {
    const { council, session, recorder, size } = head
    try {
      const token = await requestTimeStamp(await this.#authorityOf(council), new TextEncoder().encode(head.note))
      const late = Date.now() - head.signedMs > lateAfterMs
      const kept = { session, recorder, size, tokenBase64: toBase64(token), late }
      await this.#storage.database.inCouncil(council, (tx) => setHeadToken(tx, kept))
      this.#stampedMs.set(place, Date.now())
      if (this.#waiting.get(place) === head) this.#waiting.delete(place)
    } catch (error) {
      this.#log.warn({ err: error, session, recorder, size }, 'head not time-stamped; it will be tried again')
    }
  }
}

function placeOf(head: KeptHead): string {
  return `${head.session}/${head.recorder}`
}
