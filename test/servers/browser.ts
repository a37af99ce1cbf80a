import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env.ESCANO_TEST_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** Debian's Chromium, or the user's Chrome or Edge; undefined when there is none. */
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
