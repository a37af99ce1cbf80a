import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCommandIo } from '../../commands/command-io.ts'
import { type Finding, findingCodes } from '../../commands/doctor/finding.ts'
import { checkClock } from '../../commands/doctor/machine.ts'
import { run } from '../../commands/doctor.ts'
import { doctorGl } from '../../commands/words/doctor-gl.ts'
import { es } from '../../commands/words/es.ts'
import { gl } from '../../commands/words/gl.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-doctor-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function examine(env: Record<string, string>): Promise<{ code: number; checks: Map<string, Finding> }> {
  let text = ''
  const stdout = { write: (more: string) => (text += more) }
  const io = openCommandIo({
    args: ['--json'],
    env: { PATH: process.env.PATH, ESCANO_DATA: join(folder, 'data'), ESCANO_KEYS: join(folder, 'keys'), ESCANO_WEB_PORT: '0', ...env },
    cwd: folder,
    stdout,
    stderr: { write: () => undefined },
    signal: new AbortController().signal,
    dictionaries: { gl, es },
  })
  const code = await run(['--json'], io)
  const { checks } = JSON.parse(text) as { checks: Finding[] }
  return { code, checks: new Map(checks.map((one) => [one.code, one])) }
}

test('a machine that has what is needed is told so, code by code', async () => {
  const { code, checks } = await examine({ ESCANO_TRANSCRIBER_MODEL: 'escano-fixture-whisper' })
  expect([...checks.keys()].sort()).toEqual(findingCodes.filter((one) => one !== 'settings').sort())
  for (const needed of ['node', 'postgresql', 'models', 'data-folder', 'keys-folder', 'port', 'clock']) {
    expect(checks.get(needed)).toMatchObject({ code: needed, ok: true })
  }
  // The bundled ffmpeg of 2018 serves, with a warning.
  expect(checks.get('ffmpeg')).not.toMatchObject({ ok: false, weight: 'needed' })
  expect(code).toBe(0)
})

test('an ffmpeg that is none, and wrong settings, are needed things that are missing', async () => {
  const program = join(folder, 'ffmpeg')
  await writeFile(program, '#!/bin/sh\nexit 3\n', { mode: 0o755 })
  const broken = await examine({ FFMPEG_PATH: program })
  expect(broken.code).toBe(1)
  expect(broken.checks.get('ffmpeg')).toMatchObject({ ok: false, weight: 'needed' })
  const wrong = await examine({ ESCANO_OBJECTS: 'paper', ESCANO_WEB_PORT: 'x' })
  expect(wrong.code).toBe(1)
  expect(wrong.checks.get('settings')?.detail).toMatch(/ESCANO_OBJECTS.*ESCANO_WEB_PORT/)
})

test('keys that others can read, or that lie among the data, are refused', async () => {
  await mkdir(join(folder, 'keys'), { mode: 0o700 })
  expect((await examine({})).checks.get('keys-folder')?.ok).toBe(true)
  await chmod(join(folder, 'keys'), 0o755)
  expect((await examine({})).checks.get('keys-folder')).toMatchObject({ ok: false, weight: 'needed' })
  expect((await examine({ ESCANO_KEYS: join(folder, 'data', 'keys') })).checks.get('keys-folder')?.ok).toBe(false)
})

test('a damaged model, a taken port and a data folder that is a file are told', async () => {
  await mkdir(join(folder, 'models'))
  await writeFile(join(folder, 'models', 'silero_vad_16k_op15.onnx'), 'not a model')
  await writeFile(join(folder, 'data'), 'a file')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, checks } = await examine({ ESCANO_MODELS: join(folder, 'models'), ESCANO_WEB_PORT: String(port) })
  await new Promise((resolve) => server.close(resolve))
  expect(code).toBe(1)
  expect(checks.get('models')).toMatchObject({ ok: false, weight: 'needed' })
  expect(checks.get('port')).toMatchObject({ ok: false, weight: 'wanted' })
  expect(checks.get('data-folder')).toMatchObject({ ok: false, weight: 'needed' })
})

test('a clock that is before this version is wrong', () => {
  expect(checkClock(doctorGl, Date.UTC(2020, 0, 1))).toMatchObject({ ok: false, weight: 'needed' })
  expect(checkClock(doctorGl, Date.UTC(2027, 0, 1)).ok).toBe(true)
})
