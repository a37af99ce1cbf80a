import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { AudioUnreadableError, bytesPerMs, readAudio, spoolAudio, streamAudio } from '../../transcriber/session-audio.ts'
import { findSpeech, VoiceActivityError } from '../../transcriber/voice-activity.ts'
import { cutSample } from '../servers/sample-media.ts'
import { sampleAudio, sampleEvidence, sampleVideo, temporaryFolder, voiceActivityModel } from './sample-audio.ts'

const ffmpeg = await findFfmpeg(process.env)

async function* bytesOf(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

describe('session audio', () => {
  test('segments fed one after the other sound as the file they were cut from', async () => {
    await using folder = await temporaryFolder()
    const segments = await cutSample(20)
    const run = { fromMs: 0, media: { bytes: () => bytesOf(...segments.map((one) => one.bytes)) } }
    const fed = await spoolAudio(ffmpeg, [run], { folder: join(folder.path, 'a'), source: 'x' })
    const whole = await sampleAudio(join(folder.path, 'b'))
    const speech = async (audio: typeof fed) => findSpeech(streamAudio(audio, 0, 19_000), 0, { model: voiceActivityModel })
    const [ours, theirs] = [await speech(fed), await speech(whole)]
    expect(ours).toHaveLength(theirs.length)
    for (const [i, region] of ours.entries()) {
      expect(Math.abs(region.fromMs - (theirs[i]?.fromMs ?? 0))).toBeLessThanOrEqual(64)
    }
  })

  test('a part that begins later lies at its place, the gap before it is silence and takes no disk', async () => {
    await using folder = await temporaryFolder()
    const media = { path: sampleVideo }
    const runs = [
      { fromMs: 0, untilMs: 5000, media },
      { fromMs: 3_600_000, untilMs: 3_605_000, media },
    ]
    const audio = await spoolAudio(ffmpeg, runs, { folder: folder.path, source: 'x' })
    expect(audio.runs).toEqual([
      { fromMs: 0, toMs: 5000 },
      { fromMs: 3_600_000, toMs: 3_605_000 },
    ])
    const [first, second] = [await readAudio(audio, 0, 5000), await readAudio(audio, 3_600_000, 3_605_000)]
    expect(Buffer.compare(first, second)).toBe(0)
    expect(first.length).toBe(5000 * bytesPerMs)
    expect((await readAudio(audio, 5000, 10_000)).every((byte) => byte === 0)).toBe(true)
    expect((await stat(audio.path)).blocks * 512).toBeLessThan(2_000_000)
  })

  test('what was decoded is not decoded again, unless it is made of something else', async () => {
    await using folder = await temporaryFolder()
    const run = (seconds: number) => [{ fromMs: 0, untilMs: seconds * 1000, media: { path: sampleVideo } }]
    await spoolAudio(ffmpeg, run(2), { folder: folder.path, source: 'a' })
    expect((await spoolAudio(ffmpeg, run(4), { folder: folder.path, source: 'a' })).runs).toEqual([{ fromMs: 0, toMs: 2000 }])
    expect((await spoolAudio(ffmpeg, run(4), { folder: folder.path, source: 'b' })).runs).toEqual([{ fromMs: 0, toMs: 4000 }])
  })

  test('what is no sound is refused with a sentence, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'text.mp4'), 'this is no media')
    const of = { folder: join(folder.path, 'out'), source: 'x' }
    await expect(spoolAudio(ffmpeg, [{ fromMs: 0, media: { path: join(folder.path, 'text.mp4') } }], of)).rejects.toThrow(
      AudioUnreadableError,
    )
    await expect(spoolAudio(ffmpeg, [{ fromMs: 0, media: { bytes: () => bytesOf() } }], of)).rejects.toThrow(AudioUnreadableError)
    await expect(spoolAudio(ffmpeg, [{ fromMs: 1e12, media: { path: sampleVideo } }], of)).rejects.toThrow(/beyond 48 hours/)
    await expect(stat(join(of.folder, 'audio.s16le'))).rejects.toThrow('ENOENT')
  })

  test('a segment that cannot be fetched fails the work, and is not taken for the end', async () => {
    await using folder = await temporaryFolder()
    const [first] = await cutSample(8)
    async function* breaking(): AsyncGenerator<Uint8Array> {
      if (first) yield first.bytes
      throw new Error('the store is away')
    }
    const runs = [{ fromMs: 0, media: { bytes: breaking } }]
    await expect(spoolAudio(ffmpeg, runs, { folder: folder.path, source: 'x' })).rejects.toThrow('the store is away')
  })

  test('eight channels at 8 kHz become one at 16 kHz', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'eight.wav')
    await runProgram(ffmpeg.path, [
      '-loglevel',
      'error',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=300:sample_rate=8000:duration=3',
      '-ac',
      '8',
      path,
    ])
    const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path } }], { folder: folder.path, source: 'x' })
    expect(Math.abs((audio.runs[0]?.toMs ?? 0) - 3000)).toBeLessThanOrEqual(2)
    expect((await readFile(audio.path)).some((byte) => byte !== 0)).toBe(true)
  })
})

describe('voice activity', () => {
  test('finds where the sample speaks: every spoken line is covered, and nothing but pauses is left out', async () => {
    await using folder = await temporaryFolder()
    const regions = await findSpeech(streamAudio(await sampleAudio(folder.path), 0, 208_000), 0, { model: voiceActivityModel })
    const { words } = await sampleEvidence()
    const inside = (ms: number) => regions.some((region) => region.fromMs <= ms && ms < region.toMs)
    const [spoken, silent] = [words.flatMap((line) => range(line.start * 1000 + 100, line.end * 1000 - 100)), [] as number[]]
    for (const [i, line] of words.entries()) silent.push(...range(line.end * 1000 + 300, (words[i + 1]?.start ?? 0) * 1000 - 300))
    expect(spoken.filter(inside).length / spoken.length).toBeGreaterThan(0.98)
    expect(silent.filter(inside).length / silent.length).toBeLessThan(0.02)
  })

  test('silence, noise and a tone hold no speech', async () => {
    const sounds = [() => 0, () => Math.random() * 2000 - 1000, (i: number) => Math.sin(i / 8) * 8000]
    for (const sound of sounds) {
      const samples = Int16Array.from({ length: 16_000 * 20 }, (_, i) => sound(i))
      expect(await findSpeech(bytesOf(new Uint8Array(samples.buffer)), 0, { model: voiceActivityModel })).toEqual([])
    }
  })

  test('a model that cannot be loaded ends in a sentence', async () => {
    await expect(findSpeech(bytesOf(new Uint8Array(64_000)), 0, { model: '/nowhere/silero.onnx' })).rejects.toThrow(VoiceActivityError)
  })
})

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((to - from) / 20)) }, (_, i) => from + i * 20)
}
