import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CommandIo, openCommandIo } from '../../commands/command-io.ts'
import { run as score } from '../../commands/score.ts'
import { run as transcribe } from '../../commands/transcribe.ts'
import { es } from '../../commands/words/es.ts'
import { gl } from '../../commands/words/gl.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { sampleFolder, sampleVideo, temporaryFolder, voiceActivityModel } from '../transcriber/sample-audio.ts'

function io(cwd: string, args: string[] = []): { io: CommandIo; out: string[] } {
  const out: string[] = []
  const stream = { write: (text: string) => out.push(text) }
  const env = { ESCANO_DATA: join(cwd, 'data'), PATH: process.env.PATH, ESCANO_TRANSCRIBER_VAD_MODEL: voiceActivityModel }
  const dictionaries = { gl, es }
  return {
    out,
    io: openCommandIo({
      args,
      env,
      cwd,
      stdout: stream,
      stderr: { write: () => true },
      signal: new AbortController().signal,
      dictionaries,
    }),
  }
}

describe('escano transcribe', () => {
  test('without a model the five files tell where speech is, nothing is made up, and the code is 1', { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder()
    const { path } = await findFfmpeg(process.env)
    await runProgram(path, ['-loglevel', 'error', '-t', '12', '-i', sampleVideo, '-c', 'copy', join(folder.path, 'acto un.mp4')])
    const world = io(folder.path)
    expect(await transcribe(['acto un.mp4', '--out', 'saída'], world.io)).toBe(1)
    expect(world.out.join('')).toContain('Modelo sen instalar')
    const out = join(folder.path, 'saída')
    expect((await readdir(out)).sort()).toEqual(['captions.vtt', 'speakers.rttm', 'transcript.json', 'transcript.stm', 'words.ctm'])
    const transcript = JSON.parse(await readFile(join(out, 'transcript.json'), 'utf8'))
    expect(transcript.utterances.length).toBeGreaterThan(2)
    expect(transcript.utterances.flatMap((one: { words: unknown[] }) => one.words)).toEqual([])
    expect(await readFile(join(out, 'transcript.stm'), 'utf8')).toBe('')
    expect(await readFile(join(out, 'captions.vtt'), 'utf8')).toContain('[non transcrito]')
  })

  test('wrong use and wrong files end in a named error, and write nothing', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'acta.txt'), 'isto non é son')
    await mkdir(join(folder.path, 'cartafol'))
    const named = async (...args: string[]) => transcribe(args, io(folder.path).io).then(String, (error: Error) => error.name)
    expect(await named()).toBe('UsageError')
    expect(await named('acta.txt')).toBe('UsageError')
    expect(await named(sampleVideo, '--out', 'o', '--language', 'pt')).toBe('UsageError')
    expect(await named('acta.txt', '--out', 'o')).toBe('MediaUnreadableError')
    expect(await named('nada.mp4', '--out', 'o')).toBe('MediaUnreadableError')
    expect(await named(sampleVideo, '--out', 'o', '--microphones', 'acta.txt')).toBe('EvidenceError')
    expect(await readdir(folder.path)).toEqual(['acta.txt', 'cartafol'])
  })
})

describe('escano score', () => {
  const reference = join(sampleFolder, 'transcript.stm')
  const turns = join(sampleFolder, 'turns.rttm')

  test('a reference against itself has no errors, also under another file name', async () => {
    await using folder = await temporaryFolder()
    const other = join(folder.path, 'other.stm')
    await writeFile(other, (await readFile(reference, 'utf8')).replaceAll('session-a ', 'pleno '))
    const world = io(folder.path, ['--json'])
    expect(await score(['--reference', reference, '--hypothesis', other, '--json'], world.io)).toBe(0)
    const result = JSON.parse(world.out.join(''))
    expect([result.wer.raw.rate, result.cpwer.normalised.rate, result.attribution.rate, result.wer.raw.words]).toEqual([0, 0, 0, 433])
  })

  test('RTTM gives DER with both collars', async () => {
    await using folder = await temporaryFolder()
    const world = io(folder.path)
    expect(await score(['--reference', turns, '--hypothesis', turns], world.io)).toBe(0)
    expect(world.out.join('')).toMatch(/DER.*0,00 %[\s\S]*DER.*0,00 %/)
  })

  test('two formats cannot be compared', async () => {
    await using folder = await temporaryFolder()
    await expect(score(['--reference', reference, '--hypothesis', turns], io(folder.path).io)).rejects.toThrow(/STM and the other RTTM/)
    await expect(score(['--reference', reference], io(folder.path).io)).rejects.toThrow()
  })
})
