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
    expect(figures.segments).toBeGreaterThan(5)
    expect(figures.faults['agent killed']).toBe(2)
  },
)
