/** How many wrong passwords are borne in a window before everybody there has to wait. */
export interface AttemptRules {
  windowMs: number
  /** Wrong passwords for one login from one address. */
  perLogin: number
  /** Wrong passwords from one address, for whatever login. */
  perAddress: number
  /** Wrong passwords for one login from anywhere: high, so that a stranger cannot lock the secretary out before the plenary. */
  perLoginEverywhere: number
}

export const attemptRules: AttemptRules = { windowMs: 15 * 60_000, perLogin: 6, perAddress: 30, perLoginEverywhere: 100 }

interface Window {
  attempts: number
  endsAtMs: number
}

/** Who tries to get in where: council, login, address of the request. */
export interface Attempt {
  council: string
  login: string
  address: string
}

/** Counts attempts in this process before their password is looked at, so that many at once are counted too; a right one is taken back. */
export class AttemptLimit {
  readonly #rules: AttemptRules
  readonly #now: () => number
  readonly #windows = new Map<string, Window>()

  constructor(rules: AttemptRules = attemptRules, now: () => number = Date.now) {
    this.#rules = rules
    this.#now = now
  }

  /** Counts an attempt. @returns milliseconds to wait instead of making it; 0 when it may be made */
  begin(attempt: Attempt): number {
    const now = this.#now()
    if (this.#windows.size > 10_000) this.#forgetPast(now)
    const keys = this.#keys(attempt)
    const waits = keys.map(([key, limit]) => {
      const window = this.#windows.get(key)
      return window && window.endsAtMs > now && window.attempts >= limit ? window.endsAtMs - now : 0
    })
    const waitMs = Math.max(...waits)
    if (waitMs > 0) return waitMs
    for (const [key] of keys) {
      const window = this.#windows.get(key)
      if (window && window.endsAtMs > now) window.attempts += 1
      else this.#windows.set(key, { attempts: 1, endsAtMs: now + this.#rules.windowMs })
    }
    return 0
  }

  /** The password was right: the login is forgiven from its address, and the attempt does not count elsewhere. */
  succeeded(attempt: Attempt): void {
    const [own, ...others] = this.#keys(attempt)
    if (own) this.#windows.delete(own[0])
    for (const [key] of others) {
      const window = this.#windows.get(key)
      if (window) window.attempts -= 1
    }
  }

  #keys({ council, login, address }: Attempt): [key: string, limit: number][] {
    return [
      [`login ${council} ${login} ${address}`, this.#rules.perLogin],
      [`address ${address}`, this.#rules.perAddress],
      [`everywhere ${council} ${login}`, this.#rules.perLoginEverywhere],
    ]
  }

  #forgetPast(now: number): void {
    for (const [key, window] of this.#windows) if (window.endsAtMs <= now) this.#windows.delete(key)
  }
}
