import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { captureFiles } from '../../recorder/capture-arguments.ts'
import { readClock, shifted } from '../../recorder/clock.ts'
import { PartFollower } from '../../recorder/part-follower.ts'
import { PartPlacing } from '../../recorder/part-place.ts'
import { causeBefore, gapOf, recoverSpool } from '../../recorder/recover-spool.ts'
import type { SegmentSpool } from '../../recorder/segment-spool.ts'
import { parseSource } from '../../recorder/source.ts'
import { sourceEnd, stateLoss } from '../../recorder/take-up-part.ts'
import { allTracksOf, solePlan } from '../../recorder/track-plan.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { gapsOf, openSpool, segmentsOf } from './recorded.ts'

const ffmpeg = await findFfmpeg(process.env)
const plan = solePlan(parseSource('test:'))
const start = shifted(readClock(), -600_000)
const at = (ms: number) => shifted(start, ms)

async function keep(spool: SegmentSpool, of: { part: number; ptsMs: number; track?: string }): Promise<void> {
  const place = { ...of, track: of.track ?? 'master', index: 0 }
  await mkdir(dirname(spool.segmentPath(place)), { recursive: true })
  await writeFile(spool.segmentPath(place), `part ${of.part}`)
  await spool.keepSegment({ ...place, durationMs: 4000, clock: at(of.ptsMs + 4000), tail: false })
}

/** A part that begins at a time by the clock, up to where its first segment would be journalled. */
async function statesGap(spool: SegmentSpool, part: number, ms: number): Promise<void> {
  const cause = causeBefore(spool, plan.lead, 'capture-died')
  const placing = new PartPlacing(spool, {
    part,
    after: sourceEnd({ spool, plan }),
    cause,
    speed: 1,
    ...gapOf(spool, plan.lead, plan.lead),
  })
  await placing.placeBy({ partMs: 4000, clock: at(ms + 4000) })
}

const spans = (spool: SegmentSpool) => gapsOf(spool).map(({ part, fromMs, toMs }) => [part, fromMs, toMs])
const loss = (spool: SegmentSpool) => stateLoss({ ffmpeg, plan, spool }, { part: 0, probe: undefined, missing: 'agent-restarted' })

test('a gap whose end never reached the disk is not stated again: the next one goes on from it', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  await statesGap(spool, 1, 10_000)
  await statesGap(spool, 2, 30_000)
  await keep(spool, { part: 2, ptsMs: 30_000 })
  await statesGap(spool, 3, 40_000)
  expect(spans(spool)).toEqual([
    [1, 4000, 10_000],
    [2, 10_000, 30_000],
    [3, 34_000, 40_000],
  ])
})

test('the line never goes back over a gap that is stated, whatever a clock says after the next boot', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  // Stated by a clock an hour ahead.
  await spool.keepGap({ part: 1, fromMs: 4000, toMs: 3_604_000, cause: 'agent-restarted', leastMs: 20_000 })
  const after = { mediaMs: 4000, clock: { ...at(4000), boot: 'before' } }
  const second = new PartPlacing(spool, { part: 2, after, cause: 'agent-restarted', speed: 1, ...gapOf(spool, 'master', 'master') })
  const { baseMs } = await second.placeBy({ partMs: 4000, clock: at(34_000) })
  expect(baseMs).toBe(gapsOf(spool)[1]?.toMs)
  expect(gapsOf(spool)[1]).toMatchObject({ part: 2, fromMs: 3_604_000 })
  expect(baseMs).toBeGreaterThanOrEqual(3_604_000)
})

test('of a track whose gap ended in sound alone only the rest is stated, as long as the clock says', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  await statesGap(spool, 1, 10_000)
  await keep(spool, { part: 1, ptsMs: 10_000, track: 'mix' })
  await statesGap(spool, 2, 30_000)
  expect(spans(spool)).toEqual([
    [1, 4000, 10_000],
    [2, 10_000, 30_000],
  ])
})

test('an agent cut off after it stated why nothing came before the stop does not state it a second time', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  expect(await loss(spool)).toBe(true)
  expect(await loss(spool)).toBe(false)
  expect(spans(spool)).toEqual([[0, 4000, expect.closeTo(600_000, -4)]])
})

test('what was sealed behind a gap is missing from that gap on, also when it is the end', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  await statesGap(spool, 1, 10_000)
  // The tap came while the first segment of the part in the clear was open.
  spool.sealTo = [await identityToRecipient(await generateX25519Identity())]
  await keep(spool, { part: 1, ptsMs: 10_000 })
  expect(await loss(spool)).toBe(true)
  expect(gapsOf(spool).map(({ fromMs, cause }) => [fromMs, cause])).toEqual([
    [4000, 'capture-died'],
    [10_000, 'closed-part'],
  ])
})

test('an agent killed between a gap and the segment behind it: the next one finds the segment where the gap ends, and states nothing', async () => {
  await using own = await openSpool()
  const { spool } = own
  await keep(spool, { part: 0, ptsMs: 0 })
  const path = spool.segmentPath({ part: 1, index: 0 })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, 'part 1')
  await writeFile(`${dirname(path)}/list.csv`, 's00000.ts,0.000000,4.000000\n')
  await writeFile(`${dirname(path)}/${captureFiles.plan}`, JSON.stringify({ source: 'main', tracks: ['master'] }))
  // Its disk takes the gap and not the line behind it.
  const cut = new Error('the power')
  const plan1 = { part: 1, after: sourceEnd({ spool, plan }), cause: 'capture-died', speed: 1, ...gapOf(spool, 'master', 'master') }
  const keepSegment = spool.keepSegment.bind(spool)
  spool.keepSegment = () => Promise.reject(cut)
  const follower = new PartFollower(spool, ffmpeg, { placing: new PartPlacing(spool, plan1), track: 'master' })
  await expect(follower.keepClosed()).rejects.toThrow(cut)
  spool.keepSegment = keepSegment
  expect([gapsOf(spool).length, segmentsOf(spool).length]).toEqual([1, 1])
  const of = { id: 'main', speed: 1, tracks: allTracksOf(plan), origin: undefined }
  await recoverSpool(spool, ffmpeg, of, true)
  const [gap, ...more] = gapsOf(spool)
  expect(more).toEqual([])
  expect(segmentsOf(spool)[1]).toMatchObject({ part: 1, index: 0, ptsMs: gap?.toMs, bytes: 6 })
})
