import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DiskWatch } from '../../../recorder/disk-watch.ts'
import { SessionRecording } from '../../../recorder/session-recording.ts'
import { parseSource } from '../../../recorder/source.ts'
import { solePlan } from '../../../recorder/track-plan.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { missingSmallDisk, openSmallDisk } from '../../servers/small-disk.ts'
import { gapsOf, openSpool, probeJoined, segmentsOf, sha256Of } from '../recorded.ts'
import { countWrong, lostSeconds, noteFault, secondsSince } from './fault-table.ts'

describe.skipIf(missingSmallDisk !== undefined)(
  `a disk that fills${missingSmallDisk === undefined ? '' : ` (skipped: ${missingSmallDisk})`}`,
  () => {
    test('loses its picture before its sound; what was recorded before stays whole, and the gap of the picture is stated', {
      timeout: 240_000,
    }, async () => {
      await using disk = await openSmallDisk(40)
      await using test = await openSpool(disk.folder)
      const { spool } = test
      const watch = new DiskWatch(disk.folder)
      await using recording = await SessionRecording.open({
        ffmpeg: await findFfmpeg(process.env),
        plans: [solePlan(parseSource('test:'))],
        spool,
      })
      recording.begin()
      const look = async () => {
        const step = await watch.look(spool.lines)
        recording.keepPreview(step === 'ample')
        recording.keepSoundOnly(step === 'sound-only')
        return step
      }
      await expect.poll(async () => [await look(), segmentsOf(spool).length > 0], { timeout: 90_000 }).toEqual(['ample', true])
      expect((await stat(join(disk.folder, '.reserve'))).size).toBeGreaterThan(500_000)
      await writeFile(join(disk.folder, 'somebody-else'), Buffer.alloc(watch.freeBytes - 1_500_000))
      const filledAt = performance.now()
      await expect.poll(look).toBe('sound-only')
      const alarmSeconds = secondsSince(filledAt)
      // On so small a disk the last megabyte may be gone before the step is taken.
      expect(['disk-sound-only', 'disk-full']).toContain(watch.alarms[0]?.code)
      const sound = () => segmentsOf(spool).filter((line) => line.track === 'mix')
      await expect.poll(async () => (await look()) && sound().length, { timeout: 90_000 }).toBeGreaterThan(1)
      await rm(join(disk.folder, 'somebody-else'))
      const inPicture = () => segmentsOf(spool).filter((line) => line.track === 'master')
      const before = inPicture().length
      await expect.poll(async () => (await look()) && inPicture().length, { timeout: 90_000 }).toBeGreaterThan(before)
      recording.stop()
      await recording.ended
      for (const line of segmentsOf(spool)) expect(await sha256Of(spool.segmentPath(line))).toBe(line.sha256)
      expect(gapsOf(spool)).toContainEqual(expect.objectContaining({ cause: 'disk-full' }))
      noteFault({
        ...{
          fault: 'disk that fills (tmpfs)',
          lostSeconds: await lostSeconds(spool),
          gapSeconds: gapsOf(spool).reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0) / 1000,
          alarmSeconds,
        },
        ...{ ...(await countWrong(spool)), note: 'the gap is of the picture, sound goes on' },
      })
      expect((await probeJoined(sound().map((line) => spool.segmentPath(line)))).audioSeconds).toBeGreaterThan(4)
    })

    test('to the last byte never gives out half a segment as a whole one', { timeout: 240_000 }, async () => {
      await using disk = await openSmallDisk(8)
      await using test = await openSpool(disk.folder)
      const { spool } = test
      await using recording = await SessionRecording.open({
        ffmpeg: await findFfmpeg(process.env),
        plans: [solePlan(parseSource('test:'))],
        spool,
      })
      recording.begin()
      await expect.poll(() => segmentsOf(spool).length, { timeout: 90_000 }).toBeGreaterThan(1)
      const { freeBytes } = await freeOf(disk.folder)
      await writeFile(join(disk.folder, 'somebody-else'), Buffer.alloc(Math.max(0, freeBytes - 300_000)))
      const filledAt = performance.now()
      await expect.poll(() => recording.view.alarms.map((one) => one.code), { timeout: 90_000 }).toEqual(['source-lost'])
      const alarmSeconds = secondsSince(filledAt)
      await rm(join(disk.folder, 'somebody-else'))
      await expect.poll(() => recording.view.state, { timeout: 90_000 }).toBe('recording')
      recording.stop()
      await recording.ended
      for (const line of segmentsOf(spool)) {
        expect(await sha256Of(spool.segmentPath(line))).toBe(line.sha256)
        const { videoSeconds } = await probeJoined([spool.segmentPath(line)])
        expect(videoSeconds * 1000).toBeGreaterThan(line.durationMs - 500)
      }
      expect(gapsOf(spool).length).toBeGreaterThan(0)
      noteFault({
        ...{ fault: 'disk full to the last byte (tmpfs)', lostSeconds: await lostSeconds(spool), alarmSeconds },
        ...{ gapSeconds: gapsOf(spool).reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0) / 1000, ...(await countWrong(spool)) },
        note: 'gap stated, goes on when there is room',
      })
    })
  },
)

async function freeOf(folder: string): Promise<{ freeBytes: number }> {
  const watch = new DiskWatch(folder)
  await watch.look([])
  return { freeBytes: watch.freeBytes }
}
