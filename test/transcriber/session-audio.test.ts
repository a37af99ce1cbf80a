import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { AudioUnreadableError, bytesPerMs, readAudio, spoolAudio, streamAudio } from '../../transcriber/session-audio.ts'
import { findSpeech, findSpeechIn, type SpeechRegion, VoiceActivityError } from '../../transcriber/voice-activity.ts'
import { channelOf, mixOf, type PcmPiece, readWavStream, WavStreamError } from '../../transcriber/wav-stream.ts'
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

  test.each([1, 2, 8, 64])('%i channels at 8 kHz: each by itself at 16 kHz, and all as one', async (count) => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'channels.wav')
    // A tone on the last channel, silence on the others; no tool at hand writes 64 channels.
    const samples = Int16Array.from({ length: 24_000 * count }, (_, i) =>
      i % count === count - 1 ? Math.round(Math.sin(i / count / 4) * 16_000) : 0,
    )
    await writeFile(path, Buffer.concat([wavHeader(count, samples.byteLength), Buffer.from(samples.buffer)]))
    const run = [{ fromMs: 1000, media: { path } }]
    const audio = await spoolAudio(ffmpeg, run, { folder: join(folder.path, 'out'), source: 'x' })
    expect(Math.abs((audio.runs[0]?.toMs ?? 0) - 4000)).toBeLessThanOrEqual(2)
    expect(audio.channels).toHaveLength(count === 1 ? 0 : count)
    const loud = (bytes: Uint8Array) => Math.max(...new Int16Array(Uint8Array.from(bytes).buffer))
    expect(loud(await readAudio(audio, 1000, 4000))).toBeGreaterThan(1500)
    const levels = audio.channels.map(async (_, i) => loud(await readAudio(audio, 1000, 4000, i + 1)))
    const expected = audio.channels.map((_, i) => (i === count - 1 ? expect.toSatisfy((level: number) => level > 15_000) : 0))
    expect(await Promise.all(levels)).toEqual(expected)
    expect(await spoolAudio(ffmpeg, run, { folder: join(folder.path, 'out'), source: 'x' })).toEqual(audio)
  })

  test('what ffmpeg writes is read whatever the pieces it comes in', async () => {
    const samples = Buffer.from(Int16Array.from([1, -1, 300, -300, 32_767, -32_768]).buffer)
    const header = Buffer.from('524946460000000057415645666d74201000000001000200803e000000fa00000400100064617461ffffffff', 'hex')
    const stream = Buffer.concat([header, samples, Buffer.from([7])])
    for (const size of [1, 3, 44, 100]) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => stream.subarray(i * size, (i + 1) * size))
      const read: PcmPiece[] = []
      for await (const piece of readWavStream(bytesOf(...pieces))) read.push(piece)
      const bytes = Buffer.concat(read.map((one) => one.bytes))
      expect(bytes).toEqual(samples)
      expect([...new Int16Array(Uint8Array.from(mixOf({ channels: 2, bytes })).buffer)]).toEqual([0, 0, 0])
      expect([...new Int16Array(Uint8Array.from(channelOf({ channels: 2, bytes }, 1)).buffer)]).toEqual([-1, -300, -32_768])
    }
    await expect(readWavStream(bytesOf(Buffer.from('this is no sound at all'))).next()).rejects.toThrow(WavStreamError)
  })
})

describe('voice activity', () => {
  test('finds where the sample speaks: every spoken line is covered, and nothing but pauses is left out', async () => {
    await using folder = await temporaryFolder()
    const regions = await findSpeechIn(await sampleAudio(folder.path), { fromMs: 0, toMs: 208_000 }, { model: voiceActivityModel })
    const { words } = await sampleEvidence()
    const inside = (ms: number) => regions.some((region) => region.fromMs <= ms && ms < region.toMs)
    const [spoken, silent] = [words.flatMap((line) => range(line.start * 1000 + 100, line.end * 1000 - 100)), [] as number[]]
    for (const [i, line] of words.entries()) silent.push(...range(line.end * 1000 + 300, (words[i + 1]?.start ?? 0) * 1000 - 300))
    expect(spoken.filter(inside).length / spoken.length).toBeGreaterThan(0.98)
    expect(silent.filter(inside).length / silent.length).toBeLessThan(0.02)
  })

  test('hears in a stream that still comes the very regions that it hears in the file, over every seam', async () => {
    await using folder = await temporaryFolder()
    const [audio, run, model] = [await sampleAudio(folder.path), { fromMs: 0, toMs: 208_000 }, voiceActivityModel]
    let last: readonly SpeechRegion[] = []
    const onHeard = (of: { regions: readonly SpeechRegion[] } | { settledMs: number }) => {
      if ('regions' in of) last = of.regions
    }
    const live = await findSpeech(streamAudio(audio, run.fromMs, run.toMs), 0, { model, onHeard })
    expect(live).toEqual(await findSpeechIn(audio, run, { model }))
    expect(last).toEqual(live)
    expect(live.length).toBeGreaterThan(30)
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
    const nothing = { path: '/nowhere/sound', runs: [], channels: [] }
    const long = { fromMs: 0, toMs: 100_000 }
    await expect(findSpeechIn(nothing, long, { model: voiceActivityModel })).rejects.toThrow(/ENOENT.*\/nowhere\/sound/)
  })
})

function wavHeader(channels: number, bytes: number): Buffer {
  const header = Buffer.from('524946460000000057415645666d74201000000001000000401f000000000000000010006461746100000000', 'hex')
  header.writeUInt32LE(36 + bytes, 4)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(16_000 * channels, 28)
  header.writeUInt16LE(2 * channels, 32)
  header.writeUInt32LE(bytes, 40)
  return header
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((to - from) / 20)) }, (_, i) => from + i * 20)
}
