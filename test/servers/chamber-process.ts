import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type RunningProgram, startProgram } from '../../storage/programs/run-program.ts'
import { repository } from '../journeys/escano.ts'

export interface ChamberProcessOptions {
  enrolmentFile: string
  keyFile: string
  spool: string
  source: string
  log: string
  /** Words before the command, such as those of a namespace. */
  prefix?: readonly string[]
  env?: Record<string, string>
  /** Run what `npm run build` made, as its unit does; else the sources. */
  built?: boolean
}

/** How a chamber starts its agent: command and environment of its systemd unit, with the program and folder of this machine. It runs what was built. */
export async function readUnit(): Promise<{ command: string[]; env: Record<string, string> }> {
  const unit = await readFile(join(repository, 'deploy', 'escano-recorder.service'), 'utf8')
  const [, ...args] = (/^ExecStart=(.+)$/m.exec(unit)?.[1] ?? '').split(' ')
  return {
    command: [process.execPath, ...args.map((one) => one.replace('/opt/escano', repository))],
    env: Object.fromEntries([...unit.matchAll(/^Environment=([^=]+)=(.*)$/gm)].map(([, name, value]) => [name, value])),
  }
}

/** The agent of a chamber in a process that can be killed, as its unit starts it. */
export async function startChamberProcess(of: ChamberProcessOptions): Promise<RunningProgram> {
  const unit = await readUnit()
  const sources = ['--import', 'tsx', join(repository, 'escano.ts')]
  const command = of.built ? unit.command : unit.command.flatMap((one) => (one.endsWith('dist/escano.js') ? sources : [one]))
  const [program = process.execPath, ...args] = [...(of.prefix ?? []), ...command]
  return await startProgram(program, args, {
    cwd: repository,
    stdoutFile: of.log,
    stderrFile: of.log,
    env: {
      ...unit.env,
      ...{ TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json'), ESCANO_LEASH: '' },
      ...{ ESCANO_RECORDER_ENROLMENT: of.enrolmentFile, ESCANO_RECORDER_KEY: of.keyFile },
      ...{ ESCANO_RECORDER_SPOOL: of.spool, ESCANO_RECORDER_SOURCE: of.source, ESCANO_RECORDER_SPEED: '1' },
      // The chamber page where a test asks for it: they run beside each other.
      ESCANO_RECORDER_PAGE_PORT: '0',
      ...of.env,
    },
  })
}

/** Process of the newest capture of a session in a spool. */
export async function newestCapture(sessionFolder: string): Promise<number | undefined> {
  const parts = (await readdir(sessionFolder)).filter((name) => name.startsWith('part-')).sort()
  for (const part of parts.reverse()) {
    const text = await readFile(join(sessionFolder, part, 'capture.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid
  }
  return undefined
}

/** Processes that a process started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map(Number)
}

/** Resident memory of a process, MB; undefined when it is gone. */
export async function residentMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
  return kb === undefined ? undefined : Number(kb) / 1024
}
