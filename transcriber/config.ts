import { join, resolve } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../storage/model/ids.ts'

/** The settings of the transcriber cannot be used; the message lists every mistake. */
export class TranscriberConfigError extends Error {
  override readonly name = 'ConfigError'
}

const text = z.string().trim().min(1)
const wholeNumber = (from: number, to: number) => z.coerce.number().int().min(from).max(to)
const yesOrNo = z.enum(['0', '1']).transform((value) => value === '1')

/** The environment variables of the transcriber; `.env.example` lists them all. `ESCANO_DATA` is storage's. */
export const transcriberEnvironment = z.object({
  ESCANO_MODELS: text.default('./models'),
  ESCANO_TRANSCRIBER_MODEL: text.optional(),
  ESCANO_TRANSCRIBER_VAD_MODEL: text.default('silero-vad'),
  ESCANO_TRANSCRIBER_ENGINE: z.enum(['auto', 'built', 'prebuilt', 'whisper.cpp', 'openai']).default('auto'),
  ESCANO_TRANSCRIBER_URL: z.url({ protocol: /^https?$/ }).optional(),
  ESCANO_TRANSCRIBER_URL_KEY: text.optional(),
  ESCANO_TRANSCRIBER_URL_MODEL_SHA256: sha256Hex.default('0'.repeat(64)),
  ESCANO_TRANSCRIBER_ENGINES: text.optional(),
  ESCANO_TRANSCRIBER_BUILD: yesOrNo.default(true),
  ESCANO_TRANSCRIBER_THREADS: wholeNumber(1, 256).optional(),
  ESCANO_TRANSCRIBER_CONCURRENCY: wholeNumber(1, 64).optional(),
  ESCANO_TRANSCRIBER_SHORT_WINDOW: yesOrNo.optional(),
  ESCANO_TRANSCRIBER_PROMPT: yesOrNo.optional(),
})

/** A server elsewhere that recognises; `modelSha256` is zeros when the operator did not say. */
export interface RemoteEngine {
  kind: 'whisper.cpp' | 'openai'
  url: string
  key?: string
  modelSha256: string
}

export interface TranscriberConfig {
  /** Name in models.lock.json or path; none = the state "model not installed", sessions complete without text. */
  model?: string
  /** Folder of installed models. Absolute. */
  models: string
  voiceActivityModel: string
  /** `auto`: the built server if it is there, else the prebuilt binding. */
  engine: { kind: 'auto' | 'built' | 'prebuilt' } | RemoteEngine
  /** Builds of the engine. Absolute. */
  engines: string
  /** Build the server in the background when it is not there. */
  build: boolean
  /** Of each engine; by default the cores shared out among them (engine-share.ts). */
  threads?: number
  /** Chunks at once in this worker, each by an engine process of its own, with the model in memory; by default an engine a core. */
  concurrency?: number
  /** Hear only as much of the 30 s window as a chunk fills; by default as models.lock.json says of the model. */
  shortWindow?: boolean
  /** Tell the recognizer names of people and places beforehand; by default as models.lock.json says of the model. */
  prompt?: boolean
  /** Decoded sound, and checkpoints of the command. Absolute. Nothing in it is missed when it is lost. */
  work: string
}

/**
 * Settings from the environment. With nothing set: no model, the engine that is at hand, everything under ./data.
 * @throws TranscriberConfigError
 */
export function transcriberConfig(env: Record<string, string | undefined>): TranscriberConfig {
  const given = Object.entries(env).filter(([, value]) => value?.trim())
  const parsed = transcriberEnvironment.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new TranscriberConfigError(`the settings of the transcriber cannot be used. ${mistakes.join('; ')}`, { cause: parsed.error })
  }
  const of = parsed.data
  const data = resolve(env.ESCANO_DATA?.trim() || './data')
  return {
    ...(of.ESCANO_TRANSCRIBER_MODEL === undefined ? {} : { model: of.ESCANO_TRANSCRIBER_MODEL }),
    models: resolve(of.ESCANO_MODELS),
    voiceActivityModel: of.ESCANO_TRANSCRIBER_VAD_MODEL,
    engine: engineOf(of),
    engines: of.ESCANO_TRANSCRIBER_ENGINES ? resolve(of.ESCANO_TRANSCRIBER_ENGINES) : enginesFolder(env, data),
    build: of.ESCANO_TRANSCRIBER_BUILD,
    ...(of.ESCANO_TRANSCRIBER_THREADS === undefined ? {} : { threads: of.ESCANO_TRANSCRIBER_THREADS }),
    ...(of.ESCANO_TRANSCRIBER_CONCURRENCY === undefined ? {} : { concurrency: of.ESCANO_TRANSCRIBER_CONCURRENCY }),
    ...(of.ESCANO_TRANSCRIBER_SHORT_WINDOW === undefined ? {} : { shortWindow: of.ESCANO_TRANSCRIBER_SHORT_WINDOW }),
    ...(of.ESCANO_TRANSCRIBER_PROMPT === undefined ? {} : { prompt: of.ESCANO_TRANSCRIBER_PROMPT }),
    work: join(data, 'transcriber'),
  }
}

/** Builds are kept per user, so that a second clone or an emptied data folder need not build again. */
export function enginesFolder(env: Record<string, string | undefined>, data: string): string {
  const cache = env.XDG_CACHE_HOME?.trim() || (env.HOME?.trim() ? join(env.HOME.trim(), '.cache') : undefined)
  return cache === undefined ? join(data, 'engines') : join(resolve(cache), 'escano', 'engines')
}

function engineOf(of: z.output<typeof transcriberEnvironment>): TranscriberConfig['engine'] {
  const kind = of.ESCANO_TRANSCRIBER_ENGINE
  if (kind !== 'whisper.cpp' && kind !== 'openai') return { kind }
  const { ESCANO_TRANSCRIBER_URL: url, ESCANO_TRANSCRIBER_URL_KEY: key } = of
  if (url === undefined) {
    throw new TranscriberConfigError(`ESCANO_TRANSCRIBER_ENGINE=${kind} needs the address of the server in ESCANO_TRANSCRIBER_URL`)
  }
  return { kind, url, modelSha256: of.ESCANO_TRANSCRIBER_URL_MODEL_SHA256, ...(key === undefined ? {} : { key }) }
}
