import { z } from 'zod'
import { language } from '../storage/model/council.ts'
import { sha256Hex } from '../storage/model/ids.ts'
import { guard } from '../storage/model/transcript.ts'

const ms = z.int().nonnegative()
const region = z.object({ fromMs: ms, toMs: ms })

/** How a session is cut, and what the cuts were made from; kept, so that every worker cuts the same. Times on the media line. */
export const chunkPlan = z.object({
  v: z.literal(2),
  runs: z.array(region),
  speech: z.array(region),
  /** When somebody speaks into each channel; absent when the sound has one, empty when all carry the same. */
  channelActivity: z.array(region.extend({ channel: z.int().positive() })).optional(),
  voiceActivity: z.string(),
  /** Which voice speaks when, where models for it are installed (speakers/voices.ts); `problem`: they could not be used. */
  diarization: z
    .object({
      build: z.string(),
      turns: z.array(region.extend({ block: z.int().nonnegative(), voice: z.int().nonnegative() })),
      problem: z.string().optional(),
    })
    .optional(),
  engine: z.object({ name: z.string(), build: z.string() }),
  /** Null: no model installed when it was planned; nothing is recognised. */
  model: z.object({ name: z.string(), sha256: sha256Hex }).nullable(),
  languages: z.array(language).min(1),
  /** A person stopped it: what is recognised stays, nothing more is, until the session is planned again. */
  cancelled: z.literal(true).optional(),
  /** What the recognizer is told beforehand, each once; absent when it is told nothing. */
  prompts: z.array(z.string().min(1)).optional(),
  chunks: z.array(
    z.object({
      index: z.int().nonnegative(),
      fromMs: ms,
      toMs: ms,
      /** What is heard at once: stretches of one microphone. */
      pieces: z.array(region).min(1),
      speech: z.array(region),
      /** Which of the prompts. */
      prompt: z.int().nonnegative().optional(),
      key: sha256Hex,
    }),
  ),
})
export type ChunkPlan = z.infer<typeof chunkPlan>
export type PlannedChunk = ChunkPlan['chunks'][number]

const resultWords = z.array(
  z.object({
    text: z.string().min(1),
    fromMs: ms,
    toMs: ms,
    probability: z.number().min(0).max(1).nullable(),
    method: z.enum(['token', 'dtw', 'spread']),
  }),
)

/** What was recognised in a chunk: its checkpoint. Times on the media line. */
export const chunkResult = z.object({
  v: z.literal(2),
  key: sha256Hex,
  language,
  languageConfidence: z.number().min(0).max(1).nullable(),
  /** `failed`: the engine died over it three times, or refuses it. */
  status: z.enum(['ok', 'failed']),
  attempts: z.int().positive(),
  guards: z.array(guard),
  words: resultWords,
  /** Mean over the tokens, natural logarithm; null when the engine gives none. */
  averageLogProbability: z.number().nullable(),
  /** The sound left the language open: the same chunk decoded in the other one. Which is taken is told by who speaks (settle-languages.ts). */
  alternative: z.object({ language, words: resultWords, averageLogProbability: z.number().nullable() }).optional(),
})
export type ChunkResult = z.infer<typeof chunkResult>

/** Checkpoints, by key. A result that is there is never made again. */
export interface ChunkResults {
  read(key: string): Promise<ChunkResult | undefined>
  write(chunk: number, result: ChunkResult): Promise<void>
}
