import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Acta, sentencesOf } from '../../../storage/model/acta.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { listActaVersions, readActa } from '../../../storage/records/actas.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { reportProgress } from '../../../storage/records/progress.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { putDraft } from './draft.ts'

describe('the acta editor', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: PublishedSession
  let first: Acta
  let browser: Browser | undefined

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putPublishedSession(storage, { slug: 'vilarino', seconds: 120, published: false })
    first = await putDraft(storage, ours)
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const address = () => `${web.address}/c/vilarino/editor/${ours.session.slug}`
  const cookieOf = async (login: string, slug = 'vilarino') => (await signIn(web.address, slug, login)) ?? ''
  const newest = async () => {
    const found = await storage.database.inCouncil(ours.council.id, (tx) => readActa(tx, ours.session.id))
    if (!found) throw new Error('the acta is gone')
    return found
  }
  const sentenceOf = (acta: Acta, id: string) => acta.blocks.flatMap(sentencesOf).find((one) => one.id === id)
  const machine = (acta: Acta) => acta.blocks.flatMap(sentencesOf).filter((one) => one.origin === 'machine')
  const post = (cookie: string, body: Record<string, string>, version?: number) =>
    fetch(address(), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ version: String(version ?? first.version), punto: '1', ...body }),
    })

  test('shows each machine sentence with its mark and its sound, and how much is reviewed', async () => {
    const html = await (await fetch(address(), { headers: { cookie: await cookieOf('secretaria') } })).text()
    expect(html).toContain(`0 de ${machine(first).length} frases revisadas`)
    expect(html).toContain('Escrita pola máquina, sen revisar')
    expect(html).toMatch(/class="s src"[^>]*data-sentence/)
    expect(html).not.toContain('style=')
  })

  test('R29: a mark that the law does not admit is shown with its article here and on the tablet, in both languages, and not in the acta', async () => {
    const cookie = await cookieOf('secretaria')
    const page = async (path: string) => (await fetch(`${web.address}${path}`, { headers: { cookie } })).text()
    const paths = (language: string) => [
      `${language}/c/vilarino/editor/${ours.session.slug}`,
      `${language}/c/vilarino/sala/${ours.session.slug}`,
    ]
    for (const path of paths('')) expect(await page(path)).not.toMatch(/non entra(?:n)? na acta/)
    await storage.database.inCouncil(ours.council.id, (tx) => appendEvents(tx, ours.session.id, [unlawful(ours)]))
    const [editor = '', tablet = ''] = await Promise.all(paths('').map(page))
    expect(editor).toContain('Unha marca da sesión non entra na acta porque a lei non a admite')
    expect(editor).toContain('A sesión xa rematou: nada máis entra na acta. (ROF 88.3)')
    expect(tablet).toContain('Hai unha marca que a lei non admite: non entra na acta.')
    expect(await page(paths('/es')[0] ?? '')).toContain('La sesión ya terminó: nada más entra en el acta. (ROF 88.3)')
  })

  test('accepts one sentence and then the rest of the item, with plain forms', async () => {
    const cookie = await cookieOf('secretaria')
    const [one] = machine(first)
    const done = await post(cookie, { accept: one?.id ?? '' })
    expect(done.status).toBe(303)
    expect(done.headers.get('location')).toBe(`/c/vilarino/editor/${ours.session.slug}?punto=1&feito=accepted&n=1`)
    const second = await newest()
    expect(sentenceOf(second, one?.id ?? '')).toMatchObject({ acceptedBy: 'Noela Lestrigo', origin: 'machine' })
    expect((await post(cookie, { 'accept-all': '1' }, second.version)).headers.get('location')).toContain('feito=accepted')
    const third = await newest()
    const ofItem = third.blocks.filter((block) => 'item' in block && block.item === ours.session.agenda[0]?.id).flatMap(sentencesOf)
    expect(ofItem.filter((sentence) => sentence.origin === 'machine' && sentence.acceptedBy === undefined)).toEqual([])
    expect(machine(third).some((sentence) => sentence.acceptedBy === undefined)).toBe(true)
  })

  test('keeps every version, and undoing makes another', async () => {
    const cookie = await cookieOf('secretaria')
    const before = await newest()
    await post(cookie, { undo: '1' }, before.version)
    const after = await newest()
    expect(after.version).toBe(before.version + 1)
    const earlier = await storage.database.inCouncil(ours.council.id, (tx) => readActa(tx, ours.session.id, before.version - 1))
    expect(after.blocks).toEqual(earlier?.blocks)
    expect(await storage.database.inCouncil(ours.council.id, (tx) => listActaVersions(tx, ours.session.id))).toHaveLength(after.version)
  })

  test('takes what two people change in different places, and shows both texts when they changed the same', async () => {
    const [secretary, substitute] = [await cookieOf('secretaria'), await cookieOf('substituta')]
    const read = await newest()
    const [one, other] = machine(read).filter((sentence) => sentence.acceptedBy === undefined)
    if (!one || !other) throw new Error('nothing left to change')
    const change = (cookie: string, id: string, text: string) => post(cookie, { rewrite: id, [`text-${id}`]: text }, read.version)
    expect((await change(secretary, one.id, 'O que escribiu Noela.')).status).toBe(303)
    expect((await change(substitute, other.id, 'Noutro sitio.')).status).toBe(303)
    const answer = await change(substitute, one.id, 'O que escribiu <b>Antía</b>.')
    expect(answer.status).toBe(409)
    const html = await answer.text()
    expect(html).toContain('Outra persoa cambiou esta frase')
    expect(html).toContain('O que escribiu Noela.')
    expect(html).toContain('O que escribiu &lt;b>Antía&lt;/b>.')
    const now = await newest()
    expect(sentenceOf(now, one.id)).toMatchObject({ text: 'O que escribiu Noela.', origin: 'person' })
    expect(sentenceOf(now, one.id)?.sources).toEqual(one.sources)
    expect(sentenceOf(now, other.id)?.text).toBe('Noutro sitio.')
  })

  test('loses nothing when many save at once', async () => {
    const cookie = await cookieOf('secretaria')
    const read = await newest()
    const waiting = machine(read)
      .filter((sentence) => sentence.acceptedBy === undefined)
      .slice(0, 5)
    const answers = await Promise.all(waiting.map((one) => post(cookie, { accept: one.id }, read.version)))
    expect(answers.map((one) => one.status)).toEqual(waiting.map(() => 303))
    const now = await newest()
    for (const one of waiting) expect(sentenceOf(now, one.id)?.acceptedBy).toBe('Noela Lestrigo')
    expect(now.version).toBe(read.version + waiting.length)
  })

  test('refuses an empty sentence and a vote, and says why', async () => {
    const cookie = await cookieOf('secretaria')
    const now = await newest()
    const [one] = machine(now)
    const empty = await post(cookie, { rewrite: one?.id ?? '', [`text-${one?.id}`]: '  ' }, now.version)
    expect(empty.status).toBe(422)
    expect(await empty.text()).toContain('A frase quedou baleira')
    const vote = now.blocks.find((block) => block.kind === 'vote')
    const counted = vote ? sentencesOf(vote)[0] : undefined
    const changed = await post(cookie, { rewrite: counted?.id ?? '', [`text-${counted?.id}`]: 'Aprobado por unanimidade.' }, now.version)
    expect(await changed.text()).toContain('corríxaa alí')
    expect((await newest()).version).toBe(now.version)
  })

  test('is read by the mayor and changed by nobody but the secretary; strangers do not see it', async () => {
    const mayor = await cookieOf('alcaldesa')
    const html = await (await fetch(address(), { headers: { cookie: mayor } })).text()
    expect(html).toContain('Só a secretaría pode cambiar a acta')
    expect(html).not.toContain('Dou por boa')
    expect((await post(mayor, { 'accept-all': '1' })).status).toBe(403)
    expect((await fetch(address(), { redirect: 'manual', headers: { accept: 'text/html' } })).status).toBe(303)
  })

  test('writes every change into the audit, with its version', async () => {
    const now = await newest()
    const entries = await storage.database.inCouncil(ours.council.id, (tx) => readAudit(tx))
    expect(entries).toContainEqual(expect.objectContaining({ action: 'acta-accept', result: `version ${now.version}` }))
    expect(entries.filter((one) => one.action.startsWith('acta-'))).toHaveLength(now.version - 1)
  })

  test('tells how far the transcription is while there is no draft', async () => {
    const { council, session } = await putChamber(storage, 'sen-borrador')
    await storage.database.inCouncil(council.id, async (tx) => {
      await setStage(tx, session.id, 'closed')
      await reportProgress(tx, session.id, { step: 'transcript', done: 40, total: 100 })
    })
    const response = await fetch(`${web.address}/c/sen-borrador/editor/${session.slug}`, {
      headers: { cookie: await cookieOf('secretaria', 'sen-borrador') },
    })
    expect(response.headers.get('refresh')).toBe('15')
    const html = await response.text()
    expect(html).toContain('Aínda non hai borrador')
    expect(html).toContain('A transcrición vai polo 40 %.')
  })

  describe.skipIf(browserMissing)(`in a browser${browserMissing}`, () => {
    async function visit<T>(look: (page: Page) => Promise<T>, path = '', options: BrowserContextOptions = {}): Promise<T> {
      browser ??= await openBrowser()
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const [name = '', value = ''] = (await cookieOf('secretaria')).split('=')
      await context.addCookies([{ name, value, url: web.address }])
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      await page.goto(address() + path)
      const seen = await look(page)
      await context.close()
      expect(complaints).toEqual([])
      return seen
    }
    const current = (page: Page) => page.locator('.s.cur').getAttribute('data-sentence')

    test('the keys accept, go on to the next that waits, and play its sound from two seconds before', async () => {
      await visit(async (page) => {
        const before = (await current(page)) ?? ''
        await page.keyboard.press('Alt+a')
        await expect.poll(() => current(page)).not.toBe(before)
        expect(sentenceOf(await newest(), before)?.acceptedBy).toBe('Noela Lestrigo')
        await page.keyboard.press('Alt+k')
        await page.keyboard.press('Alt+Enter')
        const from = Number(await page.locator('.s.cur').getAttribute('data-from')) / 1000
        await page.waitForFunction(
          (at) => {
            const video = document.querySelector('video')
            return video && video.readyState >= 3 && video.currentTime >= at - 0.5 && video.currentTime < at + 4
          },
          Math.max(0, from - 2),
          { timeout: 20_000 },
        )
        await page.keyboard.press('F4')
        expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(true)
      }, '?punto=2')
    })

    test('a sentence is rewritten in its place, without leaving it', async () => {
      await visit(async (page) => {
        const id = (await current(page)) ?? ''
        await page.locator('.s.cur summary').click()
        await page.locator('.s.cur textarea').fill('Coas súas palabras.')
        await page.locator('.s.cur').getByRole('button', { name: 'Gardar' }).click()
        await expect.poll(async () => sentenceOf(await newest(), id)?.text).toBe('Coas súas palabras.')
        await expect.poll(() => page.locator(`[data-sentence="${id}"]`).innerText()).toContain('Escrita por Noela Lestrigo')
      }, '?punto=2')
    })

    test('what was typed stays in the page when it cannot be saved', async () => {
      browser ??= await openBrowser()
      const context = await browser.newContext()
      const [name = '', value = ''] = (await cookieOf('secretaria')).split('=')
      await context.addCookies([{ name, value, url: web.address }])
      const page = await context.newPage()
      await page.goto(`${address()}?punto=3`)
      await page.locator('.s.cur summary').click()
      await page.locator('.s.cur textarea').fill('Isto non se perde.')
      await context.setOffline(true)
      await page.locator('.s.cur').getByRole('button', { name: 'Gardar' }).click()
      await page.getByRole('alert').filter({ hasText: 'O seu texto segue aquí' }).waitFor()
      expect(await page.locator('.s.cur textarea').inputValue()).toBe('Isto non se perde.')
      await context.close()
    })

    test('works without JavaScript', async () => {
      await visit(
        async (page) => {
          const waiting = page.getByRole('button', { name: 'Dou por boa' })
          const before = await waiting.count()
          await waiting.first().click()
          await page.getByText('Aceptouse 1 frase.').waitFor()
          expect(await waiting.count()).toBe(before - 1)
        },
        '?punto=3',
        { javaScriptEnabled: false },
      )
    })
  })

  test('is shut once the acta is frozen', async () => {
    const cookie = await cookieOf('secretaria')
    await storage.database.inCouncil(ours.council.id, (tx) => setStage(tx, ours.session.id, 'frozen'))
    const now = await newest()
    const [one] = machine(now)
    const answer = await post(cookie, { rewrite: one?.id ?? '', [`text-${one?.id}`]: 'Tarde.' }, now.version)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('pechada para asinar')
    expect(await newest()).toEqual(now)
  })
})

/** A late recess, after the session was lifted: in the log by another way than the tablet's. */
function unlawful({ session }: PublishedSession): SessionEvent {
  return sessionEvent.parse({
    ...{ v: 1, id: newId(), session: session.id, device: 'outra', seq: 1, by: { role: 'secretary', id: 'x' }, type: 'recess.began' },
    at: { wallMs: Date.UTC(2030, 0, 1), monotonicNs: '0', boot: 'proba' },
  })
}
