import { createRequire } from 'node:module'
import { createInterface, type Interface } from 'node:readline'
import { z } from 'zod'
import { gentleLadder, type RunningProgram, startProgram } from '../../storage/programs/run-program.ts'
import { fullWindowMs } from '../chunk-plan.ts'
import { siblingScript } from '../sibling-script.ts'
import {
  EngineCrashedError,
  EngineRefusedError,
  type Recognition,
  type RecognizeOptions,
  type SpeechRecognizer,
} from '../speech-recognizer.ts'
import type { WhisperFile } from '../whisper-file.ts'
import { joinTokens } from './tokens.ts'
import { atLeastSeconds } from './wav.ts'

const reply = z.object({
  id: z.int(),
  language: z.string(),
  segments: z.array(z.object({ text: z.string(), t0: z.number(), t1: z.number() })).max(10_000),
})
const greeting = z.union([z.object({ ready: z.literal(true) }), z.object({ refused: z.string() })])

/** Name of the package that holds whisper.cpp built for this machine (CPU only), and its version; undefined when there is none. */
export function prebuiltBinding(): { name: string; version: string } | undefined {
  const name = `@fugood/node-whisper-${process.platform}-${process.arch}`
  try {
    const description: unknown = createRequire(import.meta.url)(`${name}/package.json`)
    return { name, version: z.object({ version: z.string() }).parse(description).version }
  } catch {
    // An optional package: absent on other machines.
    return undefined
  }
}

interface Running {
  program: RunningProgram
  lines: AsyncIterator<string>
  reader: Interface
}

/** whisper.cpp prebuilt, in a child process. It gives words and times but no probability: that stays null. One chunk at a time. */
export class BindingRecognizer implements SpeechRecognizer {
  readonly engine: { name: string; build: string }
  readonly model: { name: string; sha256: string }
  readonly parameters = 'binding;context=0;window=full'
  readonly gives = { probability: false, languageProbabilities: false }
  readonly #settings: { package: string; model: string; threads: number }
  readonly #niceness: number | undefined
  #running: Running | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #nextId = 1

  /** @param options.niceness of the process */
  constructor(options: { binding: { name: string; version: string }; model: WhisperFile; threads: number; niceness?: number | undefined }) {
    this.engine = { name: 'whisper.cpp (prebuilt)', build: `${options.binding.name}@${options.binding.version}` }
    this.model = { name: options.model.name, sha256: options.model.sha256 }
    this.#settings = { package: options.binding.name, model: options.model.path, threads: options.threads }
    this.#niceness = options.niceness
  }

  readonly repeatable = true
  readonly window = 'full'
  readonly longestMs = fullWindowMs
  readonly lanes = 1

  get pid(): number | undefined {
    return this.#running?.program.pid
  }

  forChunk<T>(work: (engine: SpeechRecognizer) => Promise<T>): Promise<T> {
    return work(this)
  }

  async detectLanguage(): Promise<null> {
    return null
  }

  recognize(pcm: Uint8Array, options: RecognizeOptions): Promise<Recognition> {
    const result = this.#queue.then(() => this.#ask(pcm, options))
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #ask(pcm: Uint8Array, options: RecognizeOptions): Promise<Recognition> {
    options.signal?.throwIfAborted()
    // Dice that nobody has thrown yet: a process of its own.
    if (options.temperature) await this.#stop()
    this.#running ??= await this.#start()
    const running = this.#running
    const stop = () => void running.program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
    options.signal?.addEventListener('abort', stop, { once: true })
    try {
      const id = this.#nextId++
      const audio = Buffer.from(atLeastSeconds(pcm, 1.2)).toString('base64')
      const request = { id, pcm: audio, language: options.language, temperature: options.temperature ?? 0, prompt: options.prompt ?? '' }
      running.program.stdin?.write(`${JSON.stringify(request)}\n`)
      const answer = reply.parse(JSON.parse(await this.#nextLine(running)))
      if (answer.id !== id) throw new EngineCrashedError(`the prebuilt binding answered request ${answer.id}, expected ${id}`)
      return toRecognition(answer)
    } catch (error) {
      this.#running = undefined
      await running.program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
      options.signal?.throwIfAborted()
      throw error
    } finally {
      options.signal?.removeEventListener('abort', stop)
    }
  }

  async #start(): Promise<Running> {
    const script = siblingScript(import.meta.url, 'binding-process')
    const program = await startProgram(process.execPath, [script, JSON.stringify(this.#settings)], {
      ...{ stdin: 'pipe', stdout: 'pipe' },
      ...(this.#niceness === undefined ? {} : { niceness: this.#niceness }),
    })
    if (!program.stdin || !program.stdout) throw new EngineCrashedError('the prebuilt binding was started without pipes')
    // A child that dies while it is written to must end the request, not this process.
    program.stdin.on('error', () => undefined)
    const reader = createInterface({ input: program.stdout })
    const running = { program, reader, lines: reader[Symbol.asyncIterator]() }
    const hello = greeting.parse(JSON.parse(await this.#nextLine(running)))
    if ('refused' in hello) throw new EngineRefusedError(`the prebuilt whisper.cpp refuses the model: ${hello.refused}`)
    return running
  }

  async #nextLine(running: Running): Promise<string> {
    const { value, done } = await running.lines.next()
    if (!done) return value
    const { code, signal } = await running.program.exited
    throw new EngineCrashedError(`the prebuilt whisper.cpp ended with ${signal ?? `code ${code}`}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue
    await this.#stop()
  }

  async #stop(): Promise<void> {
    this.#running?.program.stdin?.end()
    await this.#running?.program.stop([{ signal: 'SIGTERM', waitMs: 1000 }, ...gentleLadder.slice(-1)])
    this.#running = undefined
  }
}

function toRecognition(answer: z.infer<typeof reply>): Recognition {
  const tokens = answer.segments.map((one) => ({
    text: one.text,
    fromMs: Math.max(0, Math.round(one.t0)),
    toMs: Math.max(0, Math.round(one.t1)),
    probability: null,
  }))
  return {
    language: answer.language,
    words: joinTokens(tokens),
    averageLogProbability: null,
    noSpeechProbability: null,
  }
}
