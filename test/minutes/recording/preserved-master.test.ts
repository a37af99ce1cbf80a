import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preserveMaster } from '../../../minutes/recording/preserved-master.ts'
import { type Ffmpeg, findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { MediaUnreadableError } from '../../../storage/programs/probe-media.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'

const sample = fileURLToPath(new URL('../../fixtures/sample-session/session.mp4', import.meta.url))
let folder: string
let ffmpeg: Ffmpeg

beforeAll(async () => {
  ffmpeg = await findFfmpeg(process.env)
  folder = await mkdtemp(join(tmpdir(), 'escano-master-'))
  const cut = [
    '-nostdin',
    '-loglevel',
    'error',
    '-t',
    '20',
    '-i',
    sample,
    '-c',
    'copy',
    '-f',
    'segment',
    '-segment_time',
    '4',
    '-segment_format',
    'mpegts',
  ]
  await runProgram(ffmpeg.path, [...cut, join(folder, 's%05d.ts')])
  for (const name of (await readdir(folder)).sort()) {
    const part = Number(/\d+/.exec(name)?.[0]) < 3 ? 'part-0.ts' : 'part-1.ts'
    await appendFile(join(folder, part), await readFile(join(folder, name)))
  }
})

const partsOf = (...names: string[]) => names.map((name) => ({ path: join(folder, name) }))

afterAll(() => rm(folder, { recursive: true, force: true }))

test('two parts become one MP4 whose streams hash as their segments do', async () => {
  const master = await preserveMaster(ffmpeg, partsOf('part-0.ts', 'part-1.ts'), folder)
  expect(master.probe.durationMs).toBeGreaterThan(19_500)
  expect(master.probe.streams.map((stream) => stream.codec)).toEqual(['h264', 'aac'])
  expect(master.streamhash.map((one) => one.stream)).toEqual(['video', 'audio'])
})

test('the same segments give the same file, byte for byte', async () => {
  const [first, second] = [await mkdtemp(join(tmpdir(), 'escano-a-')), await mkdtemp(join(tmpdir(), 'escano-b-'))]
  const bytes = await Promise.all(
    [first, second].map(async (out) => readFile((await preserveMaster(ffmpeg, partsOf('part-0.ts'), out)).path)),
  )
  expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(true)
  await Promise.all([first, second].map((out) => rm(out, { recursive: true, force: true })))
})

test('what is no recording makes no master', async () => {
  const broken = join(folder, 'broken.ts')
  await writeFile(broken, Buffer.alloc(10_000, 0x47))
  await expect(preserveMaster(ffmpeg, [{ path: broken }], folder)).rejects.toThrow(MediaUnreadableError)
})

test('a part that counts up to a place is cut there, and the streams of the master are those of what counts', async () => {
  const [first, second] = partsOf('part-0.ts', 'part-1.ts')
  if (first === undefined || second === undefined) throw new Error('two parts')
  const whole = await preserveMaster(ffmpeg, [first, second], folder)
  const cut = await preserveMaster(ffmpeg, [{ ...first, lengthMs: 10_000 }, second], folder)
  expect(cut.durationMs).toBeGreaterThan(whole.durationMs - 2300)
  expect(cut.durationMs).toBeLessThan(whole.durationMs - 1700)
  expect(cut.streamhash.map((one) => one.stream)).toEqual(['video', 'audio'])
})

test('a part from another camera begins tracks of its own, at its time', async () => {
  const other = join(folder, 'other.ts')
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10', '-f', 'lavfi', '-i', 'sine=sample_rate=44100', '-t', '2']
  await runProgram(ffmpeg.path, [
    '-nostdin',
    '-loglevel',
    'error',
    ...source,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
    other,
  ])
  const [first] = partsOf('part-0.ts')
  if (first === undefined) throw new Error('a part')
  const master = await preserveMaster(ffmpeg, [first, { path: other }], folder)
  expect(master.probe.streams.map((stream) => stream.codec)).toEqual(['h264', 'aac', 'h264', 'aac'])
  expect(master.streamhash.map((one) => one.stream)).toEqual(['video', 'audio', 'video-2', 'audio-2'])
  const alone = await preserveMaster(ffmpeg, [first], folder)
  expect(master.durationMs - alone.durationMs).toBeGreaterThan(1800)
  expect(master.durationMs - alone.durationMs).toBeLessThan(2300)
})
