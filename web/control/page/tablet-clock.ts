/** A first guess of the offset is worth this round trip, ms. */
const guessRoundMs = 10_000
/** How much worse a kept measure gets with each new one, ms: clocks drift, so an old one must not stand for ever. */
const agingMs = 2
/** The two clocks of this device part by more than this only when one was set or the device slept, ms. */
const jumpMs = 400

/**
 * The server's clock, kept on the tablet's monotonic one: of the answers to "what time is it" the one that came back fastest is
 * believed (Cristian, 1989). The tablet's own date may be wrong, and may be set while the session runs: nothing hangs on it.
 */
export class TabletClock {
  /** Server's clock minus `performance.now()`, ms. */
  #serverAtZero = Date.now() - performance.now()
  #bestRoundMs = Number.POSITIVE_INFINITY
  /** The device's date minus `performance.now()`, as last seen. */
  #dateAtZero = Date.now() - performance.now()
  #wasHidden = false
  readonly #boot = crypto.randomUUID()

  constructor() {
    document.addEventListener('visibilitychange', () => {
      this.#wasHidden ||= document.visibilityState === 'hidden'
    })
  }

  /** The tablet's date minus the server's clock, ms. */
  get offsetMs(): number {
    return Date.now() - this.serverNow()
  }

  /** A first guess, from the time the page was written; any measured one is better. */
  guess(serverMs: number): void {
    if (this.#bestRoundMs > guessRoundMs) this.#serverAtZero = serverMs - performance.now()
  }

  /** What was known before the page was loaded again, without a line. */
  restore(offsetMs: number): void {
    if (this.#bestRoundMs > guessRoundMs) this.#serverAtZero = Date.now() - offsetMs - performance.now()
  }

  /** @param sentMs `performance.now()` when the question left */
  measured(sentMs: number, serverMs: number): void {
    const now = performance.now()
    const round = now - sentMs
    this.#bestRoundMs = Math.min(this.#bestRoundMs + agingMs, guessRoundMs)
    if (round > this.#bestRoundMs) return
    this.#bestRoundMs = round
    this.#serverAtZero = serverMs + round / 2 - now
  }

  /** The server's clock, by what is known of it. */
  serverNow(): number {
    this.#lookForJump()
    return performance.now() + this.#serverAtZero
  }

  /** An instant as an event carries it. @param lagMs recorder's clock behind the server's, with the way (recorder-strip.ts) */
  now(lagMs: number) {
    return {
      wallMs: Date.now(),
      monotonicNs: String(Math.round(performance.now() * 1e6)),
      boot: this.#boot,
      offsetMs: Math.round(this.offsetMs + lagMs),
    }
  }

  /**
   * The two clocks part when the date was set, and when the device slept, since its monotonic clock may stand still meanwhile. It does
   * not sleep under one's eyes: only a page that was out of sight takes the date's word. Either way all is measured anew.
   */
  #lookForJump(): void {
    const dateAtZero = Date.now() - performance.now()
    const jumped = dateAtZero - this.#dateAtZero
    this.#dateAtZero = dateAtZero
    if (Math.abs(jumped) > jumpMs) {
      if (this.#wasHidden) this.#serverAtZero += jumped
      this.#bestRoundMs = Number.POSITIVE_INFINITY
    }
    this.#wasHidden = document.visibilityState === 'hidden'
  }
}
