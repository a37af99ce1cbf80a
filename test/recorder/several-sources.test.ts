import { describe, expect, test } from 'vitest'
import { plansOf } from '../../recorder/chamber-profile.ts'
import { SessionRecording } from '../../recorder/session-recording.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { missingCamera, startCamera } from '../servers/rtsp-camera.ts'
import { missingSoundCard, startSoundCard } from '../servers/sound-card.ts'
import { gapsOf, openSpool, segmentsOf } from './recorded.ts'

const missingCard = await missingSoundCard()
const missing = (await missingCamera()) ?? missingCard

describe.skipIf(missing !== undefined)(
  `a chamber with a camera and eight microphones${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('is recorded on one line; the camera goes and the sound does not notice; a microphone that falls silent is named', {
      timeout: 400_000,
    }, async () => {
      await using card = await startSoundCard(8)
      Object.assign(process.env, card.env)
      await card.play()
      await using camera = await startCamera()
      await using test = await openSpool()
      const { spool } = test
      const names = ['presidencia', 'secretaría', 'a', 'b', 'c', 'd', 'e', 'f']
      const plans = plansOf({
        ...{ v: 1, name: 'Salón de plenos' },
        sources: [
          {
            id: 'mesa',
            name: 'Mesa de son',
            from: `alsa:${card.device}?channels=8`,
            microphones: names.map((name, at) => ({ name, open: at < 2 })),
          },
          { id: 'camara', name: 'Cámara', from: camera.url },
        ],
      })
      await using recording = await SessionRecording.open({ ffmpeg: await findFfmpeg(process.env), plans, spool })
      recording.begin()
      await expect
        .poll(() => [recording.view.cause, ...recording.view.sources.map((one) => one.state)], { timeout: 90_000 })
        .toEqual([undefined, 'recording', 'recording'])
      await expect.poll(() => recording.view.levels.length, { timeout: 90_000 }).toBeGreaterThanOrEqual(8)
      await expect.poll(() => new Set(segmentsOf(spool).map((line) => line.track)).size, { timeout: 90_000 }).toBe(10)
      expect(recording.view.alarms).toEqual([])

      await card.play([0])
      const named = () => recording.view.alarms.map((one) => [one.code, one.name])
      await expect.poll(named, { timeout: 90_000 }).toContainEqual(['microphone-silent', 'presidencia'])
      await card.play()
      await expect.poll(named, { timeout: 90_000 }).toEqual([])

      await camera.kill()
      await expect.poll(named, { timeout: 90_000 }).toContainEqual(['source-lost', 'Cámara'])
      await expect.poll(() => recording.view.state, { timeout: 90_000 }).toBe('recording')
      const mix = () => segmentsOf(spool).filter((line) => line.track === 'mix')
      const before = mix().length
      await expect.poll(() => mix().length, { timeout: 90_000 }).toBeGreaterThan(before + 1)
      recording.stop()
      await recording.ended
      // One part of the sound card from beginning to end: the camera's loss is no gap of it.
      expect(new Set(mix().map((line) => line.part)).size).toBe(1)
      expect(gapsOf(spool).filter((gap) => gap.track !== undefined)).toEqual([])
      expect(gapsOf(spool).map((gap) => gap.cause)).toContain('capture-died')
      for (const [channel, hertz] of [
        [1, 200],
        [8, 900],
      ] as const) {
        const line = segmentsOf(spool).find((one) => one.track === `mic-0${channel}`)
        expect(await loudestTone(spool.segmentPath(line as NonNullable<typeof line>))).toBe(hertz)
      }
    })
  },
)

describe.skipIf(missingCard !== undefined)(`a mixer of 32 channels${missingCard === undefined ? '' : ` (skipped: ${missingCard})`}`, () => {
  test('gives a track for each microphone, and each holds the channel it is named after', { timeout: 300_000 }, async () => {
    await using card = await startSoundCard(32)
    Object.assign(process.env, card.env)
    await card.play()
    await using test = await openSpool()
    const { spool } = test
    const microphones = Array.from({ length: 32 }, (_, at) => ({ name: `escano ${at + 1}`, open: false }))
    const from = `alsa:${card.device}?channels=32`
    const plans = plansOf({ v: 1, name: 'Salón de plenos', sources: [{ id: 'mesa', name: 'Mesa de son', from, microphones }] })
    await using recording = await SessionRecording.open({ ffmpeg: await findFfmpeg(process.env), plans, spool })
    recording.begin()
    const tracks = () => new Set(segmentsOf(spool).map((line) => line.track))
    await expect.poll(() => tracks().size, { timeout: 90_000 }).toBe(33)
    await expect.poll(() => recording.view.levels.length, { timeout: 90_000 }).toBe(32)
    recording.stop()
    await recording.ended
    for (const channel of [1, 9, 17, 32]) {
      const line = segmentsOf(spool).find((one) => one.track === `mic-${String(channel).padStart(2, '0')}`)
      expect(await loudestTone(spool.segmentPath(line as NonNullable<typeof line>))).toBe(100 + channel * 100)
    }
  })
})

/** Which of the card's tones is strongest in a file (Goertzel): so it is told which channel lies where, even when a busy machine drops some. */
async function loudestTone(path: string): Promise<number> {
  const args = ['-nostdin', '-v', 'error', '-i', path, '-ac', '1', '-ar', '8000', '-f', 's16le', 'pipe:1']
  const { stdout } = await runProgram('ffmpeg', args, { timeoutMs: 90_000 })
  const samples = new Int16Array(stdout.slice().buffer)
  const power = (hertz: number) => {
    const step = 2 * Math.cos((2 * Math.PI * hertz) / 8000)
    let [before, last] = [0, 0]
    for (const sample of samples) [before, last] = [last, sample + step * last - before]
    return last ** 2 + before ** 2 - step * last * before
  }
  const tones = Array.from({ length: 32 }, (_, at) => 200 + at * 100)
  return tones.toSorted((a, b) => power(b) - power(a))[0] ?? Number.NaN
}
