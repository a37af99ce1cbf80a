import { describe, expect, test } from 'vitest'
import { plansOf } from '../../../recorder/chamber-profile.ts'
import { SessionRecording } from '../../../recorder/session-recording.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { missingCamera, startCamera } from '../../servers/rtsp-camera.ts'
import { missingSoundCard, startSoundCard } from '../../servers/sound-card.ts'
import { capturedMs, capturePid, gapsOf, openSpool, segmentsOf } from '../recorded.ts'
import { countWrong, lostSeconds, noteFault, secondsSince } from './fault-table.ts'

const missing = (await missingCamera()) ?? (await missingSoundCard())

describe.skipIf(missing !== undefined)(`sources that fail in turn${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('are each named in time (a killed ffmpeg within 2 s, others within 6: study-recorder.md §4), the other one never notices, and each is taken up again by itself', {
    timeout: 240_000,
  }, async () => {
    await using card = await startSoundCard(2)
    Object.assign(process.env, card.env)
    await card.play()
    await using camera = await startCamera()
    await using opened = await openSpool()
    const { spool } = opened
    const plans = plansOf({
      ...{ v: 1, name: 'Salón de plenos' },
      sources: [
        { id: 'mesa', name: 'Mesa de son', from: `alsa:${card.device}?channels=2` },
        { id: 'camara', name: 'Cámara', from: camera.url },
      ],
    })
    await using recording = await SessionRecording.open({ ffmpeg: await findFfmpeg(process.env), plans, spool })
    const stateOf = (id: string) => recording.view.sources.find((one) => one.id === id)?.state
    // A busy machine starves the server of the sound card, which then leaves samples out: that is told of, rightly, and is not asked for here.
    const named = () => recording.view.alarms.filter((one) => one.code !== 'sound-missing').map((one) => `${one.code} ${one.name}`)
    const parts = (track: string) => new Set(segmentsOf(spool).flatMap((line) => (line.track === track ? [line.part] : [])))
    const cameraPart = () => Math.max(...parts('master'))
    recording.begin()
    await expect.poll(() => [stateOf('mesa'), stateOf('camara')]).toEqual(['recording', 'recording'])
    await expect.poll(() => [parts('mix').size, parts('master').size]).toEqual([1, 1])
    expect(named()).toEqual([])

    /** What happens to the camera's tracks or to the card's: told of in time, and recorded again soon after. */
    async function suffer(fault: string, of: { id: string; alarm: RegExp; within: number; harm(): Promise<void>; mend(): Promise<void> }) {
      const gaps = gapsOf(spool).length
      const lostBefore = await lostSeconds(spool)
      const harmedAt = performance.now()
      await of.harm()
      await expect.poll(() => named().join()).toMatch(of.alarm)
      const alarmSeconds = secondsSince(harmedAt)
      await of.mend()
      const mendedAt = performance.now()
      await expect.poll(() => [stateOf(of.id), named().join()]).toEqual(['recording', ''])
      const backSeconds = secondsSince(mendedAt)
      await expect.poll(() => gapsOf(spool).length).toBeGreaterThan(gaps)
      const gap = gapsOf(spool).at(-1)
      const gapSeconds = ((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)) / 1000
      expect(alarmSeconds).toBeLessThanOrEqual(of.within)
      const lost = (await lostSeconds(spool)) - lostBefore
      return { fault, lostSeconds: Math.round(lost * 100) / 100, gapSeconds, alarmSeconds, note: `back after ${backSeconds} s` }
    }

    const killed = cameraPart()
    const pid = await capturePid(spool, killed)
    let captured = 0
    const ffmpeg = await suffer('ffmpeg killed -9', {
      ...{ id: 'camara', alarm: /source-lost Cámara/, within: 2, mend: async () => undefined },
      harm: async () => {
        captured = await capturedMs(spool, killed)
        process.kill(pid, 'SIGKILL')
      },
    })
    const tail = segmentsOf(spool).findLast((line) => line.part === killed && line.track === 'master')
    const head = segmentsOf(spool).find((line) => line.part === killed && line.track === 'master')
    const lostMs = Math.max(0, Math.round(captured) - ((tail?.ptsMs ?? 0) + (tail?.durationMs ?? 0) - (head?.ptsMs ?? 0)))
    noteFault({ ...ffmpeg, lostSeconds: lostMs / 1000, ...(await countWrong(spool)) })
    expect(lostMs).toBeLessThan(1000)

    const frozen = await suffer('camera stopped, its line open (SIGSTOP)', {
      ...{ id: 'camara', alarm: /(not-written|source-lost) Cámara/, within: 6 },
      harm: async () => void process.kill(camera.pid, 'SIGSTOP'),
      // Longer than ffmpeg waits for a camera: else it goes on as if nothing had been.
      mend: async () => {
        await expect.poll(() => named().join()).toMatch(/source-lost Cámara/)
        process.kill(camera.pid, 'SIGCONT')
      },
    })
    noteFault({ ...frozen, ...(await countWrong(spool)) })
    expect(parts('mix').size).toBe(1)

    const ofCamera = () => gapsOf(spool).filter((gap) => gap.track === undefined).length
    const gapsOfCamera = ofCamera()
    const silent = await suffer('sound card gone (PulseAudio killed)', {
      ...{ id: 'mesa', alarm: /(not-written|source-lost) Mesa de son/, within: 6 },
      harm: () => card.kill(),
      mend: async () => {
        await card.again()
        await card.play()
      },
    })
    noteFault({ ...silent, ...(await countWrong(spool)) })
    expect(ofCamera()).toBe(gapsOfCamera)
    recording.stop()
    await recording.ended
    expect(await countWrong(spool)).toEqual({ wrong: 0, double: 0 })
  })
})
