import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'

const pages = {
  home: '/c/vilarino',
  session: '/c/vilarino/2026-10-27',
  item: '/c/vilarino/2026-10-27/punto/3',
  'closed part': '/c/con-peche/2026-10-27/punto/2',
  text: '/c/vilarino/2026-10-27/texto',
  verify: '/c/vilarino/2026-10-27/comprobar',
  'verify of the council': '/c/vilarino/comprobar',
  'verify of all': '/comprobar',
  councils: '/',
  'not found': '/c/vilarino/nada',
}

describe.skipIf(browserMissing)(`axe finds nothing wrong${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser

  beforeAll(async () => {
    storage = await openTestStorage()
    await putPublishedSession(storage, { slug: 'vilarino', seconds: 16 })
    await putPublishedSession(storage, { slug: 'con-peche', seconds: 120, closed: { fromMs: 85_000, toMs: 95_000 } })
    web = await startTestWeb(storage)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  for (const [name, path] of Object.entries(pages)) {
    test(`on ${name}, in both languages, light and dark, at 390, 1024 and 1280`, async () => {
      const act = async (page: Page) => {
        for (const summary of await page.locator('summary').all()) await summary.click()
      }
      expect(await sweepPage({ browser, address: web.address, path, name, act })).toEqual([])
    })
  }
})
