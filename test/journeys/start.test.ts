import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningProgram, runProgram } from '../../storage/programs/run-program.ts'
import { freePort } from '../servers/free-port.ts'
import { escano, startEscano } from './escano.ts'

let folder: string
let env: Record<string, string>
let house: RunningProgram
let page: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-start-'))
  env = {
    ESCANO_DATA: join(folder, 'data'),
    ESCANO_KEYS: join(folder, 'keys'),
    ESCANO_RECORDER_SPOOL: join(folder, 'data', 'spool'),
    ESCANO_WEB_PORT: String(await freePort()),
  }
  house = await startEscano(['start'], env, join(folder, 'first.log'))
  page = (await untilSaid('first.log', /comprobada:\s+(\S+)/)) ?? ''
}, 300_000)

afterAll(async () => {
  await house.stop()
  await rm(folder, { recursive: true, force: true })
})

test('with nothing configured it plays the demo through the whole way, and only then the session page says it is verified', async () => {
  const answer = await fetch(page)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('data-session-verified="true"')
})

test('a second start on the same data is refused with a sentence', async () => {
  const { exitCode, stderrTail } = await escano(['start'], { ...env, ESCANO_WEB_PORT: String(await freePort()) })
  expect(exitCode).toBe(1)
  expect(stderrTail).toContain('xa hai un Escano en marcha')
})

test('Ctrl-C stops everything it started, and the next start finds the demo as it was', async () => {
  const pid = house.pid
  process.kill(pid, 'SIGINT')
  expect((await house.exited).code).toBe(0)
  expect(await descendantsIn(folder)).toEqual([])
  house = await startEscano(['start'], env, join(folder, 'second.log'))
  expect(await untilSaid('second.log', /comprobada:\s+(\S+)/)).toBe(page)
  expect(await readFile(join(folder, 'second.log'), 'utf8')).not.toContain('gravando')
  expect(await (await fetch(page)).text()).toContain('data-session-verified="true"')
})

async function untilSaid(log: string, said: RegExp): Promise<string | undefined> {
  for (let tries = 0; tries < 1000; tries++) {
    const text = await readFile(join(folder, log), 'utf8').catch(() => '')
    const found = said.exec(text)
    if (found) return found[1]
    const ended = await Promise.race([house.exited, wait(250)])
    if (ended) throw new Error(`escano start ended with ${ended.code}: ${text}`)
  }
  throw new Error(`${log} never said ${said}: ${await readFile(join(folder, log), 'utf8')}`)
}

/** Processes whose command line still names our folder. */
async function descendantsIn(path: string): Promise<string[]> {
  const { stdout } = await runProgram('ps', ['-eo', 'pid,args'])
  return new TextDecoder()
    .decode(stdout)
    .split('\n')
    .filter((line) => line.includes(path))
}
