import { describe, expect, test } from 'vitest'
import { missingCamera, startCamera } from '../../servers/rtsp-camera.ts'
import { gapsOf, openRecording } from '../recorded.ts'
import { countWrong, lostSeconds, noteFault, secondsSince } from './fault-table.ts'

const noCamera = await missingCamera()

describe.skipIf(noCamera !== undefined)(`a camera that somebody harms${noCamera === undefined ? '' : ` (skipped: ${noCamera})`}`, () => {
  test.each([
    ['mute', 'no-sound'],
    ['black', 'black-picture'],
    ['frozen', 'frozen-picture'],
    ['loud', 'clipping'],
  ] as const)('by %s raises %s and nothing else, and the alarm is gone when it is mended', { timeout: 180_000 }, async (harm, code) => {
    await using camera = await startCamera()
    await using test = await openRecording({ source: camera.url })
    const { recording } = test
    const codes = () => recording.view.alarms.map((one) => one.code)
    recording.begin()
    await expect.poll(() => recording.view.proven?.mediaMs ?? 0).toBeGreaterThan(6000)
    expect(codes()).toEqual([])
    expect(recording.view.levels.map((one) => Math.round(one.peakDb / 10))).toEqual([-1])
    const harmedMs = Date.now()
    const harmedAt = performance.now()
    camera.suffer(harm)
    await expect.poll(codes).toEqual([code])
    const alarmSeconds = secondsSince(harmedAt)
    // The alarm tells when it began, to the length of a picture group, however long the machine took to see it.
    expect(Math.abs((recording.view.alarms[0]?.sinceWallMs ?? 0) - harmedMs)).toBeLessThan(5000)
    camera.suffer('live')
    await expect.poll(codes).toEqual([])
    expect(recording.view.state).toBe('recording')
    recording.stop()
    await recording.ended
    const lost = await lostSeconds(test.spool)
    expect(lost).toBeLessThan(0.2)
    expect(gapsOf(test.spool)).toEqual([])
    noteFault({ fault: `camera: ${harm}`, lostSeconds: lost, gapSeconds: 0, alarmSeconds, ...(await countWrong(test.spool)) })
  })
})
