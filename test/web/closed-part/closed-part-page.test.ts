import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { axeViolations } from '../../servers/axe.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
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
    const [name = '', value = ''] = ((await signIn(web.address, 'limites', 'secretaria')) ?? '').split('=')
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' })
      await context.addCookies([{ name, value, url: web.address }])
      const page = await context.newPage()
      for (const [prefix, width] of [
        ['', 390],
        ['/es', 1280],
      ] as const) {
        await page.setViewportSize({ width, height: 800 })
        await page.goto(`${web.address}${prefix}/c/limites/pechadas/${of.session.slug}`)
        await page.locator('body.js').waitFor()
        expect(await axeViolations(page), `${prefix} ${width} ${colorScheme}`).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      }
      await context.close()
    }
    const context = await browser.newContext()
    await context.addCookies([{ name, value, url: web.address }])
    const page = await context.newPage()
    await page.goto(`${web.address}/c/limites/pechadas/${of.session.slug}`)
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
