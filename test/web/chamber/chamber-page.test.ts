import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { draftSession } from '../../../minutes/acta/draft-session.ts'
import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import { type SessionState, sessionState } from '../../../storage/model/session-state.ts'
import { readActa } from '../../../storage/records/actas.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { handsAt } from '../control/room-hands.ts'
import { openStand } from './chamber-stand.ts'

const pin = '481516'

describe.skipIf(browserMissing)(`the chamber page that the recorder serves${browserMissing}`, () => {
  test('goes on without its server: a reloaded tablet records, marks, pauses and stops, and nothing is lost or doubled', async () => {
    await using storage = await openTestStorage()
    await using stand = await openStand(storage)
    const { chamber, origin } = stand
    const { council, session } = chamber
    await using browser = await openBrowser({ args: [`--ignore-certificate-errors-spki-list=${stand.pin}`] })
    const page = await (await browser.newContext()).newPage()
    const hand = handsAt(page)
    const alone = page.locator('[data-alone]')

    // With a line, once: the tablet is enrolled through the recorder's page and gets its key and PIN.
    await page.goto(`${origin}/c/${chamber.slug}/tableta?codigo=${await stand.newTabletCode()}`)
    await page.locator('form button[type="submit"]').click()
    await page.getByRole('link', { name: 'Preparar esta tableta' }).click()
    await page.locator('input[name="pin"]').fill(pin)
    await page.locator('input[name="outra"]').fill(pin)
    await page.getByRole('button', { name: 'Gardar o PIN' }).click()
    await page.getByText('Feito. Esta tableta pode mandar').waitFor()
    await page.goto(`${origin}/c/${chamber.slug}/sala`)
    await hand.button(/Pasar lista/).waitFor()
    await hand.tap(/Pasar lista/)
    await hand.tapAndClose(/^Abrir a sesión/)
    await hand.stored()

    // The server is gone. The open page says so, and a PIN opens the room again.
    await stand.cutServer()
    await page.getByRole('link', { name: 'Escribir o PIN' }).click({ timeout: 60_000 })
    await enterPin(page, '000000')
    await page.getByText('O PIN non é ese').waitFor()
    await enterPin(page, pin)
    await alone.waitFor()
    await hand.tap('Comezar a gravar')
    await hand.word('recording')
    await hand.tap('Primeiro punto')
    await page.reload()
    await alone.waitFor()
    const speaker = council.members.find((one) => one.legal)
    await page.locator('.people:last-of-type .person', { hasText: speaker?.surname ?? '' }).click()
    await hand.tap('Pausar')
    await hand.word('paused')
    await hand.tap('Continuar a gravación')
    await hand.word('recording')
    await hand.tap('Rematar…')
    await hand.tap('Levantar a sesión e parar a gravación')
    await hand.word('stopped')
    await expect.poll(() => page.locator('[data-pending]').getAttribute('data-pending')).toBe('0')
    const inChamber = await stateOf(page)

    // It is back: tablet and recorder both bring what they have.
    await stand.bringServer()
    await alone.waitFor({ state: 'detached', timeout: 60_000 })
    await hand.stored()
    const events = async () => (await storage.database.inCouncil(council.id, (tx) => readEvents(tx, session.id))).map((one) => one.event)
    await expect.poll(async () => (await events()).some((one) => one.type === 'recording.stopped')).toBe(true)
    const kept = await events()
    const marks = kept.filter((one) => one.by !== 'recorder')
    expect(marks.map((one) => one.type).filter((type) => /^(?:item|floor|session)/.test(type))).toEqual([
      'session.opened',
      'item.opened',
      'floor.given',
      'session.lifted',
    ])
    expect(new Set(kept.map((one) => one.id)).size).toBe(kept.length)
    const ids = (of: SessionState) => of.events.filter((one) => one.by !== 'recorder').map((one) => one.id)
    expect(new Set(ids(inChamber))).toEqual(new Set(marks.map((one) => one.id)))
    expect(kept.filter((one) => one.by === 'recorder').map((one) => one.type)).toEqual(
      expect.arrayContaining(['recording.asked', 'recording.proven', 'recording.paused', 'recording.resumed', 'recording.stopped']),
    )
    const onServer = plain(sessionState(kept, council, session))
    await expect.poll(() => stateOf(page)).toEqual(onServer)

    await storage.database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'transcribed'))
    await draftSession({ storage }, { council: council.id, session: session.id })
    const acta = await storage.database.inCouncil(council.id, (tx) => readActa(tx, session.id))
    const opened = onServer.events.findIndex((one) => one.type === 'session.opened')
    const opening = sessionState(onServer.events.slice(0, opened + 1), council, session)
    expect(plain(acta)).toEqual(plain(draftActa({ council, session, state: await stateOf(page), opening })))
  }, 240_000)
})

async function enterPin(page: Page, typed: string): Promise<void> {
  await page.locator('input[name="pin"]').fill(typed)
  await page.getByRole('button', { name: 'Entrar' }).click()
}

function plain<T>(of: T): T {
  return JSON.parse(JSON.stringify(of)) as T
}

/** What a tablet believes, of itself. */
async function stateOf(page: Page): Promise<SessionState> {
  const text = await page.evaluate(() => JSON.stringify((globalThis as unknown as { escano: { state(): unknown } }).escano.state()))
  return JSON.parse(text) as SessionState
}
