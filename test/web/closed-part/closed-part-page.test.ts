import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'

describe.skipIf(browserMissing)(`the page of closed parts in a browser${browserMissing}`, { timeout: 180_000 }, () => {
  let storage: TestStorage
  let web: RunningWeb
  let of: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    of = await putPublishedSession(storage, { slug: 'limites', seconds: 120, closed: { fromMs: 60_000, toMs: 90_000 } })
    const passwordHash = await hashPassword(password)
    await storage.database.inCouncil(of.council.id, (tx) =>
      putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela', role: 'secretary', passwordHash }),
    )
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  test('plays from 20 s before, takes a limit from where it plays, and leaves axe nothing to complain of', async () => {
    await using browser = await openBrowser()
    const cookie = await signIn(web.address, 'limites', 'secretaria')
    const [name = '', value = ''] = cookie?.split('=') ?? []
    const path = `/c/limites/pechadas/${of.session.slug}`
    const act = async (page: Page) => page.locator('body.js').waitFor()
    expect(await sweepPage({ browser, address: web.address, path, name: 'pechadas', cookie, act })).toEqual([])
    const context = await browser.newContext()
    await context.addCookies([{ name, value, url: web.address }])
    const page = await context.newPage()
    await page.goto(web.address + path)
    const begins = page.getByLabel('Comeza en', { exact: true })
    expect(await begins.inputValue()).toBe('1:00')
    await page.getByRole('button', { name: 'Comeza en: −1 s' }).click()
    expect(await begins.inputValue()).toBe('0:59')
    const here = page.getByRole('button', { name: 'Comeza en: Aquí' })
    const listen = page.getByRole('button', { name: 'Oír desde 20 s antes do comezo' })
    // A line that brings nothing yet: there is no place to take a limit from.
    let bring = () => {}
    const brought = new Promise<void>((resolve) => {
      bring = resolve
    })
    await page.route('**/segmentos/*.ts', async (route) => {
      await brought
      await route.continue()
    })
    await listen.click()
    await page.waitForFunction(() => document.querySelector('video')?.paused === false)
    expect(await here.isDisabled()).toBe(true)
    bring()
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('button[data-here]')?.disabled === false)
    await page.evaluate(() => document.querySelector('video')?.pause())
    await here.click()
    expect(await begins.inputValue()).toMatch(/^0:4\d/)
    await page.unroute('**/segmentos/*.ts')
    await page.getByRole('button', { name: 'Confirmar estes límites' }).click()
    await page.getByText('Límites confirmados. Fóra deles').waitFor()
    // A player that stops, here at bytes that are not the journal's, leaves no place behind that could be taken.
    await page.route('**/segmentos/*.ts', (route) => route.fulfill({ contentType: 'video/mp2t', body: 'outra cousa' }))
    await listen.click()
    await page.getByRole('alert').filter({ hasText: 'Non se puido oír a gravación' }).waitFor()
    expect(await here.isDisabled()).toBe(true)
  })
})
