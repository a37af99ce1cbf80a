import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProgramError, type ProgramOutput, runProgram } from '../../storage/programs/run-program.ts'

const repository = join(import.meta.dirname, '../..')
const sample = join(repository, 'test/fixtures/sample-session/session.mp4')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-record-'))
})
afterAll(() => rm(folder, { recursive: true }))

const record = (...args: string[]): Promise<ProgramOutput> =>
  runProgram(process.execPath, ['--import', 'tsx', join(repository, 'escano.ts'), 'record', ...args], {
    cwd: repository,
    timeoutMs: 60_000,
  })

describe('escano record', () => {
  test('records a source for so many seconds and tells machines what it made', async () => {
    const { stdout } = await record('--source', sample, '--out', join(folder, 'one'), '--seconds', '6', '--json')
    const told = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, unknown>
    expect(told).toMatchObject({ gaps: [], treeRoot: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(told.seconds).toBeGreaterThan(3)
    expect(told.segments).toBe((await readdir(join(String(told.out), 'part-000'))).filter((name) => name.endsWith('.ts')).length)
  })

  test('refuses wrong use with 2 and a source that is none with 1, and writes nothing', async () => {
    await expect(record('--out', join(folder, 'two'))).rejects.toMatchObject({ name: ProgramError.name, exitCode: 2 })
    await expect(record('--source', sample, '--out', join(folder, 'two'), '--seconds', 'moitos')).rejects.toMatchObject({ exitCode: 2 })
    const none = record('--source', join(folder, 'none.mp4'), '--out', join(folder, 'two'))
    await expect(none).rejects.toMatchObject({ exitCode: 1, stderrTail: expect.stringContaining('No such file') })
    expect(await readdir(folder)).not.toContain('two')
  })
})
