import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProgramError, runProgram, startProgram } from '../../../storage/programs/run-program.ts'

const node = process.execPath
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-programs-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a program that runs to its end', () => {
  test('gives its output as bytes and what it said beside', async () => {
    const script = 'process.stdin.on("data", (d) => process.stdout.write(Buffer.from(d).reverse())); console.error("note")'
    const output = await runProgram(node, ['-e', script], { input: Uint8Array.of(1, 2, 255) })
    expect([...output.stdout]).toEqual([255, 2, 1])
    expect(output.stderr).toBe('note\n')
  })

  test('that fails tells its code and its last lines', async () => {
    const failing = runProgram(node, ['-e', 'console.error("first"); console.error("no such seat"); process.exit(3)'])
    await expect(failing).rejects.toThrow(ProgramError)
    await expect(failing).rejects.toThrow(/ended with code 3; its last lines: first \| no such seat/)
  })

  test('is told apart when missing, too slow, too loud, or aborted', async () => {
    const forever = ['-e', 'setInterval(() => {}, 1000)']
    await expect(runProgram('/nowhere/program', [])).rejects.toThrow(/could not be started: .*ENOENT/)
    await expect(runProgram(node, forever, { timeoutMs: 300 })).rejects.toThrow(/ran longer than 300 ms/)
    await expect(runProgram(node, forever, { signal: AbortSignal.timeout(300) })).rejects.toThrow(/was told to end/)
    await expect(runProgram(node, ['-e', 'process.stdout.write("x".repeat(1e6))'], { maxOutputBytes: 1000 })).rejects.toThrow(
      /said more than/,
    )
  })

  test('gets no shell: metacharacters in an argument stay characters', async () => {
    const { stdout } = await runProgram(node, ['-p', 'process.argv[1]', '; echo $(id) `id` "'])
    expect(new TextDecoder().decode(stdout)).toBe('; echo $(id) `id` "\n')
  })
})

describe('a program that runs beside us', () => {
  test('writes to files without passing through us and ends with its signal told', async () => {
    const out = join(folder, 'out.txt')
    const running = await startProgram(node, ['-e', 'console.log("here"); setInterval(() => {}, 1000)'], {
      stdoutFile: out,
      detached: true,
    })
    await expect.poll(async () => readFile(out, 'utf8')).toBe('here\n')
    await running.stop()
    expect(await running.exited).toMatchObject({ signal: 'SIGINT' })
  })

  test('that ignores the gentle signals is killed at the end of the ladder', async () => {
    const script = 'process.on("SIGINT", () => {}); process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'
    const running = await startProgram(node, ['-e', script], { stdout: 'pipe' })
    await new Promise((resolve) => running.stdout?.once('data', resolve))
    await running.stop([
      { signal: 'SIGINT', waitMs: 100 },
      { signal: 'SIGTERM', waitMs: 100 },
      { signal: 'SIGKILL', waitMs: 2000 },
    ])
    expect(await running.exited).toMatchObject({ signal: 'SIGKILL' })
  })

  test('that does not exist is refused with its name', async () => {
    await expect(startProgram('/nowhere/program', [])).rejects.toThrow(/\/nowhere\/program could not be started/)
  })
})
