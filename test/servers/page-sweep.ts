import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { axeViolations } from './axe.ts'

/** A folder for pictures of every page at every size, to be looked at: `ESCANO_PICTURES=folder npm test -- FILE`. */
const pictures = process.env['ESCANO_PICTURES']

const telephone = { width: 390, height: 844 }
const tablet = { width: 1024, height: 768 }
const desk = { width: 1280, height: 800 }

/** Each language with the sizes a page is held to in it; all sizes when pictures are wanted. */
const loads = [
  { prefix: '', sizes: pictures ? [telephone, tablet, desk] : [telephone, desk] },
  { prefix: '/es', sizes: pictures ? [telephone, tablet, desk] : [tablet] },
]

export interface PageSweep {
  browser: Browser
  /** Of the web under test, without a slash at its end. */
  address: string
  /** The Galician page; the Spanish one lies under `/es`. */
  path: string
  /** Names its pictures; the path when absent. */
  name?: string | undefined
  /** `name=value` of a person who has signed in. */
  cookie?: string | undefined
  context?: BrowserContextOptions | undefined
  /** Brings a page just loaded to what is to be looked at. */
  act?: ((page: Page) => Promise<void>) | undefined
}

/**
 * Opens a page in each language, then turns its size and its colours under it, as a tablet that is turned and an evening that
 * falls do. @returns what is wrong, a sentence each with its place: what axe finds, and what is wider than the screen
 */
export async function sweepPage(sweep: PageSweep): Promise<string[]> {
  const context = await sweep.browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...sweep.context })
  const [cookie = '', value = ''] = sweep.cookie?.split('=') ?? []
  if (cookie) await context.addCookies([{ name: cookie, value, url: sweep.address }])
  const name = sweep.name ?? sweep.path.replaceAll(/[^\w-]+/g, '_')
  const wrong: string[] = []
  try {
    const page = await context.newPage()
    for (const { prefix, sizes } of loads) {
      await page.setViewportSize(sizes[0] ?? tablet)
      await page.goto(`${sweep.address}${prefix}${sweep.path}`)
      await sweep.act?.(page)
      for (const size of sizes) {
        await page.setViewportSize(size)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          const where = `${name} ${prefix} ${colorScheme} ${size.width}`
          if (pictures) await takePicture(page, join(pictures, `${name}${prefix.replace('/', '-')}-${colorScheme}-${size.width}.png`))
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (wide > 0) wrong.push(`${where}: ${wide} px wider than the screen`)
          wrong.push(...(await axeViolations(page, colorScheme === 'light' ? 'everything' : 'colours')).map((one) => `${where}: ${one}`))
        }
      }
    }
  } finally {
    await context.close()
  }
  return wrong
}

async function takePicture(page: Page, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  await page.screenshot({ path, fullPage: true })
}
