import { expect, test } from 'vitest'
import { missingCamera } from '../servers/rtsp-camera.ts'
import { runSoak } from './soak-run.ts'

const missing = await missingCamera()

/** The short form of `npm run soak`: every fault once more, half a minute instead of half an hour. */
test.skipIf(missing !== undefined)(
  `half a minute of cuts, kills and a clock step loses nothing and states each gap as long as it was${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: 300_000 },
  async () => {
    const figures = await runSoak({ seconds: 32, seed: 11 })
    expect(figures.refusals).toEqual([])
    // What was recorded and what is stated as missing make up the whole half minute.
    const gapsMs = figures.gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0)
    expect(figures.seconds + gapsMs / 1000).toBeGreaterThan(30)
    expect(figures.faults['agent killed']).toBe(2)
  },
)
