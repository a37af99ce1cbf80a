import { join } from 'node:path'
import { ProgramError, runProgram, startProgram } from '../../storage/programs/run-program.ts'

/** Debian's own Python, since its GStreamer bindings belong to it. */
const python = '/usr/bin/python3'
const script = join(import.meta.dirname, 'rtsp-camera.py')

export interface RtspCamera extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** What somebody does to it: `black` covers the lens, `frozen` shows one picture for ever, `loud` cuts its sound off. */
  suffer(what: 'black' | 'frozen' | 'mute' | 'loud' | 'live'): void
  /** Pulls the plug: the process is gone at once. */
  kill(): Promise<void>
}

/** Why no camera can be started here; undefined when one can. Debian: gir1.2-gst-rtsp-server-1.0 and GStreamer's plugins. */
export async function missingCamera(): Promise<string | undefined> {
  try {
    await runProgram(python, [script, '--check'], { timeoutMs: 20_000 })
    return undefined
  } catch (error) {
    if (error instanceof ProgramError) return error.stderrTail.split(' | ').at(-1) || error.message
    throw error
  }
}

/** @param port to listen on; by default any that is free */
export function startCamera(port = 0): Promise<RtspCamera> {
  return listening([python, script, String(port)])
}

/** A camera of flashes and beeps (flash-camera.py). @param prefix words before its command, such as those of a namespace */
export function startFlashCamera(prefix: readonly string[]): Promise<RtspCamera> {
  return listening([...prefix, python, join(import.meta.dirname, 'flash-camera.py')])
}

async function listening([binary = python, ...args]: readonly string[]): Promise<RtspCamera> {
  const program = await startProgram(binary, args, { stdout: 'pipe', stdin: 'pipe' })
  const bound = await Promise.race([
    new Promise<number>((resolve) => program.stdout?.once('data', (bytes: Buffer) => resolve(Number(bytes.toString().trim())))),
    program.exited.then(() => Promise.reject(new Error('the camera ended before it listened'))),
  ])
  const kill = () => program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  return {
    url: `rtsp://127.0.0.1:${bound}/cam`,
    port: bound,
    pid: program.pid,
    kill,
    suffer: (what) => program.stdin?.write(`${what}\n`),
    [Symbol.asyncDispose]: kill,
  }
}
