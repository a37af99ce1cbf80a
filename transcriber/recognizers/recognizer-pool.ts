import type { Recognition, RecognizeOptions, SpeechRecognizer } from '../speech-recognizer.ts'

/**
 * Several engines of one make, each in a process of its own, as one recognizer: a chunk goes to whichever is free. Engines of one thread
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
    return this.#with((member) => member.recognize(pcm, options))
  }

  detectLanguage(pcm: Uint8Array, options?: { signal?: AbortSignal }): Promise<Record<string, number> | null> {
    return this.#with((member) => member.detectLanguage(pcm, options))
  }

  async #with<T>(work: (member: SpeechRecognizer) => Promise<T>): Promise<T> {
    const member = await this.#take()
    try {
      return await work(member)
    } finally {
      this.#giveBack(member)
    }
  }

  async #take(): Promise<SpeechRecognizer> {
    const member = this.#free.pop()
    if (member) return member
    const { promise, resolve } = Promise.withResolvers<SpeechRecognizer>()
    this.#waiting.push(resolve)
    return promise
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
