import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineWritten } from '../../recorder/examine-written.ts'
import { PacketTimes } from '../../recorder/packet-times.ts'
import { WrittenDecoder } from '../../recorder/written-decoder.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { probeMedia } from '../../storage/programs/probe-media.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

test('what is decoded as it is written is what the whole file holds: every sample, every key picture, in its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-decoder-'))
  const ffmpeg = await findFfmpeg(process.env)
  const path = join(folder, 'piece.ts')
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000']
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', '9']
  await runProgram(ffmpeg.path, ['-nostdin', '-v', 'error', ...source, ...coding, '-f', 'mpegts', path])
  const held = await probeMedia(ffmpeg, path)
  const whole = await examineWritten(ffmpeg, path, held, { preview: true })
  const bytes = await readFile(path)

  await using decoder = await WrittenDecoder.start(ffmpeg, held)
  const parts = []
  const step = Math.ceil(bytes.byteLength / 7)
  for (let from = 0; from < bytes.byteLength; from += step) {
    expect(await decoder.feed(bytes.subarray(from, from + step))).toBe(true)
    await decoder.settle(new AbortController().signal)
    parts.push(decoder.take())
  }
  await decoder.finish()
  parts.push(decoder.take())
  const came = parts.filter((part) => part !== undefined)
  const total = (of: (part: (typeof came)[number]) => number) => came.reduce((sum, part) => sum + of(part), 0)
  expect(total((part) => part.sound?.durationMs ?? 0)).toBeCloseTo(whole.sound?.durationMs ?? 0, 3)
  expect(Buffer.concat(came.map((part) => part.grey)).equals(whole.grey)).toBe(true)
  expect(came.flatMap((part) => part.packets.video.keyMs)).toEqual(whole.packets.video.keyMs)
  expect(total((part) => part.packets.video.packets)).toBe(whole.packets.video.packets)
  expect(Math.max(...came.map((part) => part.endMs))).toBe(whole.endMs)
  // Each piece of sound begins where the one before ended.
  for (const [at, part] of came.entries()) {
    const before = came.slice(0, at).reduce((sum, one) => sum + (one.sound?.durationMs ?? 0), whole.soundFromMs)
    if ((part.sound?.durationMs ?? 0) > 0) expect(Math.abs(part.soundFromMs - before)).toBeLessThan(60)
  }
  expect(await decoder.feed(bytes.subarray(0, 188))).toBe(false)
  await rm(folder, { recursive: true })
})

test('a hole in the sound shows in the last four seconds, and a key picture that never decoded does not move those after it', () => {
  const times = new PacketTimes()
  const say = (kind: 'audio' | 'video', lines: readonly string[]) => times.read(kind, new TextEncoder().encode(`${lines.join('\n')}\n`))
  say('audio', ['#tb 0: 1/1000', ...Array.from({ length: 300 }, (_, at) => `0, ${at * 20}, ${at * 20}, 20, 100, 0x1`)])
  expect(times.take(0).audio).toEqual({ packets: 200, fromMs: 2000, endMs: 6000, coveredMs: 4000 })
  say('audio', ['0, 6500, 6500, 20, 100, 0x1'])
  expect(times.take(0).audio).toEqual({ packets: 175, fromMs: 2520, endMs: 6520, coveredMs: 3500 })
  say('video', ['#tb 0: 1/1000', '0, 0, 0, 40, 9, 0x1', '0, 40, 40, 40, 9, 0x1, F=0x0', '0, 2000, 2000, 40, 9, 0x1'])
  expect(times.take(1).video).toEqual({ packets: 3, endMs: 2040, keyMs: [0] })
  say('video', ['0, 4000, 4000, 40, 9, 0x1', '0, 6000, 6000, 40, 9, 0x1'])
  expect(times.take(1).video.keyMs).toEqual([4000])
})
