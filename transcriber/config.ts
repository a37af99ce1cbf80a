import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** The settings of the transcriber cannot be used; the message lists every mistake. */
export class TranscriberConfigError extends Error {
  override readonly name = 'TranscriberConfigError'
}

const wholeNumber = (from: number, to: number) => z.coerce.number().int().min(from).max(to)

const settings = z.object({
  /** Name in models.lock.json or path; none = the state "model not installed", sessions complete without text. */
  model: z.string().optional(),
  /** Folder of installed models. Absolute. */
  models: z.string(),
  voiceActivityModel: z.string(),
  /** `auto`: the built server if it is there, else the prebuilt binding. */
  engine: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('auto') }),
    z.object({ kind: z.literal('built') }),
    z.object({ kind: z.literal('prebuilt') }),
    z.object({ kind: z.literal('whisper.cpp'), url: z.url({ protocol: /^https?$/ }), key: z.string().optional(), modelSha256: z.string() }),
    z.object({ kind: z.literal('openai'), url: z.url({ protocol: /^https?$/ }), key: z.string().optional(), modelSha256: z.string() }),
  ]),
  /** Builds of the engine. Absolute. */
  engines: z.string(),
  /** Build the server in the background when it is not there. */
  build: z.boolean(),
  threads: wholeNumber(1, 256),
  /** Chunks at once in this process. */
  concurrency: wholeNumber(1, 64),
  /** Hear only as much of the 30 s window as a chunk fills: three to five times faster on short turns; tried on the test model only. */
  shortWindow: z.boolean(),
  /** Decoded sound and checkpoints of the command, absolute. Nothing in it is missed when it is lost. */
  work: z.string(),
})
export type TranscriberConfig = z.output<typeof settings>

/** The environment variables of the transcriber; `.env.example` lists them all. `ESCANO_DATA` is storage's. */
export const transcriberVariables = [
  'ESCANO_MODELS',
  'ESCANO_TRANSCRIBER_MODEL',
  'ESCANO_TRANSCRIBER_VAD_MODEL',
  'ESCANO_TRANSCRIBER_ENGINE',
  'ESCANO_TRANSCRIBER_URL',
  'ESCANO_TRANSCRIBER_URL_KEY',
  'ESCANO_TRANSCRIBER_URL_MODEL_SHA256',
  'ESCANO_TRANSCRIBER_ENGINES',
  'ESCANO_TRANSCRIBER_BUILD',
  'ESCANO_TRANSCRIBER_THREADS',
  'ESCANO_TRANSCRIBER_CONCURRENCY',
  'ESCANO_TRANSCRIBER_SHORT_WINDOW',
] as const

/**
 * Settings from the environment. With nothing set: no model, the engine that is at hand, everything under ./data.
 * @throws TranscriberConfigError
 */
export function transcriberConfig(env: Record<string, string | undefined>): TranscriberConfig {
  const given = (name: (typeof transcriberVariables)[number] | 'ESCANO_DATA') => (env[name]?.trim() ? env[name].trim() : undefined)
  const data = resolve(given('ESCANO_DATA') ?? './data')
  const kind = given('ESCANO_TRANSCRIBER_ENGINE') ?? 'auto'
  const parsed = settings.safeParse({
    model: given('ESCANO_TRANSCRIBER_MODEL'),
    models: resolve(given('ESCANO_MODELS') ?? './models'),
    voiceActivityModel: given('ESCANO_TRANSCRIBER_VAD_MODEL') ?? 'silero-vad',
    engine: {
      kind,
      url: given('ESCANO_TRANSCRIBER_URL'),
      key: given('ESCANO_TRANSCRIBER_URL_KEY'),
      modelSha256: given('ESCANO_TRANSCRIBER_URL_MODEL_SHA256') ?? '0'.repeat(64),
    },
    engines: resolve(given('ESCANO_TRANSCRIBER_ENGINES') ?? join(data, 'engines')),
    build: given('ESCANO_TRANSCRIBER_BUILD') !== '0',
    threads: given('ESCANO_TRANSCRIBER_THREADS') ?? Math.min(8, availableParallelism()),
    concurrency: given('ESCANO_TRANSCRIBER_CONCURRENCY') ?? 1,
    shortWindow: given('ESCANO_TRANSCRIBER_SHORT_WINDOW') === '1',
    work: join(data, 'transcriber'),
  })
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new TranscriberConfigError(`the settings of the transcriber cannot be used. ${mistakes.join('; ')}`, { cause: parsed.error })
}
