import { readFile } from 'node:fs/promises'
import { ProgramError, runProgram } from './run-program.ts'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it started, as the system tells it; compared, never read. */
  startTime: string
}

/** Identity of a running process; undefined when none has that number (a zombie, ended but not yet collected, counts as none). */
export async function readProcessIdentity(pid: number): Promise<ProcessIdentity | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  const startTime = process.platform === 'linux' ? await linuxStartTime(pid) : await listedStartTime(pid)
  return startTime === undefined ? undefined : { pid, startTime }
}

export async function isRunning(of: ProcessIdentity): Promise<boolean> {
  return (await readProcessIdentity(of.pid))?.startTime === of.startTime
}

async function linuxStartTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name in parentheses may hold blanks, so fields count from the last parenthesis: state is 3, starttime 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return fields[19]
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined
    throw error
  }
}

async function listedStartTime(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await runProgram('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } })
    return new TextDecoder().decode(stdout).trim() || undefined
  } catch (error) {
    if (error instanceof ProgramError && error.exitCode === 1) return undefined
    throw error
  }
}
