import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = [
  process.env.ESCANO_TEST_BROWSER,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** Debian's Chromium, best without what it draws around a page, or the user's Chrome or Edge; undefined when there is none. */
export const browserPath: string | undefined = places.find((path) => path !== undefined && existsSync(path))

/** Says in a test's title why it is skipped; empty when it is not. */
export const browserMissing: string = browserPath === undefined ? ' (skipped: no Chromium, Chrome or Edge on this machine)' : ''

/** A real browser without a window. Root has no sandbox; media may start without a gesture. */
export async function openBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  if (browserPath === undefined) throw new Error('no browser was found; guard the test with browserMissing')
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return await chromium.launch({
    executablePath: browserPath,
    args: [...root, '--autoplay-policy=no-user-gesture-required', '--disable-dev-shm-usage', ...(options.args ?? [])],
  })
}

/**
 * Gives a page another size and waits until it is drawn in it. On a busy machine Chromium without a window was seen to draw nothing more
 * after such a change, for as long as anybody waited: the size is then given once more.
 */
export async function resizePage(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size)
  for (let tries = 0; !(await drawsFrames(page)); tries++) {
    if (tries === 3) throw new Error(`the page draws nothing at ${size.width} × ${size.height}`)
    await page.setViewportSize({ width: size.width + 1, height: size.height })
    await page.setViewportSize(size)
  }
}

/** Whether two frames come within ten seconds: as many as Playwright wants to see before it touches something. */
async function drawsFrames(page: Page): Promise<boolean> {
  return await page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))
        setTimeout(() => resolve(false), 10_000)
      }),
  )
}
