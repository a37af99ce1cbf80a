import { expect, test } from 'vitest'
import { unstatedGaps } from '../../../minutes/verify/unstated-gaps.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type GapLine, gapLine, type SegmentLine, segmentLine } from '../../../storage/model/recording.ts'

const ids = { v: 1, session: newId(), recorder: newId() }
const clock = { wallMs: 1, monotonicNs: '1', boot: 'b' }
const segment = (part: number, ptsMs: number, track = 'master'): SegmentLine =>
  segmentLine.parse({ ...ids, part, track, index: 0, sha256: 'a'.repeat(64), bytes: 1, ptsMs, durationMs: 4000, ...clock })
const gap = (part: number, fromMs: number, toMs: number, track?: string): GapLine =>
  gapLine.parse({ ...ids, kind: 'gap', part, fromMs, toMs, cause: 'capture-died', ...(track === undefined ? {} : { track }) })

test('an interruption is stated by one gap, or by several that leave nothing between them', () => {
  const around = [segment(0, 0), segment(2, 60_000)]
  expect(unstatedGaps(around, [])).toEqual(['master 4000 to 60000 ms'])
  expect(unstatedGaps(around, [gap(2, 4000, 60_000)])).toEqual([])
  // What was to end the first was lost with the power.
  expect(unstatedGaps(around, [gap(1, 4000, 30_000), gap(2, 30_000, 60_000)])).toEqual([])
  expect(unstatedGaps(around, [gap(2, 30_000, 60_000), gap(1, 4000, 30_000)])).toEqual([])
  // Journals of before state the first of it twice.
  expect(unstatedGaps(around, [gap(1, 4000, 30_000), gap(2, 4000, 60_000)])).toEqual([])
  for (const holed of [
    [gap(1, 4000, 30_000), gap(2, 30_001, 60_000)],
    [gap(1, 4000, 30_000), gap(2, 30_000, 58_000)],
    [gap(2, 6000, 60_000)],
  ])
    expect(unstatedGaps(around, holed)).toEqual(['master 4000 to 60000 ms'])
})

test('what another track misses does not state what the master does', () => {
  expect(unstatedGaps([segment(0, 0), segment(1, 60_000)], [gap(1, 4000, 60_000, 'mix')])).toEqual(['master 4000 to 60000 ms'])
  expect(unstatedGaps([segment(0, 0, 'mix'), segment(1, 60_000, 'mix')], [gap(1, 4000, 60_000, 'mix')])).toEqual([])
})
