import { describe, expect, test } from 'vitest'
import { noteFault } from '../../recorder/faults/fault-table.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { putChamber, smallCouncil } from './chamber.ts'
import { MovedTime } from './moved-time.ts'
import { offlineTaps } from './offline-taps.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'

describe.skipIf(browserMissing)(`a tablet without a line${browserMissing}`, () => {
  // The whole of it, 200 taps and 30 minutes, is `npm run bench -- tablet`.
  test('loses no tap and doubles none, and knows when each was to 0.25 s (design.md §4), though its date is wrong and it was loaded again meanwhile', async () => {
    await using storage = await openTestStorage()
    const chamber = await putChamber(storage, 'sen-linea', { council: smallCouncil(9) })
    await using web = await startTestWeb(storage)
    await using _recorder = await ScriptedRecorder.dial(storage, chamber.council.id, web.address)
    await using browser = await openBrowser()
    using time = new MovedTime()
    const outcome = await offlineTaps({
      ...{ browser, web, storage, chamber, time },
      ...{ taps: 12, offlineMs: 30 * 60_000, wait: false, dateWrongMs: -90_000 },
    })
    expect(outcome).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, relaxed: 0, reloaded: true })
    expect(outcome.durableMs.filter(Number.isFinite)).toHaveLength(12)
    const worstMs = Math.round(Math.max(...outcome.errorMs.map(Math.abs)))
    noteFault({
      ...{ fault: 'tablet offline for 30 min, its date wrong by 90 s', wrong: outcome.outOfOrder, double: outcome.doubled },
      note: `${outcome.lost} of ${outcome.taps} marks lost, their times wrong by ${worstMs} ms at most`,
    })
    expect(worstMs).toBeLessThanOrEqual(250)
  }, 120_000)
})
