import { join } from 'node:path'
import { type ProgramOutput, type RunningProgram, runProgram, startProgram } from '../../storage/programs/run-program.ts'

/** The repository, where the commands are started as anybody would. */
export const repository = join(import.meta.dirname, '..', '..')

const command = ['--import', import.meta.resolve('tsx'), join(repository, 'escano.ts')]
const environment = (env: Record<string, string>) =>
  ({
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ESCANO_'))),
    TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json'),
    // The chamber page where a test asks for it: they run beside each other.
    ESCANO_RECORDER_PAGE_PORT: '0',
    ...env,
  }) as Record<string, string>

/** Runs a verb to its end; any of the three exit codes of the command line is an answer. */
export function escano(args: string[], env: Record<string, string> = {}, timeoutMs = 600_000): Promise<ProgramOutput> {
  return runProgram(process.execPath, [...command, ...args], {
    cwd: repository,
    env: environment(env),
    timeoutMs,
    acceptedCodes: [0, 1, 2],
  })
}

/** Starts a verb that runs until told to stop. */
export function startEscano(args: string[], env: Record<string, string>, log: string): Promise<RunningProgram> {
  return startProgram(process.execPath, [...command, ...args], { cwd: repository, env: environment(env), stdoutFile: log, stderrFile: log })
}
