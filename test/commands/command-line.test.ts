import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseArguments, UsageError, wholeNumber } from '../../commands/arguments.ts'
import { sentenceOf } from '../../commands/error-sentence.ts'
import { es } from '../../commands/words/es.ts'
import { gl } from '../../commands/words/gl.ts'

const repository = join(import.meta.dirname, '..', '..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-command-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Runs the real command as a person would, in an empty folder, without a terminal. */
function escano(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repository, 'setup', 'escano.mjs'), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('the command line', () => {
  test('says what it can do, in Galician and in Spanish', async () => {
    expect((await escano(['--help'])).stdout).toContain('Escano: grava o pleno')
    const spanish = await escano(['verify', '--help'], { ESCANO_LANGUAGE: 'es' })
    expect(spanish).toMatchObject({ code: 0, stderr: '' })
    expect(spanish.stdout).toContain('no es auténtico')
  })

  test('answers wrong use with a sentence and exit 2, and with nothing on stdout', async () => {
    const wrong = [
      [],
      ['voar'],
      ['models'],
      ['models', 'install'],
      ['models', 'list', 'x'],
      ['models', '--fast', 'list'],
      ['doctor', 'now'],
    ]
    for (const args of wrong) {
      const { code, stdout, stderr } = await escano(args)
      expect([args, code]).toEqual([args, 2])
      if (args.length === 0) continue
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^escano.*\.|\)$/)
      expect(stderr).not.toContain('    at ')
    }
  })

  test('prints with --json one line that is JSON and nothing else', async () => {
    const { code, stdout } = await escano(['models', 'list', '--json'])
    expect(code).toBe(0)
    const { models } = JSON.parse(stdout) as { models: { name: string; state: string }[] }
    expect(models.filter((one) => one.state === 'present').map((one) => one.name)).toEqual(['escano-fixture-whisper', 'silero-vad'])
    expect(models.map((one) => one.name)).toContain('whisper-small')
  })

  test('tells a failure in one sentence of the asked language, the stack only with ESCANO_DEBUG=1', async () => {
    const plain = await escano(['models', 'install', 'nobody'], { ESCANO_LANGUAGE: 'es' })
    expect(plain.code).toBe(1)
    expect(plain.stderr).toMatch(/^escano models: falta el modelo .*nobody.*\n$/)
    expect((await escano(['models', 'install', 'nobody'], { ESCANO_DEBUG: '1' })).stderr).toContain('    at ')
  })
})

describe('arguments', () => {
  test('are typed, and places counted', () => {
    const { values, positionals } = parseArguments(['a', '--from', 'f', '--json'], {
      options: { from: { type: 'string' } },
      places: { required: ['X'] },
    })
    expect([values.from, values.json, positionals]).toEqual(['f', true, ['a']])
    expect(() => parseArguments([], { places: { required: ['X'] } })).toThrow(UsageError)
    expect(() => parseArguments(['--from'], { options: { from: { type: 'string' } } })).toThrow(UsageError)
  })

  test('that are numbers keep to their bounds', () => {
    expect(wholeNumber('--seconds', '7', { from: 1, to: 10 })).toBe(7)
    for (const text of ['0', '11', '-1', '1.5', '', '1e1', 'x']) {
      expect(() => wholeNumber('--seconds', text, { from: 1, to: 10 })).toThrow(UsageError)
    }
  })
})

describe('the sentence of an error', () => {
  test('is the same set of known errors in both languages', () => {
    expect(Object.keys(es.errors.byName)).toEqual(Object.keys(gl.errors.byName))
    expect(Object.keys(es.help)).toEqual(Object.keys(gl.help))
  })

  test('names the file of a fault of the system', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/data/x' })
    expect(sentenceOf(error, gl)).toBe('o disco está cheo; faga sitio e volva tentalo: /data/x')
    expect(sentenceOf('odd', es)).toBe('falló: odd')
  })
})
