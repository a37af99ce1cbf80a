import type { Language } from '../storage/model/council.ts'
import type { Guard } from '../storage/model/transcript.ts'
import type { ChunkResult, PlannedChunk } from './chunk-result.ts'
import { placeWords } from './chunk-sound.ts'
import { isSuspicious, judge, refuseOutside } from './guards.ts'
import { chooseLanguage, type RecognizedIn, recognizeWithin } from './languages.ts'
import {
  EngineCrashedError,
  EngineRefusedError,
  type HeardWord,
  type Recognition,
  type RecognizeOptions,
  type SpeechRecognizer,
} from './speech-recognizer.ts'
import { settleTimes } from './word-times.ts'

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
 * @param pcm sound of its pieces, as readChunk gives it
 */
export async function recognizeChunk(
  recognizer: SpeechRecognizer,
  chunk: PlannedChunk,
  pcm: Uint8Array,
  options: RecognizeChunkOptions,
): Promise<ChunkResult> {
  for (let attempts = 1; ; attempts++) {
    try {
      const heard = await recognizer.forChunk((engine) => hear(engine, chunk, pcm, options), options)
      return { ...heard, attempts }
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
  const { words, guards } = settle(best.recognition.words, chunk)
  const notes: Guard[] = best.heardAs ? [{ code: 'language', outcome: 'fired', detail: `first heard as ${best.heardAs}` }] : []
  if (words.length === 0) notes.push({ code: 'no-words', outcome: 'fired', detail: 'speech was found and no word recognised' })
  const { alternative } = best
  return {
    v: 2,
    key: chunk.key,
    language: best.language,
    languageConfidence: best.confidence,
    status: 'ok',
    guards: [...best.guards, ...guards, ...notes],
    words,
    averageLogProbability: best.recognition.averageLogProbability,
    ...(alternative && !isSuspicious(judge(alternative.recognition, chunk.speech))
      ? {
          alternative: {
            language: alternative.language,
            words: settle(alternative.recognition.words, chunk).words,
            averageLogProbability: alternative.recognition.averageLogProbability,
          },
        }
      : {}),
  }
}

/** Words on the session's line: those outside speech refused, the others inside it and in order. */
function settle(heard: Recognition['words'], chunk: PlannedChunk): { words: HeardWord[]; guards: Guard[] } {
  const { kept, guards } = refuseOutside(placeWords(heard, chunk.pieces), chunk.speech)
  return { words: settleTimes(kept, chunk.speech), guards }
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
  const choice = await chooseLanguage(recognizer, pcm, languages, cancel)
  const decode = async (more: Pick<RecognizeOptions, 'prompt' | 'temperature' | 'fullWindow'>): Promise<Tried> => {
    const heard = await recognizeWithin(recognizer, pcm, choice, { ...more, ...cancel })
    return { ...heard, guards: judge(heard.recognition, chunk.speech) }
  }
  const first = await decode(prompt === undefined ? {} : { prompt })
  if (!isSuspicious(first.guards)) return first
  const codes = first.guards.filter((one) => one.outcome === 'fired').map((one) => one.code)
  for (const { how, ...more } of secondTries(recognizer, prompt)) {
    const again = await decode(more)
    if (isSuspicious(again.guards)) continue
    const note: Guard = { code: 'decoded-again', outcome: 'fired', detail: `${how}, after: ${codes.join(', ')}` }
    return { ...again, guards: [...again.guards, note] }
  }
  return notTrusted(first, codes)
}

/**
 * What else is tried with a chunk, in this order. A window cut to the sound's length makes Whisper repeat itself where it was not trained for
 * it, so the full one comes first, and stays. A prompt leaks into what is hard to hear: then without it. Last warmer, where that gives the
 * same whoever does it again.
 */
function secondTries(
  recognizer: Pick<SpeechRecognizer, 'window' | 'repeatable'>,
  prompt: string | undefined,
): ({ how: string } & Pick<RecognizeOptions, 'prompt' | 'temperature' | 'fullWindow'>)[] {
  const full = recognizer.window === 'chunk' ? { fullWindow: true } : {}
  const told = prompt === undefined ? {} : { prompt }
  return [
    ...(recognizer.window === 'chunk' ? [{ how: 'in the full window', ...full, ...told }] : []),
    ...(prompt === undefined ? [] : [{ how: 'without the prompt', ...full }]),
    ...(recognizer.repeatable ? warmer.map((temperature) => ({ how: `at temperature ${temperature}`, ...full, temperature })) : []),
  ]
}

/** The first decoding stays, marked: a person has to listen. */
function notTrusted(first: Tried, codes: string[]): Tried {
  const mark: Guard = { code: 'not-trusted', outcome: 'fired', detail: `every decoding was suspect: ${codes.join(', ')}` }
  return { ...first, guards: [...first.guards, mark] }
}

function failed(chunk: PlannedChunk, languages: readonly Language[], why: string, attempts: number): ChunkResult {
  return {
    v: 2,
    key: chunk.key,
    language: languages[0] ?? 'gl',
    languageConfidence: null,
    status: 'failed',
    attempts,
    guards: [{ code: 'engine-failed', outcome: 'fired', detail: why.slice(0, 500) }],
    words: [],
    averageLogProbability: null,
  }
}
