import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SessionState, sessionState } from '../../../storage/model/session-state.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putDrafted } from '../live/put-drafted.ts'
import { ConferenceSystemAtWork } from '../microphones/conference-system.ts'
import { putChamber, signIn } from './chamber.ts'
import { seenUnderLongAgenda } from './long-agenda.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'

describe.skipIf(browserMissing)(`the tablet in the chamber${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser
  let ours: Awaited<ReturnType<typeof putChamber>>
  let recorder: ScriptedRecorder
  let system: ConferenceSystemAtWork
  let context: BrowserContext
  let page: Page
  /** A tablet that came first and whose browser keeps nothing. */
  let onlooker: Page
  const complaints: string[] = []

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    web = await startTestWeb(storage)
    system = await ConferenceSystemAtWork.letIn(web, 'vilarino')
    recorder = await ScriptedRecorder.dial(storage, ours.council.id, web.address)
    browser = await openBrowser()
    onlooker = await openOnlooker()
    ;({ context, page } = await openRoom())
  })
  afterAll(async () => {
    await browser?.close()
    await recorder?.[Symbol.asyncDispose]()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  async function signedIn(viewport = { width: 1280, height: 800 }): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport })
    const [name = '', value = ''] = ((await signIn(web.address, 'vilarino', 'secretaria')) ?? '').split('=')
    await context.addCookies([{ name, value, url: web.address }])
    return context
  }

  async function openOnlooker(): Promise<Page> {
    const page = await (await signedIn()).newPage()
    await page.addInitScript(() => {
      indexedDB.open = () => {
        throw new DOMException('this browser keeps nothing', 'SecurityError')
      }
    })
    await page.goto(`${web.address}/c/vilarino/sala/${ours.session.slug}`)
    await page.getByText('Esta tableta non deixa gardar as marcas').waitFor()
    return page
  }

  async function openRoom(viewport?: { width: number; height: number }) {
    const context = await signedIn(viewport)
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|50\d/.test(message.text())) complaints.push(message.text())
    })
    await page.goto(`${web.address}/c/vilarino/sala/${ours.session.slug}`)
    await page.locator('body[data-kept]').waitFor()
    return { context, page }
  }

  /** Somebody who spoke has two tiles: the recent one comes first. */
  const tap = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const word = () => page.locator('header.state').getAttribute('data-word')
  const pending = async () => Number(await page.locator('[data-pending]').getAttribute('data-pending'))
  const events = async () =>
    (await storage.database.inCouncil(ours.council.id, (tx) => readEvents(tx, ours.session.id))).map((one) => one.event)
  const state = async (): Promise<SessionState> => sessionState(await events(), ours.council, ours.session)
  /** Does something and waits until its marks are with the server. */
  const marking = async (act: () => Promise<void>, count = 1) => {
    const before = (await events()).length
    await act()
    await expect.poll(async () => (await events()).length).toBeGreaterThanOrEqual(before + count)
    await allStored()
  }
  const allStored = () => expect.poll(pending).toBe(0)

  test('shows the agenda and the recorder before any of its code runs', async () => {
    const cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    const html = await (await fetch(`${web.address}/c/vilarino/sala/${ours.session.slug}`, { headers: { cookie } })).text()
    expect(html).toContain('data-word="ready"')
    expect(html).toContain('Ordenanza fiscal reguladora da taxa pola recollida do lixo')
    expect(html).not.toContain('style=')
  })

  test('a tablet that can keep no mark looks on, and leaves the lead to the next', async () => {
    expect(await onlooker.getByRole('button', { name: 'Comezar a gravar' }).isDisabled()).toBe(true)
    await expect.poll(() => page.getByRole('button', { name: 'Comezar a gravar' }).isEnabled()).toBe(true)
    await onlooker.context().close()
  })

  test('says GRAVANDO only when the recorder has proven it', async () => {
    expect(await word()).toBe('ready')
    recorder.obeys = false
    await tap('Comezar a gravar')
    await expect.poll(word).toBe('asked')
    recorder.session = ours.session.id
    recorder.prove({ state: 'starting' })
    await expect.poll(word).toBe('starting')
    expect(await page.locator('header.state').innerText()).not.toContain('GRAVANDO')
    recorder.obeys = true
    await fetchCommand('start')
    await expect.poll(word).toBe('recording')
    await expect.poll(() => page.locator('header.state').innerText()).toMatch(/GRAVANDO[\s\S]*Probado ata \d\d:\d\d:\d\d/)
  })

  async function fetchCommand(action: string): Promise<void> {
    await page.evaluate(
      async ([address, wanted]) => {
        await fetch(`${address}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ action: wanted }),
        })
      },
      [`/c/vilarino/sala/${ours.session.slug}/gravador`, action],
    )
  }

  test('opens the session by the roll, with who presides and who attests', async () => {
    await tap(/Pasar lista/)
    for (const name of [/Zanfoga/, /Vilarelle/, /Teixido/]) await tap(name)
    await tap(/Teixido/)
    await marking(() => tap('Abrir a sesión con 18 presentes'), 24)
    const now = await state()
    expect(now.phase).toBe('open')
    expect(Object.values(now.attendance).filter((one) => one === 'present')).toHaveLength(18)
    expect(now.attendance[ours.council.members.find((one) => one.surname === 'Teixido')?.id ?? '']).toBe('absent')
    expect(now.presidency).toBe(ours.council.members.find((one) => one.speaker === 'alcaldesa')?.id)
    await storage.database.inCouncil(ours.council.id, (tx) => setStage(tx, ours.session.id, 'recording'))
    await putDrafted(storage, ours, [now.events.find((one) => one.type === 'session.opened')?.mediaMs ?? 0])
  })

  test('marks items, speakers and a unanimous vote, each at its place of the recording', async () => {
    await tap(/Primeiro punto/)
    await tap(/^Castro/)
    await tap(/^Votar/)
    expect(await page.getByRole('button', { name: 'Proclamar' }).isDisabled()).toBe(true)
    await tap(/Unanimidade/)
    await marking(() => tap('Proclamar'), 19)
    const now = await state()
    expect(now.votes[0]).toMatchObject({ outcome: 'approved', tally: { favour: 18, against: 0, abstain: 0 }, status: 'proclaimed' })
    expect(Object.keys(now.votes[0]?.ballots ?? {})).toHaveLength(18)
    const marks = (await events()).filter((one) => one.by !== 'recorder' && one.type !== 'role.taken')
    expect(marks.every((one) => one.mediaMs !== undefined)).toBe(true)
    const places = marks.map((one) => one.mediaMs ?? 0)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('proposes who speaks by the open microphone, moves nothing, and marks it only at a tap', async () => {
    const members = ours.council.members.filter((one) => one.legal)
    const seatOf = (index: number) => ours.council.seats.find((one) => one.member === members[index]?.id)?.seat ?? 0
    const strip = page.getByRole('region', { name: 'Micrófonos abertos' })
    const places = () =>
      page
        .locator('.floor, .speakers .person, .floor .acts button')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))
    expect(await strip.innerText()).toContain('Ningún micrófono aberto.')
    const [before, known] = [await places(), (await events()).length]
    await system.switch('on', seatOf(3), seatOf(4))
    const proposal = (index: number) => strip.getByRole('button', { name: new RegExp(`^${members[index]?.surname}`) })
    await proposal(3).waitFor()
    await proposal(4).waitFor()
    expect(await places()).toEqual(before)
    expect((await events()).length).toBe(known)
    await marking(() => proposal(3).click())
    expect((await events()).at(-1)).toMatchObject({ type: 'floor.given', speaker: members[3]?.id, proposedBy: 'microphone' })
    await strip.getByText('Fala', { exact: true }).waitFor()
    await marking(() => page.keyboard.press('m'))
    expect((await events()).at(-1)).toMatchObject({ type: 'floor.given', speaker: members[4]?.id, proposedBy: 'microphone' })
    await system.switch('off', seatOf(3), seatOf(4))
    await strip.getByText('Ningún micrófono aberto.').waitFor()
  })

  test('counts votes until none is missing, and takes nothing that does not add up', async () => {
    await tap(/Seguinte punto/)
    await tap(/^Votar/)
    await tap('Un máis: En contra')
    await tap('Un máis: Abstencións')
    expect(await page.locator('dialog').innerText()).toContain('Faltan 16 votos por contar')
    await tap('Todo o resto: A favor')
    expect(await page.locator('dialog').innerText()).toContain('Aprobado: 16 a favor, 1 en contra, 1 abstención')
    await marking(() => tap('Proclamar'), 2)
    expect((await state()).votes[1]).toMatchObject({ tally: { favour: 16, against: 1, abstain: 1 }, outcome: 'approved' })
  })

  test('asks first for the urgency of a motion, by absolute majority', async () => {
    await tap(/^4 /)
    await tap(/^Votar/)
    expect(await page.locator('dialog').innerText()).toContain('Da urxencia · maioría absoluta')
    await tap('Un máis: A favor')
    await tap('Todo o resto: En contra')
    expect(await page.locator('dialog').innerText()).toContain('Rexeitado')
    await marking(() => tap('Anular a votación'))
    expect((await state()).votes).toHaveLength(2)
  })

  test('takes back a mark by a mark: nothing is deleted', async () => {
    await marking(() => tap(/^Otero/))
    const before = (await events()).length
    await marking(() => tap(/^Desfacer ?: Fala Brais Otero/))
    const now = await events()
    expect(now).toHaveLength(before + 1)
    const given = now.findLast((one) => one.type === 'floor.given')
    expect(now.at(-1)).toMatchObject({ type: 'note', corrects: given?.id })
    expect((await state()).floor.some((one) => one.event === given?.id)).toBe(false)
  })

  test('says why the law does not allow a tap, and marks nothing', async () => {
    const before = (await events()).length
    await marking(() => tap(/^5 /))
    await tap(/^Votar/)
    await expect.poll(() => page.locator('.troubles').innerText()).toContain('Este punto non se vota. (ROF 97.6-7)')
    await tap('Entendido')
    await allStored()
    expect((await events()).length).toBe(before + 1)
  })

  test('obeys the keyboard', async () => {
    const before = (await events()).length
    await page.keyboard.press('3')
    await expect.poll(async () => (await state()).currentItem).toBe(ours.session.agenda[2]?.id)
    await page.keyboard.press('u')
    await expect.poll(async () => (await events()).length).toBe(before + 2)
    await page.keyboard.press('p')
    await expect.poll(word).toBe('paused')
    await page.keyboard.down('r')
    await expect.poll(word).toBe('recording')
    await page.keyboard.up('r')
  })

  test('shows what a machine understood, also under an agenda longer than the screen, until a tap takes it away', async () => {
    await page.getByText(/^Dito aos/).waitFor({ timeout: 15_000 })
    expect(await seenUnderLongAgenda(page, [page.getByText(/^Dito aos/), page.getByRole('button', { name: 'Agochar' })])).toBe(true)
    await tap('Agochar')
    await page.getByText(/^Dito aos/).waitFor({ state: 'detached' })
  })

  test('goes on without a line, survives a reload without it, and then sends everything once and in order', async () => {
    const before = await events()
    await context.setOffline(true)
    await expect.poll(word).toBe('unreachable')
    await page.keyboard.press('3')
    for (const name of [/^Castro/, /^Otero/, /^Ribadiz/, /^Valdomar/]) await tap(name)
    await tap(/Revisar/)
    await expect.poll(pending).toBe(6)
    expect(await page.locator('header.state').innerText()).toContain('O gravador segue só')
    await page.reload()
    await page.locator('button:enabled', { hasText: 'Castro' }).waitFor()
    expect(await pending()).toBe(6)
    // Without a line there is no draft: that it may be shown again is remembered on the tablet.
    expect(await page.getByRole('button', { name: 'Amosar', exact: true }).count()).toBe(1)
    await tap(/^Outedal/)
    await expect.poll(pending).toBe(7)
    expect(await events()).toHaveLength(before.length)
    await context.setOffline(false)
    await allStored()
    const added = (await events()).slice(before.length)
    expect(added).toHaveLength(7)
    expect(added.map((one) => one.seq)).toEqual([...added.map((one) => one.seq)].sort((a, b) => a - b))
    expect(added.map((one) => one.type)).toEqual(['item.opened', ...Array(4).fill('floor.given'), 'star', 'floor.given'])
    for (const one of added) expect(one.mediaMs, 'a tap without a line keeps its place').toBeDefined()
    await expect.poll(word).toBe('recording')
  })

  test('knows the same state as the server, and so does a second tablet at once', async () => {
    const other = await openRoom({ width: 1024, height: 768 })
    await marking(() => tap(/^1 /))
    const shown = (of: Page) => of.locator('.agenda .item').allInnerTexts()
    const names = (texts: string[]) => texts.map((one) => one.replace(/\d+:\d\d$/, '').trim())
    await expect.poll(async () => names(await shown(other.page))).toEqual(names(await shown(page)))
    expect(names(await shown(page)).join()).toContain((await state()).items.find((one) => one.status === 'open')?.item.title.gl)
    await other.context.close()
  })

  test('ends only after asking again, then proves that it ended', async () => {
    await tap('Rematar…')
    expect(await page.locator('dialog').innerText()).toContain('Tratáronse todos os puntos')
    await marking(() => tap('Levantar a sesión e parar a gravación'))
    await expect.poll(word).toBe('stopped')
    expect((await state()).phase).toBe('lifted')
    expect(recorder.commands.at(-1)?.type === 'stop' || recorder.commands.some((one) => one.type === 'stop')).toBe(true)
    expect(complaints).toEqual([])
  })
})
