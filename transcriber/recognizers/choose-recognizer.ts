import { availableParallelism, totalmem } from 'node:os'
import type { TranscriberConfig } from '../config.ts'
import { type FoundModel, findModel } from '../models/model-folder.ts'
import { EngineRefusedError, NoEngineError, type SpeechRecognizer } from '../speech-recognizer.ts'
import { ModelMissingError, openModel, type WhisperFile } from '../whisper-file.ts'
import { BindingRecognizer, prebuiltBinding } from './binding-recognizer.ts'
import { cachedEngine, whyNoBuild } from './engine-build.ts'
import { shareMachine } from './engine-share.ts'
import { httpRecognizer } from './http-recognizer.ts'
import { RecognizerPool } from './recognizer-pool.ts'
import { WhisperServer } from './whisper-server.ts'

/**
 * The recognizer this machine has, tried once before it is taken: the configured address; else the built server; else the prebuilt
 * binding. Nothing waits for a build: it serves from the next start on.
 * @param niceness of the engine's processes on this machine
 * @throws ModelMissingError, ModelRefusedError, NoEngineError, EngineRefusedError
 */
export async function chooseRecognizer(config: TranscriberConfig, niceness?: number): Promise<SpeechRecognizer> {
  const { engine } = config
  if (engine.kind === 'whisper.cpp' || engine.kind === 'openai') {
    const { kind: dialect, url, key, modelSha256 } = engine
    const model = { name: config.model ?? 'unnamed', sha256: modelSha256 }
    const named = { name: dialect, build: 'remote, not known' }
    return httpRecognizer({ url, dialect, engine: named, model, shortWindow: config.shortWindow ?? false, ...(key ? { key } : {}) })
  }
  const model = await installedModel(config)
  const refusals: string[] = []
  for (const candidate of await candidates(config, model, { refusals, niceness })) {
    try {
      await smokeTest(candidate)
      return candidate
    } catch (error) {
      await candidate[Symbol.asyncDispose]()
      if (error instanceof EngineRefusedError) throw error
      refusals.push(`${candidate.engine.build}: ${error instanceof Error ? error.message : error}`)
    }
  }
  throw new NoEngineError(`no recognition engine runs here: ${refusals.join('; ')}`)
}

type InstalledModel = WhisperFile & Pick<FoundModel, 'window'>

/** The configured model, its hash checked against the lock file and its tensors walked. */
async function installedModel(config: TranscriberConfig): Promise<InstalledModel> {
  if (config.model === undefined) {
    throw new ModelMissingError('no recognition model is chosen: set ESCANO_TRANSCRIBER_MODEL to a name of "escano models list" or a path')
  }
  const { path, name, sha256, window } = await findModel(config.model, { folder: config.models })
  return { ...(await openModel(path, sha256)), name, window }
}

async function candidates(
  config: TranscriberConfig,
  model: InstalledModel,
  { refusals, niceness }: { refusals: string[]; niceness: number | undefined },
): Promise<SpeechRecognizer[]> {
  const found: SpeechRecognizer[] = []
  const machine = { cores: availableParallelism(), memoryBytes: totalmem() }
  const { engines, threads } = shareMachine(machine, model.sizeBytes, config)
  const shortWindow = config.shortWindow ?? model.window === 'chunk'
  if (config.engine.kind !== 'prebuilt') {
    const built = await cachedEngine({ folder: config.engines })
    if (built) found.push(pool(() => new WhisperServer({ ...built, model, threads, shortWindow, niceness }), engines))
    else refusals.push((await whyNoBuild()) ?? 'the server is not built yet')
  }
  if (config.engine.kind !== 'built') {
    const binding = prebuiltBinding()
    if (binding) found.push(pool(() => new BindingRecognizer({ binding, model, threads, niceness }), engines))
    else refusals.push(`no prebuilt binding for ${process.platform} ${process.arch}`)
  }
  return found
}

function pool(make: () => SpeechRecognizer, size: number): SpeechRecognizer {
  return size === 1 ? make() : new RecognizerPool([make(), ...Array.from({ length: size - 1 }, make)])
}

/** Half a second of silence: an engine that dies on this machine, or says something to it that is no answer, is found out here. */
async function smokeTest(recognizer: SpeechRecognizer): Promise<void> {
  await recognizer.recognize(new Uint8Array(16_000), { language: 'gl', signal: AbortSignal.timeout(120_000) })
}
