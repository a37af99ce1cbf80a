import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningWeb } from '../../../web/main.ts'
import { axeViolations } from '../../servers/axe.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putDraft } from '../editor/draft.ts'
import { putChamber, signIn } from './chamber.ts'

describe.skipIf(browserMissing)(`axe finds nothing wrong on the staff’s pages${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser

  beforeAll(async () => {
    storage = await openTestStorage()
    await putChamber(storage, 'sala')
    await putDraft(storage, await putPublishedSession(storage, { slug: 'acta', seconds: 8, published: false }))
    web = await startTestWeb(storage)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  /** Opens a page in each language, light and dark, at each width, and holds `look` to leave nothing to complain of. */
  async function everywhere(
    slug: string | undefined,
    path: string,
    look: (page: Page) => Promise<void> = async () => undefined,
  ): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ bypassCSP: true, colorScheme, reducedMotion: 'reduce', serviceWorkers: 'block' })
      if (slug) {
        const [name = '', value = ''] = ((await signIn(web.address, slug, 'secretaria')) ?? '').split('=')
        await context.addCookies([{ name, value, url: web.address }])
      }
      const page = await context.newPage()
      for (const [prefix, width] of [
        ['', 390],
        ['/es', 1024],
        ['', 1280],
      ] as const) {
        await page.setViewportSize({ width, height: 800 })
        await page.goto(`${web.address}${prefix}${path}`)
        await look(page)
        expect(await axeViolations(page), `${path} ${prefix} ${colorScheme} ${width}`).toEqual([])
      }
      await context.close()
    }
  }

  test('the door', () => everywhere(undefined, '/c/sala/entrar'))
  test('the table', () => everywhere('acta', '/c/acta/mesa'))
  test('the editor with every sentence open, and without a draft', async () => {
    await everywhere('acta', '/c/acta/editor/2026-10-27?punto=1', async (page) => {
      await page.locator('body.js').waitFor()
      await page.locator('.s.cur summary').click()
    })
    await everywhere('sala', '/c/sala/editor/2026-10-27')
  })
})
