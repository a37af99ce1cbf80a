import type { BrowserContext, Page } from 'playwright-core'

/**
 * Time that passes at once, for the server in this process and for the pages of a browser: what waits for half an hour is tried
 * without waiting. Only clocks are moved; timers, sockets and disks run as ever.
 */
export class MovedTime implements Disposable {
  readonly #now = Date.now
  #byMs = 0

  constructor() {
    Date.now = () => this.#now.call(Date) + this.#byMs
  }

  /** Gives a context's pages clocks that can be moved; they stay moved when a page is loaded again. Before its first page. */
  async inContext(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      const read = (key: string) => Number(localStorage.getItem(key) ?? 0)
      const realDate = Date
      const [dateNow, monotonicNow] = [Date.now.bind(Date), performance.now.bind(performance)]
      // What a monotonic clock shows is counted from the page's own beginning: what passed before is not seen by it.
      const before = read('moved-ms')
      Date.now = () => dateNow() + read('moved-ms') + read('date-wrong-ms')
      performance.now = () => monotonicNow() + read('moved-ms') - before
      globalThis.Date = new Proxy(realDate, {
        construct: (of, given, target) => Reflect.construct(of, given.length === 0 ? [Date.now()] : given, target) as object,
      })
    })
  }

  /** So much time passes, for the server and for these pages. */
  async pass(ms: number, ...pages: Page[]): Promise<void> {
    this.#byMs += ms
    for (const page of pages) {
      await page.evaluate((by) => localStorage.setItem('moved-ms', String(Number(localStorage.getItem('moved-ms') ?? 0) + by)), ms)
    }
  }

  /** The date of a page's device is wrong by so much from now on, as when somebody sets it; its monotonic clock knows nothing of it. */
  async setDateWrong(ms: number, page: Page): Promise<void> {
    await page.evaluate((by) => localStorage.setItem('date-wrong-ms', String(by)), ms)
  }

  [Symbol.dispose](): void {
    Date.now = this.#now
  }
}
