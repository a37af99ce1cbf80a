import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import { parseTurns, recordedSession, sampleAgenda } from '../../../commands/demo/demo-script.ts'
import { draftSession } from '../../../minutes/acta/draft-session.ts'
import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import { type SessionState, sessionState } from '../../../storage/model/session-state.ts'
import { readActa } from '../../../storage/records/actas.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { putSession, setStage } from '../../../storage/records/sessions.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { putChamber, staffContext } from './chamber.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'

const sample = 'test/fixtures/sample-session'

describe.skipIf(browserMissing)(`the sample session conducted at a tablet${browserMissing}`, () => {
  test('is one and the same on the tablet, on a second one that follows, on the server, and in the acta’s draft', async () => {
    await using storage = await openTestStorage()
    const council = demoCouncil()
    const chamber = await putChamber(storage, 'sala', { council: () => council })
    const agenda = sampleAgenda.parse(JSON.parse(await readFile(`${sample}/agenda.json`, 'utf8')))
    const turns = parseTurns(await readFile(`${sample}/turns.rttm`, 'utf8'))
    const session = recordedSession(council, agenda, Date.now())
    await storage.database.inCouncil(council.id, (tx) => putSession(tx, session))
    await using web = await startTestWeb(storage)
    await using _recorder = await ScriptedRecorder.dial(storage, council.id, web.address)
    await using browser = await openBrowser()
    const [mine, theirs] = [await staffContext(browser, web, chamber.slug), await staffContext(browser, web, chamber.slug)]
    const [tablet, second] = [await mine.newPage(), await theirs.newPage()]
    const address = `${web.address}/c/${chamber.slug}/sala/${session.slug}`
    await tablet.goto(address)
    await tablet.locator('#room button:enabled').first().waitFor()
    await second.goto(address)
    await second.getByRole('button', { name: 'Pedir o mando' }).waitFor()
    const screen = await openScreen(tablet)

    await conduct(tablet)
    await screen.locator('.is-lifted').waitFor()

    const rows = await storage.database.inCouncil(council.id, (tx) => readEvents(tx, session.id))
    const events = rows.map((one) => one.event)
    const onServer = plain(sessionState(events, council, session))
    expect(onServer.phase).toBe('lifted')
    expect(onServer.votes.map((one) => [one.outcome, one.tally])).toEqual(
      agenda.items.map(({ vote }) => [
        vote.for > vote.against ? 'approved' : 'rejected',
        { favour: vote.for, against: vote.against, abstain: vote.abstain },
      ]),
    )
    await expect.poll(() => stateOf(tablet)).toEqual(onServer)
    await expect.poll(() => stateOf(second)).toEqual(onServer)

    const onTablet = await stateOf(tablet)
    const opened = onTablet.events.findIndex((one) => one.type === 'session.opened')
    const opening = sessionState(onTablet.events.slice(0, opened + 1), council, session)
    await storage.database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'transcribed'))
    await draftSession({ storage }, { council: council.id, session: session.id })
    const kept = await storage.database.inCouncil(council.id, (tx) => readActa(tx, session.id))
    expect(plain(kept)).toEqual(plain(draftActa({ council, session, state: onTablet, opening })))

    /** As the secretary does, in the order of the sample's own evidence; only the waiting between the taps is left out. */
    async function conduct(page: Page): Promise<void> {
      const tap = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
      const surname = (speaker: string) => council.members.find((one) => one.speaker === speaker)?.surname ?? ''
      const noSheet = () => page.locator('dialog').waitFor({ state: 'detached' })
      await tap('Comezar a gravar')
      await page.locator('[data-word="recording"]').waitFor()
      await tap(/Pasar lista/)
      for (const name of ['Teixido', 'Vilarelle', 'Zanfoga']) await tap(new RegExp(`^${name}`))
      await tap('Abrir a sesión con 18 presentes')
      await noSheet()
      for (const [index, item] of agenda.items.entries()) {
        await tap(index === 0 ? /Primeiro punto/ : /Seguinte punto/)
        const spoke = turns.filter((one) => one.start >= item.start && one.end <= item.end && one.speaker !== 'secretaria')
        for (const speaker of spoke.map((one) => one.speaker).filter((one, n, all) => one !== all[n - 1])) {
          await page.locator('.people:last-of-type .person', { hasText: surname(speaker) }).click()
        }
        await tap('Votar…')
        if (item.vote.for === item.vote.present) await tap(/^Unanimidade/)
        else {
          for (let n = 0; n < item.vote.against; n++) await tap('Un máis: En contra')
          for (let n = 0; n < item.vote.abstain; n++) await tap('Un máis: Abstencións')
          await tap('Todo o resto: A favor')
        }
        await tap('Proclamar')
        await noSheet()
      }
      await tap(/Seguinte punto/)
      await tap('Rematar…')
      await tap('Levantar a sesión e parar a gravación')
      await page.locator('[data-word="stopped"]').waitFor()
      await page.locator('[data-pending="0"]').waitFor()
    }

    async function openScreen(page: Page): Promise<Page> {
      await page.getByRole('button', { name: 'Axustes' }).click()
      await page.getByRole('button', { name: 'Abrir a pantalla da sala' }).click()
      const path = await page.getByRole('link', { name: 'Enderezo da pantalla' }).getAttribute('href')
      await page.keyboard.press('Escape')
      const room = await (await browser.newContext()).newPage()
      await room.goto(`${web.address}${path}`)
      return room
    }
  }, 240_000)
})

function plain<T>(of: T): T {
  return JSON.parse(JSON.stringify(of)) as T
}

/** What a tablet believes, of itself. */
async function stateOf(page: Page): Promise<SessionState> {
  const text = await page.evaluate(() => JSON.stringify((globalThis as unknown as { escano: { state(): unknown } }).escano.state()))
  return JSON.parse(text) as SessionState
}
