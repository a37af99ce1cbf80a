import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningWeb } from '../../../web/main.ts'
import { makeSmallExport, type SmallExport } from '../../minutes/verify/small-export.ts'
import { axeViolations } from '../../servers/axe.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'

describe.skipIf(browserMissing)(`the verify page in a browser${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let stranger: RunningWeb
  let browser: Browser
  let authority: OpensslAuthority
  let signed: SmallExport
  let session: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    authority = await startOpensslAuthority()
    signed = await makeSmallExport(authority)
    const acta = signed.files.get('acta.pdf')
    session = await putPublishedSession(storage, { seconds: 60, ...(acta ? { acta } : {}) })
    web = await startTestWeb(storage, { trust: signed.trust })
    stranger = await startTestWeb(storage)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await stranger?.[Symbol.asyncDispose]()
    await authority?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  async function onPage<T>(look: (page: Page) => Promise<T>, at: RunningWeb = web, prefix = ''): Promise<T> {
    const context = await browser.newContext({ bypassCSP: false })
    const page = await context.newPage()
    const sent: string[] = []
    page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()))
    await page.goto(`${at.address}${prefix}/c/${session.slug}/${session.session.slug}/comprobar`)
    const seen = await look(page)
    await context.close()
    expect(sent, 'the file never leaves the device').toEqual([])
    return seen
  }

  const answer = async (page: Page) => {
    await page.waitForSelector('#answer .answer', { timeout: 30_000 })
    return await page.locator('#answer').innerText()
  }
  const choose = async (page: Page, name: string, bytes: Uint8Array) => {
    await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
    return await answer(page)
  }

  test('judges the acta of the page with the verifier itself, and says whose signatures hold', async () => {
    await onPage(async (page) => {
      await page.click('#this-acta')
      const said = await answer(page)
      expect(said).toContain('Auténtica')
      expect(said).toContain('É a acta asinada do Pleno ordinario do 27 de outubro de 2026')
      await page.locator('#answer summary').click()
      expect(await page.locator('#answer').innerText()).toContain('sinatura electrónica')
    })
  })

  test('says the same of the file that a neighbour has, in Spanish too', async () => {
    const said = await onPage((page) => choose(page, 'acta.pdf', session.acta), web, '/es')
    expect(said).toContain('Es el acta firmada del Pleno ordinario del 27 de octubre de 2026')
  })

  test('refuses an acta with one changed byte', async () => {
    const forged = Uint8Array.from(session.acta)
    forged[forged.length >> 1] = (forged[forged.length >> 1] ?? 0) ^ 1
    const said = await onPage((page) => choose(page, 'acta.pdf', forged))
    expect(said).toContain('Non coincide')
    expect(said).toContain('Pode estar modificado ou ser outra versión')
  })

  test('does not call an acta authentic whose signers this installation does not know', async () => {
    const said = await onPage((page) => choose(page, 'acta.pdf', session.acta), stranger)
    expect(said).toContain('Non é auténtica')
  })

  test('knows the whole recording and a piece of it', async () => {
    const master = Buffer.from(await (await fetch(`${web.address}/c/${session.slug}/${session.session.slug}/gravacion.mp4`)).arrayBuffer())
    expect(await onPage((page) => choose(page, 'video.mp4', master))).toContain('É a gravación completa do Pleno ordinario')
    const segment = session.segments[5]
    const piece = Buffer.from(
      await (await fetch(`${web.address}/c/${session.slug}/${session.session.slug}/segmentos/${segment?.sha256}.ts`)).arrayBuffer(),
    )
    expect(await onPage((page) => choose(page, 'anaco.ts', piece))).toMatch(/fragmento orixinal da gravación.*do 0:2\d ao 0:2\d/)
  })

  test('a file can be dropped, and an empty one is an answer too', async () => {
    await onPage(async (page) => {
      const transfer = await page.evaluateHandle(() => {
        const data = new DataTransfer()
        data.items.add(new File([], 'baleiro.pdf'))
        return data
      })
      await page.dispatchEvent('#drop', 'drop', { dataTransfer: transfer })
      expect(await answer(page)).toContain('Non coincide')
    })
  })

  test('reads a large file in pieces, telling how far it is', async () => {
    const path = join(tmpdir(), `escano-large-${process.pid}.bin`)
    await writeFile(path, Buffer.alloc(48_000_000, 7))
    await onPage(async (page) => {
      const said: string[] = []
      await page.exposeFunction('heard', (sentence: string) => said.push(sentence))
      await page.evaluate(() => {
        const place = document.getElementById('progress-text')
        const tell = (globalThis as unknown as { heard(sentence: string): void }).heard
        if (place) new MutationObserver(() => tell(place.textContent ?? '')).observe(place, { childList: true })
      })
      await page.setInputFiles('#file', path)
      expect(await answer(page)).toContain('Non coincide')
      expect(said.length).toBeGreaterThan(5)
      expect(said.at(-1)).toBe('Lendo o ficheiro: 100 %')
    })
  })

  test('without JavaScript gives the hashes and the commands', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${web.address}/c/${session.slug}/${session.session.slug}/comprobar`)
    expect(await page.locator('#drop').isVisible()).toBe(false)
    await page.locator('#sen-nos summary').click()
    const said = await page.locator('#sen-nos').innerText()
    expect(said).toMatch(/[0-9a-f]{64}/)
    expect(said).toContain('openssl dgst -sha256 acta.pdf')
    await context.close()
  })

  test('an answer with its particulars open has nothing that axe finds wrong', async () => {
    const context = await browser.newContext({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${web.address}/c/${session.slug}/${session.session.slug}/comprobar`)
    await page.click('#this-acta')
    await answer(page)
    await page.locator('#answer summary').click()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await axeViolations(page)).toEqual([])
    }
    await context.close()
  })
})
