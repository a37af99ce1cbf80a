import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../../../storage/model/session.ts'
import { findSession } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { galician } from './import/convocations.ts'
import { visitAs } from './staff-browser.ts'

describe.skipIf(browserMissing)(`the pages before a session, in a browser${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser
  let prepared: Session

  beforeAll(async () => {
    storage = await openTestStorage()
    const { council } = await putChamber(storage, 'sala')
    web = await startTestWeb(storage)
    const secretary = await visitAs(web.address, 'sala', 'secretaria')
    await secretary.submit('/c/sala/concello/medios', { act: 'recipient' }, { name: 'A Voz do Monte', email: 'redaccion@voz.example' })
    await secretary.submit('/c/sala/concello/calendario', { act: 'holiday' }, { day: '2026-10-05', name: 'San Froilán' })
    await secretary.submit('/c/sala/preparar', { act: 'create' }, { day: '2027-01-20', time: '19:30' })
    for (const titleGl of ['Ordenanza fiscal do lixo', 'Modificación de crédito 8/2026']) {
      await secretary.submit('/c/sala/preparar/2027-01-20/punto/novo', { act: 'item' }, { titleGl })
    }
    await secretary.submit('/c/sala/preparar/2027-01-20/convocatoria', { act: 'issue' })
    const found = await storage.database.inCouncil(council.id, (tx) => findSession(tx, '2027-01-20'))
    if (!found) throw new Error('the session was not prepared')
    prepared = found
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  async function signedInContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...options })
    const [name = '', value = ''] = ((await signIn(web.address, 'sala', 'secretaria')) ?? '').split('=')
    await context.addCookies([{ name, value, url: web.address }])
    return context
  }

  /** Each width with its language, light and dark: nothing to complain of, nothing wider than the screen. */
  async function everywhere(name: string, path: () => string, act?: (page: Page) => Promise<void>): Promise<void> {
    const cookie = await signIn(web.address, 'sala', 'secretaria')
    expect(await sweepPage({ browser, address: web.address, path: path(), name, cookie, act })).toEqual([])
  }

  test.each(['datos', 'membros', 'grupos', 'asentos', 'calendario', 'materias', 'medios', 'emision'])(
    'the council, %s: axe finds nothing wrong',
    (part) => everywhere(`concello-${part}`, () => `/c/sala/concello/${part}`),
    180_000,
  )
  test('a person and somebody new: axe finds nothing wrong', async () => {
    await everywhere('persoa-nova', () => '/c/sala/concello/membros/novo')
    await everywhere(
      'persoa',
      () => '/c/sala/concello/membros',
      async (page) => {
        await page.locator('.lines a.btn').nth(2).click()
        await page.getByRole('heading', { name: /Cargos/ }).waitFor()
      },
    )
  }, 180_000)
  test.each([
    ['mesa', '/mesa'],
    ['novo', '/preparar'],
    ['pleno', '/preparar/2027-01-20'],
    ['convocatoria', '/preparar/2027-01-20/convocatoria'],
    ['expediente', '/preparar/2027-01-20/expediente'],
    ['importar', '/preparar/2027-01-20/importar'],
    ['convocatoria-membro', '/convocatoria/2027-01-20'],
  ])('%s: axe finds nothing wrong', (name, path) => everywhere(name, () => `/c/sala${path}`), 180_000)
  test('an item, and a form that came back with its sentence: axe finds nothing wrong', async () => {
    await everywhere('punto', () => `/c/sala/preparar/2027-01-20/punto/${prepared.agenda[0]?.id}`)
    await everywhere(
      'punto-mal',
      () => '/c/sala/preparar/2027-01-20/punto/novo',
      async (page) => {
        await page.locator('form button.main').click()
        await page.getByRole('alert').waitFor()
      },
    )
  }, 180_000)
  test('what a convocation proposes: axe finds nothing wrong', async () => {
    await everywhere(
      'importado',
      () => '/c/sala/preparar/2027-01-20/importar',
      async (page) => {
        await page.locator('textarea').fill(galician)
        await page.locator('form button.main').click()
        await page.locator('fieldset.proposed').first().waitFor()
      },
    )
  }, 180_000)

  test('with the keyboard alone an item moves, keeps the focus, and an agenda is brought and confirmed', async () => {
    const context = await signedInContext()
    const page = await context.newPage()
    await page.goto(`${web.address}/c/sala/preparar/2027-01-20`)
    const titles = () => page.locator('.agenda .deed').allTextContents()
    expect((await titles())[0]).toBe('Ordenanza fiscal do lixo')
    await page.locator('.agenda li').first().getByRole('link').focus()
    await Promise.all([page.waitForURL(/cara=down/), page.keyboard.press('Alt+ArrowDown')])
    expect(await titles()).toEqual(['Modificación de crédito 8/2026', 'Ordenanza fiscal do lixo', 'Rogos e preguntas'])
    await page.goto(`${web.address}/c/sala/preparar/2027-01-20/importar`)
    await page.locator('textarea').focus()
    await page.keyboard.insertText('1. Convenio de montes\n2. Rogos e preguntas ao goberno')
    await page.locator('form button.main').focus()
    await page.keyboard.press('Enter')
    await page.locator('fieldset.proposed').first().waitFor()
    expect((await storage.database.inCouncil(prepared.council, (tx) => findSession(tx, '2027-01-20')))?.agenda).toHaveLength(3)
    await page.locator('form button.main').focus()
    await Promise.all([page.waitForURL(/feito=imported/), page.keyboard.press('Enter')])
    expect(await titles()).toEqual([
      'Modificación de crédito 8/2026',
      'Ordenanza fiscal do lixo',
      'Convenio de montes',
      'Rogos e preguntas ao goberno',
    ])
    await context.close()
  }, 120_000)

  test('the whole way works without JavaScript', async () => {
    const context = await signedInContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${web.address}/c/sala/preparar/2027-01-20`)
    const before = await page.locator('.agenda .deed').allTextContents()
    await page.locator('.agenda li').first().locator('[data-move=down]').click()
    const after = await page.locator('.agenda .deed').allTextContents()
    expect(after.slice(0, 2)).toEqual([before[1], before[0]])
    await context.close()
  }, 120_000)
})
