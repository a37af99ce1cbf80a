import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type RunningProgram, startProgram } from '../../storage/programs/run-program.ts'
import { EngineCrashedError, EngineRefusedError, type SpeechRecognizer } from '../speech-recognizer.ts'
import type { WhisperFile } from '../whisper-file.ts'
import { httpRecognizer, longestSoundMs, windowParameters } from './http-recognizer.ts'

export interface WhisperServerOptions {
  binary: string
  /** Names the build: sources, flags and compiler. */
  build: string
  model: WhisperFile
  threads: number
  shortWindow?: boolean
  /** Of its process. */
  niceness?: number | undefined
}

/**
 * Runs the server given as arguments and tells its process id. When our end of stdin closes, by our will or because we were killed,
 * the server is killed: it would else stay for ever. Its code becomes the shell's.
 */
const leash = 'exec 3<&0; "$@" >/dev/null & p=$!; echo $p; (cat <&3 >/dev/null; kill -9 $p) & w=$!; wait $p; c=$?; kill $w; exit $c'

interface Running {
  program: RunningProgram
  recognizer: SpeechRecognizer
  lastLines: () => string
}

/**
 * whisper.cpp's own server on loopback, started with the first chunk and again after a crash. Its paths begin with a random word,
 * since a page in a browser of this machine could reach the port, and the server answers any origin.
 */
export class WhisperServer implements SpeechRecognizer {
  readonly engine: { name: string; build: string }
  readonly model: { name: string; sha256: string }
  readonly parameters: string
  readonly gives = { probability: true, languageProbabilities: true }
  readonly #options: WhisperServerOptions
  #running: Promise<Running> | undefined
  #pid: number | undefined
  #folder: string | undefined
  #address: string | undefined

  constructor(options: WhisperServerOptions) {
    this.#options = options
    this.engine = { name: 'whisper.cpp', build: options.build }
    this.model = { name: options.model.name, sha256: options.model.sha256 }
    this.longestMs = longestSoundMs(options.shortWindow)
    this.window = options.shortWindow ? 'chunk' : 'full'
    this.parameters = `server;context=0;${windowParameters(options.shortWindow)}`
  }

  get pid(): number | undefined {
    return this.#pid
  }

  readonly repeatable = true
  readonly window: 'full' | 'chunk'
  readonly longestMs: number
  readonly lanes = 1

  /** Where it takes audio, once it has been asked something; for tests. */
  get address(): string | undefined {
    return this.#address
  }

  forChunk<T>(work: (engine: SpeechRecognizer) => Promise<T>): Promise<T> {
    return work(this)
  }

  async recognize(...[pcm, options]: Parameters<SpeechRecognizer['recognize']>): ReturnType<SpeechRecognizer['recognize']> {
    // Dice that nobody has thrown yet, a full window with nothing in its margin from shorter ones: a process of its own.
    if (options.temperature || (options.fullWindow && this.window === 'chunk')) await this.#restart()
    return this.#ask((recognizer) => recognizer.recognize(pcm, options))
  }

  detectLanguage(...[pcm, options]: Parameters<SpeechRecognizer['detectLanguage']>): ReturnType<SpeechRecognizer['detectLanguage']> {
    return this.#ask((recognizer) => recognizer.detectLanguage(pcm, options))
  }

  async #ask<T>(work: (recognizer: SpeechRecognizer) => Promise<T>): Promise<T> {
    this.#running ??= this.#start()
    const starting = this.#running
    try {
      return await work((await starting).recognizer)
    } catch (error) {
      if (error instanceof EngineCrashedError || error instanceof EngineRefusedError) await this.#afterFailure(starting, error)
      throw error
    }
  }

  /** A dead or dumb server is taken away, so that the next call starts another. */
  async #afterFailure(starting: Promise<Running>, error: Error): Promise<void> {
    const running = await starting.catch(() => undefined)
    const dead = running === undefined || error instanceof EngineCrashedError
    if (!dead) return
    if (this.#running === starting) this.#running = undefined
    this.#pid = undefined
    if (running) await stop(running.program)
    if (running) error.message += `; its last lines: ${running.lastLines()}`
  }

  async #start(): Promise<Running> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'escano-whisper-'))
    const port = await freePort()
    const path = `/${randomBytes(16).toString('hex')}`
    const args = serverArguments(this.#options, { port, path, folder: this.#folder })
    const { binary, niceness } = this.#options
    const program = await startProgram('/bin/sh', ['-c', leash, 'sh', binary, ...args], {
      ...{ stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', cwd: this.#folder },
      ...(niceness === undefined ? {} : { niceness }),
    })
    program.stdin?.on('error', () => undefined)
    const lastLines = tail(program.stderr)
    const pid = await firstNumber(program.stdout)
    this.#pid = pid
    const address = `http://127.0.0.1:${port}${path}`
    await ready(program, address, lastLines)
    this.#address = `${address}/inference`
    const { engine, model, shortWindow = false } = { ...this.#options, engine: this.engine, model: this.model }
    return {
      program,
      lastLines,
      recognizer: httpRecognizer({ url: `${address}/inference`, dialect: 'whisper.cpp', engine, model, shortWindow }),
    }
  }

  async #restart(): Promise<void> {
    const running = await this.#running?.catch(() => undefined)
    this.#running = undefined
    this.#pid = undefined
    if (running) await stop(running.program)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restart()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }
}

export function serverArguments(options: WhisperServerOptions, at: { port: number; path: string; folder: string }): string[] {
  const place = ['--host', '127.0.0.1', '--port', String(at.port), '--request-path', at.path, '--public', at.folder, '--tmp-dir', at.folder]
  return ['--model', options.model.path, '--threads', String(options.threads), '--max-context', '0', '--language', 'auto', ...place]
}

async function ready(program: RunningProgram, address: string, lastLines: () => string): Promise<void> {
  let ended: string | undefined
  void program.exited.then(({ code, signal }) => {
    ended = signal ?? `code ${code}`
  })
  const deadline = Date.now() + 120_000
  while (Date.now() < deadline) {
    // Code 3: the model could not be loaded. Nothing changes by starting it again.
    if (ended === 'code 3') throw new EngineRefusedError(`whisper.cpp refuses the model: ${lastLines()}`)
    if (ended !== undefined) throw new EngineCrashedError(`whisper.cpp's server ended with ${ended} while starting: ${lastLines()}`)
    try {
      const answer = await fetch(`${address}/health`, { signal: AbortSignal.timeout(2000) })
      if (answer.ok) return
    } catch {
      // Not listening yet.
    }
    await pause(40)
  }
  await stop(program)
  throw new EngineCrashedError("whisper.cpp's server did not become ready within two minutes")
}

async function stop(program: RunningProgram): Promise<void> {
  program.stdin?.end()
  await Promise.race([program.exited, pause(3000, undefined, { ref: false })])
  await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
}

async function firstNumber(stdout: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  for await (const piece of stdout ?? []) return Number(new TextDecoder().decode(piece).trim())
  throw new EngineCrashedError("the shell that holds whisper.cpp's server said nothing")
}

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  await closed.promise
  if (address === null || typeof address === 'string') throw new EngineCrashedError('no free port on loopback')
  return address.port
}

function tail(stderr: NodeJS.ReadableStream | undefined): () => string {
  let text = ''
  stderr?.on('data', (piece: Uint8Array) => {
    text = (text + new TextDecoder().decode(piece)).slice(-1500)
  })
  return () => text.trim().split('\n').slice(-3).join(' | ')
}
