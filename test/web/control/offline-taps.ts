import type { Browser } from 'playwright-core'
import { correctedMs } from '../../../storage/model/session-events.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import type { Storage } from '../../../storage/storage.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { type putChamber, staffContext } from './chamber.ts'
import type { MovedTime } from './moved-time.ts'

export interface OfflineTapsOf {
  browser: Browser
  web: RunningWeb
  storage: Storage
  chamber: Awaited<ReturnType<typeof putChamber>>
  time: MovedTime
  taps: number
  /** How long the tablet has no line, in all. */
  offlineMs: number
  /** Wait for it in earnest, or move the clocks of server and page between the taps. */
  wait: boolean
  /** How far the date of the tablet is wrong. */
  dateWrongMs: number
}

export interface OfflineTaps {
  taps: number
  lost: number
  doubled: number
  outOfOrder: number
  /** Of each tap: from the click's arrival in the page to the end of its transaction in IndexedDB, ms. */
  durableMs: number[]
  /** The reference, in the same page: one small record in a transaction of its own that asks for the disk, nothing else, ms. */
  bareMs: number[]
  /** Transactions that did not ask for the disk (`durability: 'strict'`). */
  relaxed: number
  /** Of each event: its time, as the server has it, against the instant of the click on the machine's own clock, ms. */
  errorMs: number[]
  reloaded: boolean
}

/** What the page is watched by, from outside its own code. */
interface Watch {
  clicks: { atMs: number; truthMs: number }[]
  stored: { atMs: number; strict: boolean }[]
}

/**
 * A tablet whose date is wrong loses its line, is tapped, is loaded again half way, is tapped on, and gets its line back. The browser's
 * own offline mode cuts it; clicks and transactions are seen by listeners of the test, not told by the page.
 */
export async function offlineTaps(of: OfflineTapsOf): Promise<OfflineTaps> {
  const { browser, web, storage, chamber, time } = of
  const context = await staffContext(browser, web, chamber.slug, { viewport: { width: 1280, height: 800 } })
  await context.addInitScript(watchPage)
  await time.inContext(context)
  const page = await context.newPage()
  const address = `${web.address}/c/${chamber.slug}/sala/${chamber.session.slug}`
  await page.goto(address)
  await time.setDateWrong(of.dateWrongMs, page)
  await page.goto(address)
  await page.locator('body[data-kept]').waitFor()
  const tap = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  await tap('Comezar a gravar')
  await page.locator('[data-word="recording"]').waitFor()
  await tap(/Pasar lista/)
  await tap(/^Abrir a sesión/)
  await tap('Primeiro punto')
  while (!(await kept()).some((one) => one.type === 'item.opened')) await page.waitForTimeout(200)
  await page.locator('[data-pending="0"]').waitFor()
  const before = await kept()
  // The clock is asked once a second; the fastest of these answers is believed.
  await page.waitForTimeout(6_000)
  await context.setOffline(true)
  await page.locator('[data-word="unreachable"]').waitFor()
  await page.evaluate(() => {
    ;(globalThis as unknown as { watch: Watch }).watch.clicks.length = 0
  })
  const watched: Watch = { clicks: [], stored: [] }
  const people = chamber.council.members.filter((one) => one.legal).slice(0, 6)
  const everyMs = of.offlineMs / of.taps
  for (let n = 0; n < of.taps; n++) {
    if (n === Math.floor(of.taps / 2)) {
      await collect()
      await page.reload()
      await page.locator('.person:enabled').first().waitFor()
    }
    const waiting = Number(await page.locator('[data-pending]').getAttribute('data-pending'))
    await page.locator('.people:last-of-type .person', { hasText: people[n % people.length]?.surname ?? '' }).click()
    await page.locator(`[data-pending="${waiting + 1}"]`).waitFor()
    if (of.wait) await page.waitForTimeout(everyMs)
    else await time.pass(everyMs, page)
  }
  await collect()
  await context.setOffline(false)
  await page.locator('[data-pending="0"]').waitFor({ timeout: 60_000 })
  const events = (await kept()).slice(before.length)
  const bareMs = await page.evaluate(storeBarely, 40)
  await context.close()
  if (watched.clicks.length !== of.taps)
    throw new Error(`${of.taps} taps were made and ${watched.clicks.length} clicks seen: nothing is known`)
  const seqs = events.map((one) => one.seq)
  return {
    taps: of.taps,
    lost: of.taps - new Set(seqs).size,
    doubled: seqs.length - new Set(seqs).size,
    outOfOrder: seqs.filter((seq, n) => n > 0 && seq <= (seqs[n - 1] ?? 0)).length,
    durableMs: watched.clicks.map((click, n) => (watched.stored[n]?.atMs ?? Number.NaN) - click.atMs),
    bareMs,
    relaxed: watched.stored.filter((one) => !one.strict).length,
    errorMs: watched.clicks.map((click, n) => {
      const event = events[n]
      return event ? correctedMs(event) - click.truthMs : Number.NaN
    }),
    reloaded: true,
  }

  async function kept() {
    const rows = await storage.database.inCouncil(chamber.council.id, (tx) => readEvents(tx, chamber.session.id))
    return rows.map((one) => one.event).filter((one) => one.by !== 'recorder')
  }

  /** Takes what was seen of the taps: for each click the first transaction that ended after it. */
  async function collect(): Promise<void> {
    const seen = await page.evaluate(() => (globalThis as unknown as { watch: Watch }).watch)
    for (const click of seen.clicks) {
      const stored = seen.stored.find((one) => one.atMs >= click.atMs)
      watched.clicks.push(click)
      watched.stored.push(stored ?? { atMs: Number.NaN, strict: false })
    }
  }
}

/** Runs in the page before its own code, with the clocks of the machine, before anybody moves them. */
function watchPage(): void {
  const [monotonic, date] = [performance.now.bind(performance), Date.now.bind(Date)]
  const watch: Watch = { clicks: [], stored: [] }
  Object.assign(globalThis, { watch })
  const moved = () => Number(localStorage.getItem('moved-ms') ?? 0)
  addEventListener(
    'click',
    (event) => {
      if (event.target instanceof Element && event.target.closest('.person'))
        watch.clicks.push({ atMs: monotonic(), truthMs: date() + moved() })
    },
    { capture: true },
  )
  const begin = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    const transaction = begin.call(this, names, mode, options)
    if (mode === 'readwrite' && [names].flat().includes('marks')) {
      transaction.addEventListener('complete', () => watch.stored.push({ atMs: monotonic(), strict: transaction.durability === 'strict' }))
    }
    return transaction
  }
}

/** Runs in the page: how long the browser itself takes to have a record on the disk. */
async function storeBarely(times: number): Promise<number[]> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('bare', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const took: number[] = []
  for (let n = 0; n < times; n++) {
    const from = performance.now()
    await new Promise<void>((resolve) => {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' })
      transaction.objectStore('rows').put({ text: 'x'.repeat(400) }, n)
      transaction.oncomplete = () => resolve()
    })
    took.push(performance.now() - from)
  }
  return took
}
