import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Council } from '../../../storage/model/council.ts'
import type { RecorderId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { putChamberPage } from '../../../storage/records/recorders.ts'
import { readStage } from '../../../storage/records/sessions.ts'
import { putTranscript } from '../../../storage/records/transcripts.ts'
import { openAuthority } from '../../../web/chamber/local-authority.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putDraft } from '../editor/draft.ts'
import { putBroughtRecordings } from '../import-recording/brought-recordings.ts'
import { putWaitingRecording } from '../recorders/waiting-recording.ts'
import { putChamber, signIn, staffContext } from './chamber.ts'

describe.skipIf(browserMissing)(`axe finds nothing wrong on the staff’s pages${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser
  let session: { council: Council; session: Session }
  let recorder: RecorderId
  let drafted: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    const room = await putChamber(storage, 'sala')
    recorder = await putWaitingRecording(storage, room.council, room.session)
    session = room
    drafted = await putPublishedSession(storage, { slug: 'acta', seconds: 8, published: false })
    await putDraft(storage, drafted)
    await doubtSpeakers(storage, drafted)
    web = await startTestWeb(storage, { environment: { ESCANO_DATA: storage.config.data } })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  async function everywhere(slug: string | undefined, path: string, act?: (page: Page) => Promise<void>): Promise<void> {
    const cookie = slug && (await signIn(web.address, slug, 'secretaria'))
    expect(await sweepPage({ browser, address: web.address, path, cookie, act, context: { serviceWorkers: 'block' } })).toEqual([])
  }

  test('the door', () => everywhere(undefined, '/c/sala/entrar'))
  test('the recorders, with a recording that waits for one of them, which is closed without it', async () => {
    await everywhere('sala', '/c/sala/gravadoras', (page) => page.locator('summary').click())
    await using context = await staffContext(browser, web, 'sala')
    const page = await context.newPage()
    await page.goto(`${web.address}/c/sala/gravadoras`)
    expect(await page.getByText('Ten 3 anacos por entregar.').count()).toBe(1)
    await page.locator('summary').click()
    await page.getByRole('button', { name: 'Pechar sen agardar' }).click()
    await page.getByText('Gravacións sen pechar').waitFor({ state: 'detached' })
    const stage = await storage.database.inCouncil(session.council.id, (tx) => readStage(tx, session.session.id))
    expect(stage).toBe('recorded')
  })
  test('the table', () => everywhere('acta', '/c/acta/mesa'))
  test('the microphones, and the file of a session', async () => {
    await everywhere('sala', '/c/sala/microfonos', async (page) => {
      await page.locator('input[name=name]').fill('Mesa')
      await page.locator('button[value=add]').click()
      await page.locator('#clave').waitFor()
    })
    await everywhere('sala', '/c/sala/microfonos/2026-10-27')
  })
  test('who and what comes in: tablets and their code, substitutes, the own account', async () => {
    await everywhere('sala', '/c/sala/tabletas', async (page) => {
      await page.locator('form.enrol button.main').click()
      await page.locator('svg.qr').waitFor()
    })
    await everywhere(undefined, '/c/sala/tableta?codigo=ABCDE-12345')
    await everywhere('sala', '/c/sala/substitucions')
    await everywhere('sala', '/c/sala/conta')
  })
  test('the way to trust the chamber page, and to a PIN for when there is no line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'escano-authority-'))
    const { pem: authority } = await openAuthority(folder, 'Escano, sala de proba')
    await rm(folder, { recursive: true })
    const page = { addresses: ['https://192.168.1.20:8443', 'https://sala.local:8443'], authority }
    await storage.database.inCouncil(session.council.id, (tx) => putChamberPage(tx, recorder, page))
    await everywhere('sala', '/c/sala/sala-na-rede')
    await everywhere('sala', '/c/sala/tableta/pin')
  })
  test('the vocabulary', () => everywhere('acta', '/c/acta/vocabulario'))
  test('old recordings to be imported: none yet, one on its way, and what became of others', async () => {
    await everywhere('sala', '/c/sala/importar')
    await putBroughtRecordings(storage, drafted.council)
    await everywhere('acta', '/c/acta/importar', async (page) => {
      await page.locator('.withdraw summary').first().click()
      await sendSlowly(page)
    })
  })
  test('who speaks where nobody is sure, which is answered without a mouse', async () => {
    const path = '/c/acta/editor/2026-10-27/quen-fala'
    await everywhere('acta', path)
    await using context = await staffContext(browser, web, 'acta')
    const page = await context.newPage()
    await page.goto(web.address + path)
    const asked = () => page.locator('#question:focus #said').innerText()
    const left = async () => Number(/\d+/.exec(await page.getByText(/^Quedan? \d+$/).innerText())?.[0])
    const press = async (key: string) => {
      const gone = page.waitForEvent('load')
      await page.keyboard.press(key)
      await gone
      return await asked()
    }
    const [first, all] = [await asked(), await left()]
    const second = await press('s')
    expect([second === first, await left()]).toEqual([false, all])
    const third = await press('1')
    expect([third === second, await left()]).toEqual([false, all - 1])
    expect(await page.getByRole('status').innerText()).toBe('Gardouse quen fala.')
    expect([await press('z'), await left()]).toEqual([second, all])
    const following = Number(/\d+/.exec((await page.locator('.check').innerText()).replace('a frase', '1'))?.[0])
    await page.keyboard.press('t')
    await press('0')
    expect(await left()).toBe(all - 1 - following)
    const told = await page.locator('.keys').innerText()
    for (const key of ['1 ao 9', '0', 'T', 'O', 'S', 'Z']) expect(told).toMatch(new RegExp(`\\b${key}\\b`))
  })
  test('the editor with every sentence open, and without a draft', async () => {
    await everywhere('acta', '/c/acta/editor/2026-10-27?punto=1', async (page) => {
      await page.locator('body.js').waitFor()
      await page.locator('.s.cur summary').click()
    })
    await everywhere('sala', '/c/sala/editor/2026-10-27')
  })
})

/** Begins to send a file over a line that takes none of it. */
async function sendSlowly(page: Page): Promise<void> {
  await page.route('**/importar/ficheiros/*', (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()))
  await page.locator('[name=day]').fill('1999-03-12')
  await page.locator('#file').setInputFiles({ name: 'Pleno de marzo.mpg', mimeType: 'video/mpeg', buffer: Buffer.alloc(700_000) })
  await page.locator('#send').click()
  await page.locator('#said', { hasText: 'Pleno de marzo.mpg' }).waitFor()
}

/** A later version of the transcript, in which the sources disagree about who spoke. */
async function doubtSpeakers(storage: TestStorage, { council, transcript }: PublishedSession): Promise<void> {
  const speaker = { id: 'unknown', confidence: 0, source: 'microphone' as const, runnerUp: 'castro', review: 'sources-disagree' as const }
  const doubted = { ...transcript, version: 2, utterances: transcript.utterances.map((one) => ({ ...one, speaker })) }
  await storage.database.inCouncil(council.id, (tx) => putTranscript(tx, doubted, { key: 'x', version: '1', sha256: '0'.repeat(64) }))
}
