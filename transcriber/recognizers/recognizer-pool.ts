import type { Recognition, RecognizeOptions, SpeechRecognizer } from '../speech-recognizer.ts'

/**
 * Several engines of one make, each in a process of its own, as one recognizer: a chunk goes to whichever is free and keeps it. Engines of one thread
 * each use all cores of a machine and lose nothing when others want them too; the threads of one engine wait for each other by spinning
 * (measured on busy cores: twice to three times the processor time). The price is a model in memory for each.
 */
export class RecognizerPool implements SpeechRecognizer {
  readonly #members: readonly SpeechRecognizer[]
  readonly #free: SpeechRecognizer[]
  readonly #waiting: ((member: SpeechRecognizer) => void)[] = []
  readonly #first: SpeechRecognizer

  /** @param members at least one, all of one engine, model and settings */
  constructor(members: readonly [SpeechRecognizer, ...SpeechRecognizer[]]) {
    this.#members = members
    this.#free = [...members]
    this.#first = members[0]
  }

  get engine(): SpeechRecognizer['engine'] {
    return this.#first.engine
  }

  get model(): SpeechRecognizer['model'] {
    return this.#first.model
  }

  get parameters(): string {
    return this.#first.parameters
  }

  get gives(): SpeechRecognizer['gives'] {
    return this.#first.gives
  }

  get pid(): number | undefined {
    return this.#first.pid
  }

  get repeatable(): boolean {
    return this.#first.repeatable
  }

  get window(): SpeechRecognizer['window'] {
    return this.#first.window
  }

  get longestMs(): number {
    return this.#first.longestMs
  }

  get lanes(): number {
    return this.#members.length
  }

  recognize(pcm: Uint8Array, options: RecognizeOptions): Promise<Recognition> {
    return this.forChunk((member) => member.recognize(pcm, options), options)
  }

  detectLanguage(pcm: Uint8Array, options?: { signal?: AbortSignal }): Promise<Record<string, number> | null> {
    return this.forChunk((member) => member.detectLanguage(pcm, options), options)
  }

  async forChunk<T>(work: (member: SpeechRecognizer) => Promise<T>, options: { signal?: AbortSignal | undefined } = {}): Promise<T> {
    const member = await this.#take(options.signal)
    try {
      return await work(member)
    } finally {
      this.#giveBack(member)
    }
  }

  async #take(signal?: AbortSignal): Promise<SpeechRecognizer> {
    signal?.throwIfAborted()
    const member = this.#free.pop()
    if (member) return member
    const { promise, resolve, reject } = Promise.withResolvers<SpeechRecognizer>()
    this.#waiting.push(resolve)
    const leave = () => {
      const place = this.#waiting.indexOf(resolve)
      // Nothing to leave: an engine came in the same moment, and is given back by whoever asked.
      if (place === -1) return
      this.#waiting.splice(place, 1)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', leave, { once: true })
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  #giveBack(member: SpeechRecognizer): void {
    const next = this.#waiting.shift()
    if (next) next(member)
    else this.#free.push(member)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()))
  }
}
