import type { Language } from '../storage/model/council.ts'

/** A word as the engine gave it; times in milliseconds from the start of the chunk. */
export interface HeardWord {
  text: string
  fromMs: number
  toMs: number
  /** 0 to 1; null when the engine gives none. */
  probability: number | null
  method: 'token' | 'dtw' | 'spread'
}

/** What was heard in one chunk. A `null` was not given by this engine and must never be made up. */
export interface Recognition {
  /** ISO 639-1 code the engine worked in. */
  language: string
  words: HeardWord[]
  averageLogProbability: number | null
  noSpeechProbability: number | null
}

export interface RecognizeOptions {
  language: Language | 'auto'
  temperature?: number
  prompt?: string
  /** Hear it in the full window, where `window` is `chunk`. */
  fullWindow?: boolean
  signal?: AbortSignal
}

/**
 * Turns one chunk of speech (16 kHz mono s16le, up to 30 s) into words, in the language spoken, without any text carried over from
 * another chunk. Works outside this process. One contract suite runs on every adapter: test/transcriber/recognizer-contract.ts.
 */
export interface SpeechRecognizer extends AsyncDisposable {
  readonly engine: { name: string; build: string }
  readonly model: { name: string; sha256: string }
  /** All settings that change what comes out, for the key of a result. */
  readonly parameters: string
  readonly gives: { probability: boolean; languageProbabilities: boolean }
  /**
   * Whether a decoding above temperature 0 comes out the same again. It does not where the engine's dice have been thrown before
   * (whisper.cpp seeds them when it starts, not with each call).
   */
  readonly repeatable: boolean
  /** `chunk`: it looks at only as much of Whisper's 30 s window as the sound fills, unless asked for the full one. */
  readonly window: 'full' | 'chunk'
  /** Longest sound that it hears whole and the same each time; what is planned for it is not longer. */
  readonly longestMs: number
  /**
   * One engine for all calls about a chunk, so that what it encoded for one of them serves the next. Others have it again when `work` ends,
   * however it ends; where none is free this waits until one is, or `signal` ends the waiting.
   */
  forChunk<T>(work: (engine: SpeechRecognizer) => Promise<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>
  /** How many chunks it takes at once, each on cores of its own. */
  readonly lanes: number
  /** Id of the process that works, for tests and the operator; undefined while none runs or when it is elsewhere. */
  readonly pid: number | undefined
  /**
   * Which language is spoken: probabilities by ISO 639-1 code, those not named are negligible. Null: this engine does not tell.
   * @throws EngineCrashedError, EngineRefusedError
   */
  detectLanguage(pcm: Uint8Array, options?: { signal?: AbortSignal }): Promise<Record<string, number> | null>
  /** @throws EngineCrashedError, EngineRefusedError */
  recognize(pcm: Uint8Array, options: RecognizeOptions): Promise<Recognition>
}

/** The engine died or does not answer. The next call starts it again: the caller tries the chunk once more. */
export class EngineCrashedError extends Error {
  override readonly name = 'EngineCrashedError'
}

/** The engine answered that it cannot do this, or something that is no answer; trying again changes nothing. */
export class EngineRefusedError extends Error {
  override readonly name = 'EngineRefusedError'
}

/** There is no engine on this machine: no built server, no prebuilt binding, no address. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError'
}
