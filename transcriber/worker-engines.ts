import { setTimeout as pause } from 'node:timers/promises'
import { backgroundNiceness } from './background.ts'
import type { ChunkPlan } from './chunk-result.ts'
import type { TranscriberConfig } from './config.ts'
import { findModel } from './models/model-folder.ts'
import { chooseRecognizer } from './recognizers/choose-recognizer.ts'
import { buildEngine, cachedEngine, whyNoBuild } from './recognizers/engine-build.ts'
import { EngineRefusedError, NoEngineError, type SpeechRecognizer } from './speech-recognizer.ts'
import { ModelMissingError, ModelRefusedError } from './whisper-file.ts'

/** A build takes a minute of all cores, at the lowest priority; it begins when nothing has been asked for this long. */
const idleMs = 60_000

/** Why nothing is recognised. The session completes without text, and says so. */
export interface NoRecognizer {
  state: 'model-missing' | 'model-refused' | 'no-engine'
  reason: string
}

/** The recognizers a worker holds: chosen when a session is planned, kept while chunks of that plan come. */
export class WorkerEngines implements AsyncDisposable {
  readonly #config: TranscriberConfig
  readonly #report: (error: Error) => void
  readonly #held = new Map<string, SpeechRecognizer>()
  readonly #stopping = new AbortController()
  #lastWorkMs = Date.now()
  #choosing: Promise<unknown> = Promise.resolve()
  #building: Promise<void> = Promise.resolve()

  constructor(config: TranscriberConfig, report: (error: Error) => void) {
    this.#config = config
    this.#report = report
  }

  /** Work began or ended. */
  touch(): void {
    this.#lastWorkMs = Date.now()
  }

  /** Builds the server if there is a compiler and no build yet, once there was no work for a minute; nobody waits for it. */
  buildWhenIdle(): void {
    const kind = this.#config.engine.kind
    if (!this.#config.build || (kind !== 'auto' && kind !== 'built')) return
    this.#building = this.#build().catch((error: Error) => {
      if (!this.#stopping.signal.aborted) this.#report(error)
    })
  }

  async #build(): Promise<void> {
    const folder = this.#config.engines
    const { signal } = this.#stopping
    if ((await cachedEngine({ folder })) || (await whyNoBuild())) return
    while (Date.now() - this.#lastWorkMs < idleMs) await pause(1000, undefined, { signal, ref: false })
    const { encodesOnce, build } = await buildEngine({ folder, signal })
    if (!encodesOnce)
      this.#report(new Error(`${build} was built as upstream has it: our change found no place in it, so full windows take longer`))
  }

  /** Whether the model may be told words beforehand: as models.lock.json says; what is elsewhere is taken for a published one. */
  async takesPrompt(): Promise<boolean> {
    const { engine, model, models, prompt } = this.#config
    if (prompt !== undefined) return prompt
    if (engine.kind === 'whisper.cpp' || engine.kind === 'openai') return true
    return model !== undefined && (await findModel(model, { folder: models })).prompt
  }

  /** The recognizer for a new plan. */
  async choose(): Promise<SpeechRecognizer | NoRecognizer> {
    return this.#inTurn(async () => {
      try {
        return this.#keep(await chooseRecognizer(this.#config, backgroundNiceness))
      } catch (error) {
        const state = stateOf(error)
        if (state === undefined || !(error instanceof Error)) throw error
        return { state, reason: error.message }
      }
    })
  }

  /** The recognizer a plan was made with; undefined when this worker has not got it: the session must be planned anew. */
  async forPlan(plan: ChunkPlan): Promise<SpeechRecognizer | undefined> {
    return this.#inTurn(async () => {
      const held = this.#held.get(nameOf(plan))
      if (held) return held
      for (const kind of this.#config.engine.kind === 'auto' ? (['auto', 'prebuilt'] as const) : [undefined]) {
        try {
          const found = await chooseRecognizer(kind ? { ...this.#config, engine: { kind } } : this.#config, backgroundNiceness)
          if (nameOf(found) === nameOf(plan)) return this.#keep(found)
          await found[Symbol.asyncDispose]()
        } catch (error) {
          if (stateOf(error) === undefined) throw error
        }
      }
      return undefined
    })
  }

  /** One of a kind: a second process with the same model would only cost memory. */
  async #keep(found: SpeechRecognizer): Promise<SpeechRecognizer> {
    const held = this.#held.get(nameOf(found))
    if (held) await found[Symbol.asyncDispose]()
    else this.#held.set(nameOf(found), found)
    return held ?? found
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#choosing.then(() => {
      this.#stopping.signal.throwIfAborted()
      return work()
    })
    this.#choosing = result.catch(() => undefined)
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error('Escano is stopping'))
    await Promise.all([this.#building, this.#choosing])
    await Promise.all([...this.#held.values()].map((one) => one[Symbol.asyncDispose]()))
  }
}

function nameOf(of: Pick<ChunkPlan, 'engine' | 'model'>): string {
  return `${of.engine.name} ${of.engine.build} ${of.model?.sha256}`
}

function stateOf(error: unknown): NoRecognizer['state'] | undefined {
  if (error instanceof ModelMissingError) return 'model-missing'
  if (error instanceof ModelRefusedError || error instanceof EngineRefusedError) return 'model-refused'
  return error instanceof NoEngineError ? 'no-engine' : undefined
}
