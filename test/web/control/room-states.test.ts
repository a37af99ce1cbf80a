import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Language } from '../../../storage/model/council.ts'
import { axeViolations } from '../../servers/axe.ts'
import { browserMissing, openBrowser, resizePage } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { putChamber, smallCouncil } from './chamber.ts'
import { MovedTime } from './moved-time.ts'
import { putChamberNotes } from './put-chamber-notes.ts'
import { roomStates } from './room-states.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'

/** The last is the one in which the session is conducted. */
const sizes = [
  [390, 844],
  [1280, 800],
  [1024, 768],
] as const
const schemes = ['light', 'dark'] as const

/**
 * A folder for pictures of every state at every size, light and dark, to be looked at:
 * `ESCANO_PICTURES=folder npm test -- test/web/control/room-states.test.ts`.
 */
const folder = process.env.ESCANO_PICTURES

describe.skipIf(browserMissing)(`every state of the chamber page${browserMissing}`, () => {
  test.for<[Language, (typeof schemes)[number], number]>([
    ['gl', 'light', 1024],
    ['es', 'dark', 390],
  ])('can be read and touched by everybody, in %s, %s, %i px wide', { timeout: 900_000 }, async ([language, scheme, width]) => {
    if (folder !== undefined) await mkdir(folder, { recursive: true })
    await using storage = await openTestStorage()
    const chamber = await putChamber(storage, `sala-${language}`, { council: smallCouncil(13), convenedFor: Date.now() - 60_000 })
    await using web = await startTestWeb(storage)
    await using recorder = await ScriptedRecorder.dial(storage, chamber.council.id, web.address)
    await putChamberNotes(storage, chamber)
    await using browser = await openBrowser()
    using time = new MovedTime()
    const found: string[] = []
    const names = new Set<string>()
    for await (const { name, page } of roomStates({ browser, web, recorder, chamber, time, language })) {
      names.add(name)
      for (const [wide, high] of sizes) {
        await resizePage(page, { width: wide, height: high })
        for (const colorScheme of schemes) {
          const here = `${name} ${language} ${colorScheme} ${wide}`
          const wanted = folder !== undefined || (colorScheme === scheme && wide === width)
          if (!wanted) continue
          await page.emulateMedia({ colorScheme })
          if (folder !== undefined) await page.screenshot({ path: join(folder, `${here.replaceAll(' ', '-')}.png`) })
          if (colorScheme !== scheme || wide !== width) continue
          found.push(...(await axeViolations(page)).map((one) => `${here}: ${one}`))
        }
        found.push(...(await misshapen(page)).map((one) => `${name} ${language} ${wide}: ${one}`))
      }
    }
    expect(found).toEqual([])
    expect(names.size).toBeGreaterThanOrEqual(40)
  })
})

/** What may be touched and is smaller than 56 px, names that are cut, and what is wider than the screen. */
async function misshapen(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const shown = [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea, summary')]
      .filter((one) => one.checkVisibility() && !one.closest('noscript'))
      .map((one) => ({ text: one.textContent?.trim().slice(0, 40), box: one.getBoundingClientRect() }))
    const small = shown.filter(({ box }) => box.height < 55.9 || box.width < 55.9)
    const cut = [...document.querySelectorAll<HTMLElement>('.person b')].filter((one) => one.scrollWidth > one.clientWidth)
    return [
      ...small.map(({ text, box }) => `${text} is ${Math.round(box.width)} × ${Math.round(box.height)} px`),
      ...cut.map((one) => `${one.textContent} is cut`),
      ...(document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`] : []),
    ]
  })
}
