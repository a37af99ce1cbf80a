/**
 * The tablet in a real Chromium (design.md §4 `tablet`): from a tap to its mark on the disk, and half an hour without a line with 200
 * taps, a reload and a date 90 s wrong. The half hour is made of the browser's own offline mode and of clocks that are moved between
 * the taps, the server's and the page's alike; `--real` waits for it in earnest. `--taps N` takes another number. `--json`: one object.
 */
import { loadavg } from 'node:os'
import { openBrowser } from '../servers/browser.ts'
import { startTestWeb } from '../servers/running-web.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { putChamber, smallCouncil } from '../web/control/chamber.ts'
import { MovedTime } from '../web/control/moved-time.ts'
import { offlineTaps } from '../web/control/offline-taps.ts'
import { ScriptedRecorder } from '../web/control/scripted-recorder.ts'

const json = process.argv.includes('--json')
const wait = process.argv.includes('--real')
const at = process.argv.indexOf('--taps')
const taps = at > 0 ? Number(process.argv[at + 1]) : 200
const offlineMs = 30 * 60_000

await using storage = await openTestStorage()
const chamber = await putChamber(storage, 'banco', { council: smallCouncil(13) })
await using web = await startTestWeb(storage)
await using _recorder = await ScriptedRecorder.dial(storage, chamber.council.id, web.address)
await using browser = await openBrowser()
using time = new MovedTime()
const outcome = await offlineTaps({ browser, web, storage, chamber, time, taps, offlineMs, wait, dateWrongMs: 90_000 })

const part = (share: number, of = outcome.durableMs) => {
  const sorted = of.toSorted((a, b) => a - b)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
}
const result = {
  ...{ bench: 'tablet', taps, offlineMinutes: offlineMs / 60_000, clock: wait ? 'waited' : 'moved', dateWrongSeconds: 90, reloads: 1 },
  ...{ durableP50Ms: part(0.5), durableP95Ms: part(0.95), durableMaxMs: part(1) },
  ...{ bareP50Ms: part(0.5, outcome.bareMs), bareP95Ms: part(0.95, outcome.bareMs), load: Number((loadavg()[0] ?? 0).toFixed(1)) },
  ...{ lost: outcome.lost, doubled: outcome.doubled, outOfOrder: outcome.outOfOrder, relaxed: outcome.relaxed },
  worstErrorMs: Math.round(Math.max(...outcome.errorMs.map(Math.abs))),
  goal: { durableP95Ms: 20, lost: 0, doubled: 0, worstErrorMs: 250 },
}
console.log(
  json
    ? JSON.stringify(result)
    : `tablet: tap to disk p50 ${result.durableP50Ms} ms, p95 ${result.durableP95Ms} ms (goal ≤ 20), max ${result.durableMaxMs} ms (the browser alone: p50 ${result.bareP50Ms} ms, p95 ${result.bareP95Ms} ms); ${taps} taps in ` +
        `${result.offlineMinutes} min without a line (${result.clock}), one reload, date 90 s wrong: ${result.lost} lost, ${result.doubled} double, ` +
        `${result.outOfOrder} out of order, times within ${result.worstErrorMs} ms (goal ≤ 250)`,
)
