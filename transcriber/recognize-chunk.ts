import type { Language } from '../storage/model/council.ts'
import type { Guard } from '../storage/model/transcript.ts'
import type { ChunkResult, PlannedChunk } from './chunk-result.ts'
import { isSuspicious, judge, refuseOutside } from './guards.ts'
import { type RecognizedIn, recognizeWithin } from './languages.ts'
import { EngineCrashedError, EngineRefusedError, type SpeechRecognizer } from './speech-recognizer.ts'
import { settleTimes, shiftWords } from './word-times.ts'

const mostAttempts = 3
/** Decoded again so warm when a guard suspects invention; the first that no guard suspects is taken. */
const warmer = [0.2, 0.4]

export interface RecognizeChunkOptions {
  languages: readonly Language[]
  prompt?: string
  signal?: AbortSignal
}

interface Tried extends RecognizedIn {
  guards: Guard[]
}

/**
 * Recognises one chunk. An engine that dies over it gets it again, three times in all; then the chunk is `failed`, and the session
 * goes on without it, visibly.
 * @param pcm sound from `chunk.fromMs` to `chunk.toMs`
 */
export async function recognizeChunk(
  recognizer: SpeechRecognizer,
  chunk: PlannedChunk,
  pcm: Uint8Array,
  options: RecognizeChunkOptions,
): Promise<ChunkResult> {
  for (let attempts = 1; ; attempts++) {
    try {
      return { ...(await hear(recognizer, chunk, pcm, options)), attempts }
    } catch (error) {
      options.signal?.throwIfAborted()
      const refused = error instanceof EngineRefusedError
      if (!refused && !(error instanceof EngineCrashedError)) throw error
      if (refused || attempts === mostAttempts) return failed(chunk, options.languages, error.message, attempts)
    }
  }
}

async function hear(
  recognizer: SpeechRecognizer,
  chunk: PlannedChunk,
  pcm: Uint8Array,
  options: RecognizeChunkOptions,
): Promise<Omit<ChunkResult, 'attempts'>> {
  const best = await mostTrusted(recognizer, chunk, pcm, options)
  const { kept, guards } = refuseOutside(shiftWords(best.recognition.words, chunk.fromMs), chunk.speech)
  const notes: Guard[] = best.heardAs ? [{ code: 'language', outcome: 'fired', detail: `first heard as ${best.heardAs}` }] : []
  if (kept.length === 0) notes.push({ code: 'no-words', outcome: 'fired', detail: 'speech was found and no word recognised' })
  return {
    v: 1,
    key: chunk.key,
    language: best.language,
    languageConfidence: best.confidence,
    status: 'ok',
    guards: [...best.guards, ...guards, ...notes],
    words: settleTimes(kept, chunk.speech),
  }
}

/** The first decoding that no guard suspects; if all are suspect, the first, and its guards stay on record. */
async function mostTrusted(
  recognizer: SpeechRecognizer,
  chunk: PlannedChunk,
  pcm: Uint8Array,
  options: RecognizeChunkOptions,
): Promise<Tried> {
  const { languages, prompt, signal } = options
  const cancel = signal ? { signal } : {}
  const decode = async (more: { prompt?: string; temperature?: number }): Promise<Tried> => {
    const heard = await recognizeWithin(recognizer, pcm, languages, { ...more, ...cancel })
    return { ...heard, guards: judge(heard.recognition, chunk.speech) }
  }
  const first = await decode(prompt === undefined ? {} : { prompt })
  if (!isSuspicious(first.guards)) return first
  for (const temperature of warmer) {
    const again = await decode({ temperature })
    if (isSuspicious(again.guards)) continue
    const codes = first.guards.filter((one) => one.outcome === 'fired').map((one) => one.code)
    const note: Guard = { code: 'decoded-again', outcome: 'fired', detail: `at temperature ${temperature}, after: ${codes.join(', ')}` }
    return { ...again, guards: [...again.guards, note] }
  }
  return first
}

function failed(chunk: PlannedChunk, languages: readonly Language[], why: string, attempts: number): ChunkResult {
  return {
    v: 1,
    key: chunk.key,
    language: languages[0] ?? 'gl',
    languageConfidence: null,
    status: 'failed',
    attempts,
    guards: [{ code: 'engine-failed', outcome: 'fired', detail: why.slice(0, 500) }],
    words: [],
  }
}
