/** After so long without the link, what was being sent was sent into nothing. */
const deadLineMs = 10_000

/** Whether the server is reached, and for how long it was not, by the clock that only runs forward. */
export class LinkState {
  #isUp = false
  #reason: string | undefined
  #downSinceMs: number | undefined

  get isUp(): boolean {
    return this.#isUp
  }

  /** Why the server is not reached; undefined while it is, and before the first try. */
  get trouble(): string | undefined {
    return this.#reason
  }

  /** The link came, went, or could not be made. @returns whether it was down for so long that what was on the way is lost */
  hear(isUp: boolean, reason: string | undefined, nowMs = performance.now()): boolean {
    const wasDead = this.#downSinceMs !== undefined && nowMs - this.#downSinceMs > deadLineMs
    this.#isUp = isUp
    this.#reason = isUp ? undefined : `server not reached: ${reason ?? 'unknown'}`
    this.#downSinceMs = isUp ? undefined : (this.#downSinceMs ?? nowMs)
    return wasDead
  }
}
