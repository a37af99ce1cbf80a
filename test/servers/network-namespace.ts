import { randomBytes } from 'node:crypto'
import { runProgram } from '../../storage/programs/run-program.ts'
import { missingProgram } from './missing-program.ts'

/** A line between a process in a network namespace of its own and this machine: it can be cut and made slow as a cable can. */
export interface ChamberLine extends AsyncDisposable {
  /** Address of this machine on the line. */
  readonly host: string
  /** Words before a command that is to run at the far end. */
  readonly prefix: readonly string[]
  /** Every packet is dropped, both ways; nobody is told. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** Bits a second from the far end to here, by a token bucket of the kernel. */
  limit(bitsPerSecond: number): Promise<void>
}

/** Why no namespace can be made here; undefined when it can. Debian: iproute2, iptables. */
export async function missingNamespaces(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux'
  for (const program of ['ip', 'tc', 'iptables-legacy']) {
    if (await missingProgram(program)) return `${program} is not installed`
  }
  const name = `esc${randomBytes(3).toString('hex')}`
  try {
    await run('ip', 'netns', 'add', name)
    await run('ip', 'netns', 'delete', name)
    return undefined
  } catch (error) {
    return `network namespaces are not allowed here: ${error instanceof Error ? error.message : String(error)}`
  }
}

export async function openChamberLine(): Promise<ChamberLine> {
  const name = `esc${randomBytes(3).toString('hex')}`
  const [near, far] = [`${name}a`, `${name}b`]
  const net = `10.${200 + ((randomBytes(1)[0] ?? 0) % 50)}.${randomBytes(1)[0]}`
  const inside = (...command: string[]) => run('ip', 'netns', 'exec', name, ...command)
  const close = async () => {
    await runProgram('ip', ['link', 'delete', near], { acceptedCodes: [0, 1] })
    await runProgram('ip', ['netns', 'delete', name], { acceptedCodes: [0, 1] })
  }
  try {
    await run('ip', 'netns', 'add', name)
    await run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far)
    await run('ip', 'link', 'set', far, 'netns', name)
    await run('ip', 'address', 'add', `${net}.1/30`, 'dev', near)
    await run('ip', 'link', 'set', near, 'up')
    await inside('ip', 'address', 'add', `${net}.2/30`, 'dev', far)
    await inside('ip', 'link', 'set', far, 'up')
    await inside('ip', 'link', 'set', 'lo', 'up')
  } catch (error) {
    await close()
    throw error
  }
  // Inside the namespace: the tables of the machine itself are never touched.
  // Only the line: what lies at the far end, such as a camera, goes on being reached there.
  const drop = async (action: '-A' | '-D') => {
    await inside('iptables-legacy', '-w', action, 'INPUT', '-i', far, '-j', 'DROP')
    await inside('iptables-legacy', '-w', action, 'OUTPUT', '-o', far, '-j', 'DROP')
  }
  return {
    host: `${net}.1`,
    prefix: ['ip', 'netns', 'exec', name],
    cut: () => drop('-A'),
    mend: () => drop('-D'),
    limit: async (bits) => {
      await inside('tc', 'qdisc', 'replace', 'dev', far, 'root', 'tbf', 'rate', `${bits}bit`, 'burst', '16kb', 'latency', '400ms')
    },
    [Symbol.asyncDispose]: close,
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  await runProgram(program, args, { timeoutMs: 30_000 })
}
