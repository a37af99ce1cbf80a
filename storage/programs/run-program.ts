import { type FileHandle, open } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { execa, type Options, type ResultPromise } from 'execa'

/** A program could not be started, was cut off, or ended with another code than 0. `stderrTail` holds its last lines. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError'
  readonly exitCode: number | undefined
  readonly stderrTail: string
  constructor(message: string, of: { exitCode: number | undefined; stderrTail: string; cause?: unknown }) {
    super(message, { cause: of.cause })
    this.exitCode = of.exitCode
    this.stderrTail = of.stderrTail
  }
}

export interface RunOptions {
  input?: Uint8Array | string
  cwd?: string
  env?: Record<string, string>
  /** Ends the program when aborted: SIGTERM, after two seconds SIGKILL. */
  signal?: AbortSignal
  timeoutMs?: number
  /** Upper bound of each of the two outputs; a program that says more is ended. Default 64 MiB. */
  maxOutputBytes?: number
  /** Exit codes that are an answer, not a failure. Default `[0]`. */
  acceptedCodes?: readonly number[]
  /** Further outputs, on descriptors 3 and up (`pipe:3` for ffmpeg). Default 0. */
  extraOutputs?: number
}

export interface ProgramOutput {
  stdout: Uint8Array
  /** All it said on stderr. */
  stderr: string
  stderrTail: string
  exitCode: number
  /** Bytes of descriptors 3 and up, as many as were asked for. */
  extra: Uint8Array[]
}

/**
 * Runs a program to its end; arguments are an array, never a shell string.
 * @throws ProgramError it could not be started, ran too long, said too much, was ended, or gave a code that is not accepted
 */
export async function runProgram(binary: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramOutput> {
  const result = await execa(binary, args, {
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    forceKillAfterDelay: 2000,
    maxBuffer: options.maxOutputBytes ?? 64 * 1024 * 1024,
    ...(options.input === undefined ? {} : { input: options.input }),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...Array<'pipe'>(options.extraOutputs ?? 0).fill('pipe')],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  })
  const stderr = new TextDecoder().decode(result.stderr)
  const stderrTail = lastLines(stderr)
  const cutOff = result.timedOut || result.isCanceled || result.isMaxBuffer || result.isTerminated
  if (!cutOff && result.exitCode !== undefined && (options.acceptedCodes ?? [0]).includes(result.exitCode)) {
    const extra = result.stdio.slice(3).map((bytes) => (bytes instanceof Uint8Array ? bytes : new Uint8Array()))
    return { stdout: result.stdout, stderr, stderrTail, exitCode: result.exitCode, extra }
  }
  const reason = result.timedOut
    ? `ran longer than ${options.timeoutMs} ms`
    : result.isCanceled
      ? 'was told to end'
      : result.isMaxBuffer
        ? `said more than ${options.maxOutputBytes ?? 64 * 1024 * 1024} bytes`
        : result.signal !== undefined
          ? `was ended by ${result.signal}`
          : result.exitCode === undefined
            ? `could not be started: ${result.cause instanceof Error ? result.cause.message : 'unknown reason'}`
            : `ended with code ${result.exitCode}`
  throw new ProgramError(`${binary} ${reason}${stderrTail === '' ? '' : `; its last lines: ${stderrTail}`}`, {
    exitCode: result.exitCode,
    stderrTail,
    cause: result.cause,
  })
}

export interface StartOptions {
  stdin?: 'pipe' | 'ignore'
  /** `pipe` gives `stdout` to the caller; a path appends to that file; default: thrown away. */
  stdout?: 'pipe' | 'ignore'
  stdoutFile?: string
  stderr?: 'pipe' | 'ignore'
  stderrFile?: string
  /** Further outputs, on descriptors 3 and up, given to the caller as `extra`. Default 0. */
  extraOutputs?: number
  /** Own process group, outlives us: it must then write to files, never to a pipe of ours. */
  detached?: boolean
  uid?: number
  gid?: number
  cwd?: string
  env?: Record<string, string>
  /** `env` is the whole environment, nothing of ours is handed on. */
  bareEnv?: boolean
  /** Started through nice(1), which it takes the place of, with all its threads: what works in the background yields to what records. */
  niceness?: number
}

export interface ProgramExit {
  code: number | undefined
  signal: string | undefined
}

/** A way to end a program: each signal, and how long it may take. The last one should be SIGKILL. */
export type StopLadder = readonly { signal: NodeJS.Signals; waitMs: number }[]

export const gentleLadder: StopLadder = [
  { signal: 'SIGINT', waitMs: 5000 },
  { signal: 'SIGTERM', waitMs: 5000 },
  { signal: 'SIGKILL', waitMs: 2000 },
]

export interface RunningProgram {
  readonly pid: number
  readonly stdin: Writable | undefined
  readonly stdout: Readable | undefined
  readonly stderr: Readable | undefined
  /** Descriptors 3 and up, as many as were asked for. */
  readonly extra: readonly Readable[]
  /** Settles when the program has ended, whatever the code: for a live program a code proves nothing. Never rejects. */
  readonly exited: Promise<ProgramExit>
  /** Climbs the ladder until the program has ended. */
  stop(ladder?: StopLadder): Promise<void>
}

/**
 * Starts a program that runs beside us.
 * @throws ProgramError it could not be started
 */
export async function startProgram(binary: string, args: readonly string[], options: StartOptions = {}): Promise<RunningProgram> {
  // Files are handed over as open descriptors, so that nothing passes through us and the program can outlive us.
  const stdoutFile = options.stdoutFile === undefined ? undefined : await open(options.stdoutFile, 'a', 0o600)
  const stderrFile = options.stderrFile === undefined ? undefined : await open(options.stderrFile, 'a', 0o600)
  const settings: Options = {
    buffer: false,
    reject: false,
    stdio: [
      options.stdin ?? 'ignore',
      descriptor(stdoutFile) ?? options.stdout ?? 'ignore',
      descriptor(stderrFile) ?? options.stderr ?? 'ignore',
      ...Array<'pipe'>(options.extraOutputs ?? 0).fill('pipe'),
    ],
    detached: options.detached ?? false,
    cleanup: !(options.detached ?? false),
    extendEnv: !(options.bareEnv ?? false),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  }
  const [program, given] = options.niceness === undefined ? [binary, args] : ['nice', ['-n', String(options.niceness), binary, ...args]]
  const child: ResultPromise<Options> = execa(program, given, settings)
  if (child.pid === undefined) {
    const { cause } = await child
    await Promise.all([stdoutFile?.close(), stderrFile?.close()])
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new ProgramError(`${binary} could not be started: ${reason}`, { exitCode: undefined, stderrTail: '', cause })
  }
  await Promise.all([stdoutFile?.close(), stderrFile?.close()])
  if (options.detached) child.unref()
  const exited = child.then((result) => ({ code: result.exitCode, signal: result.signal }))
  return {
    pid: child.pid,
    stdin: child.stdin ?? undefined,
    stdout: child.stdout ?? undefined,
    stderr: child.stderr ?? undefined,
    extra: child.stdio.slice(3).filter((one) => one instanceof Readable),
    exited,
    stop: (ladder = gentleLadder) => climb(ladder, (signal) => child.kill(signal), exited),
  }
}

/** execa hands on any open descriptor; its types name only 3 to 9. */
function descriptor(file: FileHandle | undefined): 3 | undefined {
  return file?.fd as 3 | undefined
}

async function climb(ladder: StopLadder, kill: (signal: NodeJS.Signals) => boolean, exited: Promise<ProgramExit>): Promise<void> {
  for (const step of ladder) {
    kill(step.signal)
    const { promise: tooLong, resolve } = Promise.withResolvers<'too long'>()
    const timer = setTimeout(resolve, step.waitMs, 'too long')
    const first = await Promise.race([exited, tooLong])
    clearTimeout(timer)
    if (first !== 'too long') return
  }
}

function lastLines(text: string): string {
  return text
    .trim()
    .split(/[\r\n]+/)
    .slice(-6)
    .join(' | ')
    .slice(-1200)
}
