/**
 * Pictures of every state of the chamber page, to be looked at: `node --import tsx test/web/control/room-pictures.ts FOLDER [--axe]`.
 * Both languages, light and dark, at 1024 × 768, 390 and 1280 wide; `--axe` also tells what axe-core and the ruler find in each.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { axeViolations } from '../../servers/axe.ts'
import { openBrowser } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { putChamber, smallCouncil } from './chamber.ts'
import { MovedTime } from './moved-time.ts'
import { roomStates } from './room-states.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'
import { smallTargets } from './small-targets.ts'

const folder = process.argv[2] ?? 'pictures'
const withAxe = process.argv.includes('--axe')
const only = process.argv.find((one) => one.startsWith('--language='))?.slice('--language='.length)
const sizes = [
  [1024, 768],
  [390, 844],
  [1280, 800],
] as const
await mkdir(folder, { recursive: true })
let states = 0
let pictures = 0
const found: string[] = []
for (const language of ['gl', 'es'] as const) {
  if (only !== undefined && only !== language) continue
  await using storage = await openTestStorage()
  const chamber = await putChamber(storage, `sala-${language}`, { council: smallCouncil(13), convenedFor: Date.now() - 60_000 })
  await using web = await startTestWeb(storage)
  await using recorder = await ScriptedRecorder.dial(storage, chamber.council.id, web.address)
  await using browser = await openBrowser()
  using time = new MovedTime()
  for await (const { name, page } of roomStates({ browser, web, recorder, chamber, time, language })) {
    states++
    console.log(`${language} ${name}`)
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const path = join(folder, `${name}-${language}-${colorScheme}-${width}.png`)
        await page.screenshot({ path })
        pictures++
        if (withAxe) {
          for (const one of await axeViolations(page)) found.push(`${name} ${language} ${colorScheme} ${width}: ${one}`)
        }
      }
      for (const one of await smallTargets(page)) found.push(`${name} ${language} ${width}: smaller than 56 px: ${one}`)
    }
    await page.setViewportSize({ width: 1024, height: 768 })
    await page.emulateMedia({ colorScheme: 'light' })
  }
}
for (const one of found) console.log(one)
console.log(`${states} states, ${pictures} pictures in ${folder}, ${found.length} complaints`)
