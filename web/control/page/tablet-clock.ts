/** The tablet's clock against the server's. The answer that came back fastest is believed (Cristian, 1989). */
export class TabletClock {
  #offsetMs = 0
  #bestRoundMs = Number.POSITIVE_INFINITY
  readonly #boot = crypto.randomUUID()

  /** Tablet minus server, ms. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  /** A first guess, from the time the page was written; any measured one is better. */
  guess(serverMs: number): void {
    if (this.#bestRoundMs === Number.POSITIVE_INFINITY) this.#offsetMs = Date.now() - serverMs
  }

  restore(offsetMs: number): void {
    if (this.#bestRoundMs === Number.POSITIVE_INFINITY) this.#offsetMs = offsetMs
  }

  measured(sentMs: number, serverMs: number): void {
    const now = Date.now()
    const round = now - sentMs
    // An old measure ages: a clock that was set meanwhile must be seen.
    this.#bestRoundMs = Math.min(this.#bestRoundMs + 5, 10_000)
    if (round > this.#bestRoundMs) return
    this.#bestRoundMs = round
    this.#offsetMs = now - (serverMs + round / 2)
  }

  /** The server's clock, by what is known of it. */
  serverNow(): number {
    return Date.now() - this.#offsetMs
  }

  /** An instant as an event carries it. @param lagMs recorder's clock behind the server's, with the way (recorder-strip.ts) */
  now(lagMs: number) {
    return {
      wallMs: Date.now(),
      monotonicNs: String(Math.round(performance.now() * 1e6)),
      boot: this.#boot,
      offsetMs: Math.round(this.#offsetMs + lagMs),
    }
  }
}
