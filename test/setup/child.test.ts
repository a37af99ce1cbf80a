import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const setup = join(import.meta.dirname, '..', '..', 'setup')
let folder: string
let parents: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-child-'))
  parents = []
})

afterEach(async () => {
  for (const parent of parents) parent.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Starts a program through setup/child.mjs, as `npm start` does; the program writes down the signals it gets. */
async function start(body: string): Promise<{ parent: ChildProcess; ended: Promise<number | null>; signals: () => Promise<string[]> }> {
  const log = join(folder, 'signals')
  const ready = join(folder, 'ready')
  const program = join(folder, 'program.mjs')
  await writeFile(
    program,
    `import { appendFileSync, writeFileSync } from 'node:fs'
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { appendFileSync(${JSON.stringify(log)}, signal + '\\n'); onSignal(signal) })
${body}
setInterval(() => {}, 1000)
writeFileSync(${JSON.stringify(ready)}, String(process.pid))\n`,
  )
  const url = (name: string) => JSON.stringify(pathToFileURL(join(setup, name)).href)
  const script = `const { runChild } = await import(${url('child.mjs')})
process.exitCode = await runChild(process.execPath, ['--import', ${url('leash.mjs')}, ${JSON.stringify(program)}], { leash: true, env: { ...process.env, ESCANO_LEASH: String(process.pid) } })`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'inherit', 'inherit'] })
  parents.push(parent)
  const ended = new Promise<number | null>((resolve) => parent.once('exit', (code) => resolve(code)))
  await expect.poll(() => readFile(ready, 'utf8').catch(() => '')).toMatch(/^\d+$/)
  return { parent, ended, signals: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '') }
}

describe('a program started by set-up', () => {
  test('gets Ctrl-C once, though the terminal and npm both send it, and its exit code is handed on', async () => {
    const { parent, ended, signals } = await start('const onSignal = () => setTimeout(() => process.exit(7), 400)')
    parent.kill('SIGINT')
    await pause(50)
    parent.kill('SIGINT')
    expect(await ended).toBe(7)
    expect(await signals()).toEqual(['SIGINT'])
  })

  test('gets a second Ctrl-C when somebody presses again', async () => {
    const { parent, ended, signals } = await start(
      'let count = 0; const onSignal = () => { count += 1; if (count === 2) process.exit(130) }',
    )
    parent.kill('SIGINT')
    await expect.poll(signals).toEqual(['SIGINT'])
    // Longer than two of one press lie apart.
    await pause(700)
    parent.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(await signals()).toEqual(['SIGINT', 'SIGINT'])
  })

  test('gets SIGTERM, and the number of the signal that ends it is handed on', async () => {
    const { parent, ended, signals } = await start("const onSignal = () => process.kill(process.pid, 'SIGKILL')")
    parent.kill('SIGTERM')
    expect(await ended).toBe(137)
    expect(await signals()).toEqual(['SIGTERM'])
  })

  test('is told to end when the one that started it was killed hard', async () => {
    const { parent, signals } = await start('const onSignal = () => process.exit(0)')
    parent.kill('SIGKILL')
    await expect.poll(signals).toEqual(['SIGTERM'])
  })
})
