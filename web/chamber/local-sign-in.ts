import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { AttemptLimit } from '../sign-in/attempt-limit.ts'
import { isPassword } from '../sign-in/password-hash.ts'
import { newToken, secretIn, tokenHash } from '../sign-in/sign-in-cookie.ts'
import type { ChamberBook } from './chamber-book.ts'
import { type ChamberTablet, isSignedBy, type pinRequest, tabletBytes } from './chamber-protocol.ts'

/** Cookie of a tablet that told its PIN to this recorder; no script and no other host reads it, and it is never relayed. */
export const localCookie = '__Host-escano-sala'
/** A long plenary; after it the PIN is asked again. */
const lifeMs = 12 * 3_600_000
const nonceLifeMs = 10 * 60_000
const mostNonces = 500

/** Why a tablet is not let in. `waitMs`: too many PINs were tried. */
export type NotLetIn = { reason: 'unknown' | 'nonce' | 'key' | 'pin' } | { reason: 'wait'; waitMs: number }

/**
 * Who may command without a line: a tablet that signs with its own key a number that serves once, and whose person knows the PIN. Everything
 * lives in memory: after a restart of the agent the PIN is asked again.
 */
export class LocalSignIn {
  readonly #book: ChamberBook
  readonly #limit: AttemptLimit
  readonly #now: () => number
  readonly #nonces = new Map<string, number>()
  readonly #sessions = new Map<string, { tablet: string; key: string; untilMs: number }>()

  constructor(book: ChamberBook, now: () => number = Date.now) {
    this.#book = book
    this.#now = now
    this.#limit = new AttemptLimit(undefined, now)
  }

  /** A number to sign, good once and for ten minutes. */
  nonce(): string {
    const now = this.#now()
    for (const [one, untilMs] of this.#nonces) if (untilMs < now || this.#nonces.size >= mostNonces) this.#nonces.delete(one)
    const nonce = randomBytes(16).toString('hex')
    this.#nonces.set(nonce, now + nonceLifeMs)
    return nonce
  }

  /** @returns the token for the cookie, or why not. A PIN counts as tried only by who holds the tablet's key. */
  async enter(asked: z.infer<typeof pinRequest>, address: string): Promise<{ token: string } | NotLetIn> {
    const untilMs = this.#nonces.get(asked.nonce)
    this.#nonces.delete(asked.nonce)
    if (untilMs === undefined || untilMs < this.#now()) return { reason: 'nonce' }
    const tablet = this.#book.tablet(asked.tablet)
    if (!tablet) return { reason: 'unknown' }
    const bytes = tabletBytes({ purpose: 'pin', session: '', text: asked.nonce })
    if (!(await isSignedBy(tablet.key, asked.signature, bytes))) return { reason: 'key' }
    const attempt = { council: 'chamber', login: tablet.id, address }
    const waitMs = this.#limit.begin(attempt)
    if (waitMs > 0) return { reason: 'wait', waitMs }
    if (!(await isPassword(asked.pin, tablet.pinHash))) return { reason: 'pin' }
    this.#limit.succeeded(attempt)
    const token = newToken()
    this.#sessions.set(tokenHash(token), { tablet: tablet.id, key: tablet.key, untilMs: this.#now() + lifeMs })
    return { token }
  }

  /** The tablet behind a `Cookie` header; one that was revoked, or prepared anew since, is none. */
  identify(cookie: string | undefined): ChamberTablet | undefined {
    const secret = secretIn(cookie, localCookie)
    const held = secret === undefined ? undefined : this.#sessions.get(tokenHash(secret))
    if (!held || held.untilMs < this.#now()) return undefined
    const tablet = this.#book.tablet(held.tablet)
    return tablet?.key === held.key ? tablet : undefined
  }
}
