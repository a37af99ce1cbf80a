import { z } from 'zod'
import { EngineRefusedError, type HeardWord, type Recognition } from '../speech-recognizer.ts'
import { type HeardToken, joinTokens, spreadWords } from './tokens.ts'

const seconds = z.number().min(-1).max(100_000)
const text = z.string().max(20_000)
const timedWord = z.object({ word: text, start: seconds.optional(), end: seconds.optional(), probability: z.number().optional() })
const segment = z.object({
  text,
  start: seconds.optional(),
  end: seconds.optional(),
  avg_logprob: z.number().nullable().optional(),
  no_speech_prob: z.number().optional(),
  tokens: z.array(z.int()).max(10_000).optional(),
  words: z.array(timedWord).max(10_000).optional(),
})

/** What a whisper.cpp server and OpenAI-compatible ones answer with `response_format=verbose_json`. */
export const verboseJson = z.object({
  language: z.string().max(60),
  text,
  segments: z.array(segment).max(2000).default([]),
  words: z.array(timedWord).max(10_000).optional(),
  language_probabilities: z.record(z.string().max(10), z.number()).optional(),
})
type VerboseJson = z.infer<typeof verboseJson>

const codes: Record<string, string> = {
  galician: 'gl',
  spanish: 'es',
  portuguese: 'pt',
  catalan: 'ca',
  english: 'en',
  italian: 'it',
  french: 'fr',
}

/** ISO 639-1 code of a language that is named in English, as these servers do; a code stays one. */
export function languageCode(name: string): string {
  const known = name.trim().toLowerCase()
  return codes[known] ?? known
}

/**
 * Reads an answer. whisper.cpp gives tokens as `words` of each segment, with a space where a word begins; OpenAI's gives whole words
 * at the top. Without word times the words are spread over their segment and say so.
 * @throws EngineRefusedError it is no such answer
 */
export function readVerboseJson(answer: unknown, durationMs: number): Recognition {
  const parsed = verboseJson.safeParse(answer)
  if (!parsed.success) throw new EngineRefusedError(`the recognizer's answer is no verbose_json: ${z.prettifyError(parsed.error)}`)
  const json = parsed.data
  return {
    language: languageCode(json.language),
    words: wordsOf(json, durationMs),
    averageLogProbability: averageLogProbability(json),
    noSpeechProbability: json.segments.reduce<number | null>((most, one) => largest(most, one.no_speech_prob), null),
  }
}

/** Probabilities of languages by code, of an answer that holds them. @throws EngineRefusedError */
export function readLanguages(answer: unknown): Record<string, number> | null {
  const parsed = verboseJson.safeParse(answer)
  if (!parsed.success) throw new EngineRefusedError(`the recognizer's answer is no verbose_json: ${z.prettifyError(parsed.error)}`)
  return parsed.data.language_probabilities ?? null
}

function wordsOf(json: VerboseJson, durationMs: number): HeardWord[] {
  if (json.words && json.words.length > 0) return json.words.flatMap((one) => wholeWord(one))
  const tokens = json.segments.flatMap(tokensOf)
  if (tokens.length > 0) return joinTokens(tokens)
  return json.segments.flatMap((one) => spreadWords(one.text, toMs(one.start ?? 0), toMs(one.end ?? durationMs / 1000)))
}

function wholeWord(one: z.infer<typeof timedWord>): HeardWord[] {
  const text = one.word.trim()
  if (text === '' || one.start === undefined) return []
  const probability = one.probability === undefined ? null : Math.min(1, Math.max(0, one.probability))
  return [{ text, fromMs: toMs(one.start), toMs: toMs(one.end ?? one.start), probability, method: 'token' }]
}

/**
 * Asked for segments of one token (`max_len` 1), whisper.cpp gives a token's own times and those of its segment. The segment's are
 * better: they begin where Whisper's time marks say and reach to the next token (word starts on the sample: median 0.08 s off, not 0.11).
 */
function tokensOf(one: z.infer<typeof segment>): HeardToken[] {
  const own = one.words ?? []
  const [only] = own
  if (own.length !== 1 || !only || one.start === undefined || one.end === undefined) return own.map(toToken)
  return [toToken({ ...only, start: one.start, end: one.end })]
}

function toToken(one: z.infer<typeof timedWord>): HeardToken {
  const fromMs = toMs(one.start ?? 0)
  return { text: one.word, fromMs, toMs: Math.max(fromMs, toMs(one.end ?? 0)), probability: one.probability ?? null }
}

/** Mean over tokens, since segments differ in length. */
function averageLogProbability(json: VerboseJson): number | null {
  let sum = 0
  let count = 0
  for (const one of json.segments) {
    if (typeof one.avg_logprob !== 'number') continue
    const weight = Math.max(1, one.tokens?.length ?? 1)
    sum += one.avg_logprob * weight
    count += weight
  }
  return count === 0 ? null : sum / count
}

function largest(a: number | null, b: number | undefined): number | null {
  return b === undefined ? a : Math.max(a ?? 0, b)
}

function toMs(value: number): number {
  return Math.max(0, Math.round(value * 1000))
}
