import type { Browser, Page } from 'playwright-core'
import type { Language } from '../../../storage/model/council.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { conductWords, controlWords } from '../../../web/words/staff-words.ts'
import { ConferenceSystemAtWork } from '../microphones/conference-system.ts'
import { type putChamber, staffContext } from './chamber.ts'
import type { MovedTime } from './moved-time.ts'
import { alarmStates } from './room-alarms.ts'
import { handsAt, starts } from './room-hands.ts'
import type { ScriptedRecorder } from './scripted-recorder.ts'

export interface StatesOf {
  browser: Browser
  web: RunningWeb
  recorder: ScriptedRecorder
  chamber: Awaited<ReturnType<typeof putChamber>>
  time: MovedTime
  language: Language
}

/** A state of the chamber page or of its second screen, and the page that shows it. */
export interface RoomStateShown {
  name: string
  page: Page
}

/**
 * Conducts a session through every state the chamber page has (study-web.md §5.1), stopping at each. Words are those of the
 * dictionaries, so one script shows both languages.
 */
export async function* roomStates({ browser, web, recorder, chamber, time, language }: StatesOf): AsyncGenerator<RoomStateShown> {
  const [words, conduct] = [controlWords[language], conductWords[language]]
  const { council, session, slug } = chamber
  const prefix = language === 'es' ? '/es' : ''
  const address = `${web.address}${prefix}/c/${slug}/sala/${session.slug}`
  const context = await staffContext(browser, web, slug, {
    viewport: { width: 1024, height: 768 },
    reducedMotion: 'reduce',
    bypassCSP: true,
  })
  await time.inContext(context)
  const page = await context.newPage()
  const of = (name: string): RoomStateShown => ({ name, page })
  const { button, tap, tapAndClose, answer, back, stored, word, hold } = handsAt(page)
  const surname = (index: number) => council.members.filter((one) => one.legal)[index]?.surname ?? ''
  const person = (index: number) => starts(surname(index))

  const system = await ConferenceSystemAtWork.letIn(web, slug)
  await page.goto(address)
  await page.locator('body[data-kept]').waitFor()
  await button(words.openSession).waitFor()
  yield of('prepared-at-the-hour')
  await tap(conduct.hourLater)
  recorder.obeys = false
  await tap(words.start)
  await word('asked')
  yield of('asked')
  recorder.obeys = true
  recorder.session = session.id
  recorder.prove({ state: 'starting' })
  await word('starting')
  yield of('starting')
  recorder.begin()
  await word('recording')
  yield of('recording-not-open')
  await tap(words.openSession)
  yield of('roll')
  const absent = council.members.filter((one) => one.legal).slice(2)
  for (const one of absent) await tap(starts(one.surname), page)
  yield of('roll-without-quorum')
  for (const one of absent.slice(1)) {
    await tap(starts(one.surname))
    await tap(starts(one.surname))
  }
  await tapAndClose(/^(?:Abrir a sesión|Abrir la sesión)/)
  await stored()
  yield of('open-no-item')
  await tap(starts(words.firstItem))
  await tap(person(1))
  await stored()
  yield of('floor')
  for await (const name of alarmStates(page, recorder)) yield of(name)
  const seats = council.seats.filter((one) => council.members.slice(0, 13).some(({ id }) => id === one.member)).map((one) => one.seat)
  await system.switch('on', 99, ...seats.slice(2, 5))
  await page.locator('.heard-more').waitFor()
  yield of('heard-several')
  await system.switch('off', 99, ...seats.slice(2, 4))
  await page.locator('.heard-more').waitFor({ state: 'detached' })
  yield of('heard-one')
  await system.switch('off', ...seats)
  await tap(person(3))
  await tap(person(1))
  await stored()
  yield of('floor-second-turn')
  await tap(words.vote)
  yield of('vote')
  await tap(starts(words.unanimity))
  yield of('vote-unanimity')
  await tapAndClose(words.proclaim)
  await stored()
  yield of('vote-proclaimed')
  await tap(starts(words.attendance))
  await tap(conduct.modeDuty)
  await tap(person(4))
  yield of('attendance-duty')
  await tap(conduct.modeMoves)
  await tap(person(2))
  yield of('attendance')
  await back()
  await tap(starts(words.nextItem))
  await tap(starts(words.attendance))
  await tap(conduct.modeDuty)
  await tap(person(4))
  await back()
  await tap(words.vote)
  await tap(conduct.ways.groups)
  await page
    .getByRole('group', { name: council.groups[0]?.name ?? '' })
    .getByRole('button', { name: conduct.senses.favour })
    .click()
  yield of('vote-groups-left-out')
  await tap(conduct.ways.people)
  yield of('vote-people')
  await tap(conduct.ways.together)
  await tap(words.more(words.against))
  yield of('vote-missing')
  await tap(conduct.askNominal)
  await tap(starts(words.unanimity))
  yield of('vote-nominal-asked')
  await tapAndClose(words.proclaim)
  await tap(words.vote)
  await answer(conduct.callAnswer.favour)
  await answer(conduct.callAnswer.against)
  yield of('vote-roll-call')
  for (let left = await page.locator('.called-list .waits').count(); left > 0; left--) await answer(conduct.callAnswer.abstain)
  yield of('vote-roll-call-done')
  await tapAndClose(words.cancelVote)
  await stored()
  yield* tie()
  yield* closedPart()
  yield* agenda()
  await tap(starts(conduct.more))
  yield of('more')
  await back()
  await tap(conduct.marksOpen)
  yield of('marks')
  await back()
  await tap(conduct.recess)
  await stored()
  yield of('recess')
  await tap(conduct.recessEnd)
  yield* recorderStates()
  yield* twoTablets()
  await tap(words.stop)
  yield of('stop')
  await tapAndClose(/^(?:Levantar a sesión|Levantar la sesión)/)
  await word('stopped')
  yield of('lifted')
  await context.close()

  async function* tie(): AsyncGenerator<RoomStateShown> {
    await tap(/^3 /)
    const count = async () => {
      await tap(words.vote)
      await tap(words.more(words.favour))
      await tap(words.more(words.against))
      await tap(words.restOf(words.abstain))
    }
    await count()
    yield of('vote-tie')
    await tapAndClose(words.proclaim)
    await count()
    yield of('vote-second-tie')
    await tapAndClose(words.castingFavour)
    await stored()
    yield of('vote-by-casting')
  }

  async function* agenda(): AsyncGenerator<RoomStateShown> {
    await tap(conduct.itemActs(4))
    yield of('item')
    await tap(conduct.itemVotePostpone)
    await tap(starts(words.unanimity))
    await tapAndClose(words.proclaim)
    await stored()
    yield of('item-postponed')
    await tap(new RegExp(conduct.urgencyAdd.replace('…', '')))
    yield of('urgency')
    await page.getByRole('textbox').fill('Reparación urxente da traída de auga')
    await tap(conduct.urgencyConfirm)
    await button(words.proclaim).waitFor()
    yield of('urgency-vote')
    await tapAndClose(words.cancelVote)
    await tap(/^5 /)
    await tap(words.vote)
    await page.locator('.troubles .strip').waitFor()
    yield of('refused-by-the-law')
    await tap(words.understood)
  }

  async function* closedPart(): AsyncGenerator<RoomStateShown> {
    await tap(/^4 /)
    await stored()
    const touched = await hold()
    yield of('closed-held')
    // The picture was taken at other sizes, where the button lies elsewhere: that finger has left it.
    await touched.release()
    const held = await hold()
    await button(conduct.closedVote).waitFor()
    await held.release()
    yield of('closed-needs-vote')
    await tap(conduct.closedVote)
    await tap(starts(words.unanimity))
    await tapAndClose(words.proclaim)
    await stored()
    await context.setOffline(true)
    await word('unreachable')
    await (await hold()).release()
    const again = await hold()
    await page.locator('.closed-strip').waitFor()
    await again.release()
    await page.locator('.closed-strip.late').waitFor()
    yield of('closed-not-acknowledged')
    await context.setOffline(false)
    await stored()
    // Nothing is recorded in it, and the recorder goes on by itself at its end.
    await word('paused')
    yield of('closed')
    const open = await hold()
    await page.locator('.room:not(.is-closed)').waitFor()
    await open.release()
    await word('recording')
    yield of('closed-over')
  }

  async function* recorderStates(): AsyncGenerator<RoomStateShown> {
    await context.setOffline(true)
    await word('unreachable')
    await tap(words.star)
    await tap(person(1))
    yield of('offline')
    await context.setOffline(false)
    await stored()
    yield of('synchronised')
    recorder.prove({ peakDb: -80 })
    await word('recording')
    await time.pass(6 * 60_000, page)
    await button(conduct.silenceGoesOn).waitFor()
    yield of('silence')
    await tap(conduct.silenceGoesOn)
    recorder.prove({ peakDb: -14 })
    for (const state of ['paused', 'failed'] as const) {
      recorder.prove({ state })
      await word(state)
      yield of(state)
    }
    recorder.prove({ state: 'recording' })
    await word('recording')
    await tap(starts(conduct.more))
    await tap(conduct.settings)
    await tap(conduct.screenOpen)
    await page.getByRole('link', { name: conduct.screenReady }).waitFor()
    yield of('settings')
    const path = await page.getByRole('link', { name: conduct.screenReady }).getAttribute('href')
    await tap(conduct.leftHand)
    await back()
    yield of('left-hand')
    await tap(starts(conduct.more))
    await tap(conduct.settings)
    await tap(conduct.rightHand)
    await back()
    const room = await browser.newContext({ viewport: { width: 1024, height: 768 }, bypassCSP: true, reducedMotion: 'reduce' })
    const screen = await room.newPage()
    await screen.goto(`${web.address}${path}`)
    await screen.locator('.speaker').waitFor()
    yield { name: 'screen-speaker', page: screen }
    await room.close()
  }

  async function* twoTablets(): AsyncGenerator<RoomStateShown> {
    const other = await staffContext(browser, web, slug, {
      viewport: { width: 1024, height: 768 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    })
    const second = await other.newPage()
    await second.goto(address)
    await button(conduct.leadAsk, second).waitFor()
    yield { name: 'follows', page: second }
    await tap(conduct.leadAsk, second)
    await button(conduct.leadGive).waitFor()
    yield of('lead-asked')
    await tap(conduct.leadKeep)
    await button(conduct.leadAsk, second).waitFor()
    await other.close()
  }
}
