import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { freePort } from '../../servers/free-port.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, staffContext } from '../control/chamber.ts'

describe.skipIf(browserMissing)(`coming in, in a real browser${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser

  beforeAll(async () => {
    storage = await openTestStorage()
    await putChamber(storage, 'vilarino')
    const port = await freePort()
    const environment = { ESCANO_WEB_PORT: String(port), ESCANO_PUBLIC_URL: `http://localhost:${port}` }
    web = await startTestWeb(storage, { environment })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  test('a passkey is made on the account’s page, opens the door without a password, and is taken away', async () => {
    const context = await staffContext(browser, web, 'vilarino')
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const traits = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', ...traits } })
    await page.goto(`${web.address}/c/vilarino/conta`)
    await page.getByLabel('Nome da chave').fill('Portátil de proba')
    await page.getByRole('button', { name: 'Engadir unha chave de acceso' }).click()
    await page.waitForURL(/feito=chave/)
    expect(await page.getByRole('status').textContent()).toContain('A chave quedou gardada')
    await context.clearCookies()
    await page.goto(`${web.address}/es/c/vilarino/entrar?seguir=/c/vilarino/tabletas`)
    await page.getByRole('button', { name: 'Entrar con clave de acceso' }).click()
    await page.waitForURL(`${web.address}/es/c/vilarino/tabletas`)
    await page.goto(`${web.address}/c/vilarino/conta`)
    await page.getByRole('button', { name: 'Quitar · Portátil de proba' }).click()
    await page.getByText('Aínda non ten ningunha.').waitFor()
    await context.clearCookies()
    await page.goto(`${web.address}/c/vilarino/entrar`)
    await page.getByRole('button', { name: 'Entrar con chave de acceso' }).click()
    await page.getByText('A chave non serviu').waitFor()
    await context.close()
  })

  test('a tablet comes in beside the secretary’s screen, which tells so by itself; revoked, its room says that it must sign in', async () => {
    const secretary = await (await staffContext(browser, web, 'vilarino')).newPage()
    await secretary.goto(`${web.address}/c/vilarino/tabletas`)
    await secretary.getByRole('button', { name: 'Engadir unha tableta' }).click()
    await secretary.getByRole('img', { name: 'Código QR para dar de alta a tableta' }).waitFor()
    const code = (await secretary.locator('p.code').textContent()) ?? ''
    const tablet = await (await browser.newContext({ serviceWorkers: 'block' })).newPage()
    await tablet.goto(`${web.address}/c/vilarino/tableta?codigo=${code}`)
    await tablet.getByRole('button', { name: 'Dar de alta esta tableta' }).click()
    await tablet.waitForURL(/\/sala\/2026-10-27$/)
    await secretary.getByText('«Tableta da secretaría» xa está dada de alta').waitFor()
    await tablet.locator('body.js, main').first().waitFor()
    await secretary.getByRole('button', { name: 'Retirar · Tableta da secretaría' }).click()
    await secretary.getByText('Retirada', { exact: true }).waitFor()
    await tablet.reload()
    await tablet.waitForURL(/\/entrar\?seguir=/)
    await Promise.all([secretary.context().close(), tablet.context().close()])
  })
})
