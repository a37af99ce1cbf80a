import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCommandIo } from '../../commands/command-io.ts'
import { run as transcribe } from '../../commands/transcribe.ts'
import { es } from '../../commands/words/es.ts'
import { gl } from '../../commands/words/gl.ts'
import type { Transcript } from '../../storage/model/transcript.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { sampleVideo, temporaryFolder, voiceActivityModel, whisperModel } from '../transcriber/sample-audio.ts'
import { makeSound, wordless } from '../transcriber/strange-sounds.ts'

const ffmpeg = await findFfmpeg(process.env)
// Ten seconds in which "Bos días a todas e a todos. Ábrese a sesión ordinaria do pleno…" is said.
const clip = ['-nostdin', '-loglevel', 'error', '-t', '10', '-i', sampleVideo, '-vn']

/** `escano transcribe`, with the test model. @returns the transcript, or the name of the error */
async function transcribed(folder: string, file: string): Promise<Transcript | string> {
  const home = process.env.HOME ? { HOME: process.env.HOME } : {}
  const models = { ESCANO_TRANSCRIBER_VAD_MODEL: voiceActivityModel, ESCANO_TRANSCRIBER_SHORT_WINDOW: '1' }
  // Threads of one engine wait for each other by spinning: on a busy machine two are many times slower than one.
  const env = { ...home, ...models, ESCANO_DATA: join(folder, 'data'), PATH: process.env.PATH, ESCANO_TRANSCRIBER_THREADS: '1' }
  const quiet = { write: () => true }
  const place = { args: [], env, cwd: folder, stdout: quiet, stderr: quiet, signal: new AbortController().signal }
  const io = openCommandIo({ ...place, dictionaries: { gl, es } })
  try {
    await transcribe([file, '--out', 'out', '--model', whisperModel], io)
    return JSON.parse(await readFile(join(folder, 'out', 'transcript.json'), 'utf8'))
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

function textOf(of: Transcript | string): string {
  return typeof of === 'string' ? of : of.utterances.flatMap((one) => one.words.map((word) => word.text)).join(' ')
}

describe('what is strange to hear', { timeout: 600_000 }, () => {
  test.each(Object.entries(wordless))('%s gives a transcript without a word', async (_name, source) => {
    await using folder = await temporaryFolder()
    await makeSound(ffmpeg, source, 15, join(folder.path, 'sound.flac'))
    const transcript = await transcribed(folder.path, 'sound.flac')
    expect(typeof transcript).toBe('object')
    expect(textOf(transcript)).toBe('')
  })

  test.each([['48 kHz, two channels', ['-ar', '48000', '-ac', '2', 'sound.wav']]])('%s: the words are heard', async (_name, args) => {
    await using folder = await temporaryFolder()
    const file = args.at(-1) ?? ''
    await runProgram(ffmpeg.path, [...clip, ...args.slice(0, -1), join(folder.path, file)])
    expect(textOf(await transcribed(folder.path, file)).toLowerCase()).toContain('sesión')
  })

  test('64 channels, of which one is spoken into: the words are heard', async () => {
    await using folder = await temporaryFolder()
    const mono = await runProgram(ffmpeg.path, [...clip, '-ar', '16000', '-ac', '1', '-f', 's16le', 'pipe:1'])
    const samples = Buffer.from(mono.stdout)
    const wide = Buffer.alloc(samples.length * 64)
    for (let i = 0; i < samples.length / 2; i++) wide.writeInt16LE(samples.readInt16LE(i * 2), (i * 64 + 17) * 2)
    await writeFile(join(folder.path, 'raw'), wide)
    const raw = ['-f', 's16le', '-ar', '16000', '-ac', '64', '-i', join(folder.path, 'raw')]
    await runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', ...raw, join(folder.path, 'sound.wav')])
    expect(textOf(await transcribed(folder.path, 'sound.wav')).toLowerCase()).toContain('sesión')
  })

  test('a file cut short gives what it holds; an empty one and one that is no sound are told by name', async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await runProgram(ffmpeg.path, [...clip, '-ar', '16000', '-ac', '1', at('cut.wav')])
    await truncate(at('cut.wav'), 6 * 32_000)
    expect(textOf(await transcribed(folder.path, 'cut.wav')).toLowerCase()).toContain('bos días')
    await writeFile(at('empty.wav'), '')
    expect(await transcribed(folder.path, 'empty.wav')).toBe('MediaUnreadableError')
    await writeFile(at('text.mp3'), 'isto non é son, é texto')
    expect(await transcribed(folder.path, 'text.mp3')).toBe('MediaUnreadableError')
    await runProgram(ffmpeg.path, [...clip.slice(0, -1), '-c', 'copy', at('whole.mp4')])
    const file = await open(at('whole.mp4'), 'r+')
    await file.truncate(40_000)
    await file.close()
    expect(['MediaUnreadableError', 'AudioUnreadableError']).toContain(await transcribed(folder.path, 'whole.mp4'))
    const picture = ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', at('mute.mp4')]
    await runProgram(ffmpeg.path, picture)
    expect(await transcribed(folder.path, 'mute.mp4')).toBe('AudioUnreadableError')
  })
})
