import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { fullWindowMs } from '../chunk-plan.ts'
import { EngineCrashedError, EngineRefusedError, type RecognizeOptions, type SpeechRecognizer } from '../speech-recognizer.ts'
import { readLanguages, readVerboseJson } from './verbose-json.ts'
import { atLeastSeconds, wavOf } from './wav.ts'

/** Which words the server understands: whisper.cpp's own fields, or OpenAI's `/v1/audio/transcriptions`. */
export type HttpDialect = 'whisper.cpp' | 'openai'

export interface HttpRecognizerOptions {
  /** Full address that audio is posted to. */
  url: string
  dialect: HttpDialect
  engine: { name: string; build: string }
  model: { name: string; sha256: string }
  /** Sent as a bearer token. */
  key?: string
  timeoutMs?: number
  /** Let the engine look only at as much of its 30 s window as the chunk fills: faster, tried on the test model only. */
  shortWindow?: boolean
}

/** Recognizer behind an address: a whisper.cpp server (also our own, on loopback) or an OpenAI-compatible one. */
export function httpRecognizer(options: HttpRecognizerOptions): SpeechRecognizer {
  const whisper = options.dialect === 'whisper.cpp'
  const recognizer: SpeechRecognizer = {
    engine: options.engine,
    model: options.model,
    parameters: `${options.dialect};context=0;${windowParameters(options.shortWindow)}`,
    gives: { probability: whisper, languageProbabilities: whisper },
    pid: undefined,
    repeatable: false,
    window: options.shortWindow ? 'chunk' : 'full',
    longestMs: longestSoundMs(options.shortWindow),
    lanes: 1,
    forChunk: (work) => work(recognizer),
    async recognize(pcm, wanted) {
      const audio = atLeastSeconds(pcm, 1.2)
      const seconds = audio.length / 32_000
      return readVerboseJson(await post(options, audio, formFields(options, seconds, wanted), wanted.signal), seconds * 1000)
    },
    async detectLanguage(pcm, wanted = {}) {
      if (!whisper) return null
      const audio = atLeastSeconds(pcm.subarray(0, (options.shortWindow ? shortDetectionSeconds : 30) * 32_000), 1.2)
      return readLanguages(await post(options, audio, detectionFields(options, audio.length / 32_000), wanted.signal))
    },
    async [Symbol.asyncDispose]() {},
  }
  return recognizer
}

/** Longest window of whole 256 frames below Whisper's 1500, and what is left free at the end of each; a frame is 20 ms. */
const longestShortWindow = { frames: 1280, free: 64 }

/** With a short window so much of the beginning of a chunk tells the language: what the shortest of windows holds. */
const shortDetectionSeconds = (256 - longestShortWindow.free) / 50

/** The window as a chunk's key names it: how much is heard at once, how much tells the language, and what is done in doubt. */
export function windowParameters(shortWindow = false): string {
  return shortWindow ? `window=chunk256,full in doubt;language=${shortDetectionSeconds} s` : 'window=full'
}

async function post(options: HttpRecognizerOptions, audio: Uint8Array, fields: [string, string][], cancel?: AbortSignal): Promise<unknown> {
  const form = new FormData()
  form.append('file', new Blob([wavOf(audio)], { type: 'audio/wav' }), 'chunk.wav')
  for (const [name, value] of fields) form.append(name, value)
  const limit = AbortSignal.timeout(options.timeoutMs ?? 600_000)
  const signal = cancel ? AbortSignal.any([cancel, limit]) : limit
  let status: number
  let body: string
  try {
    const response = await send(options, form, signal)
    status = response.statusCode ?? 0
    body = await boundedText(response, 8 * 1024 * 1024)
  } catch (error) {
    cancel?.throwIfAborted()
    if (error instanceof EngineRefusedError) throw error
    throw new EngineCrashedError(`${options.engine.name} at ${originOf(options.url)} did not answer: ${reason(error)}`, { cause: error })
  }
  if (status >= 500) throw new EngineCrashedError(`${options.engine.name} answered ${status}: ${body.slice(0, 200)}`)
  if (status < 200 || status > 299)
    throw new EngineRefusedError(`${options.engine.name} refused the audio with ${status}: ${body.slice(0, 200)}`)
  return parse(body)
}

/** Half of Whisper's text context: as much of a prompt as it looks at. */
const promptTokens = 224

/**
 * Fields of one request. `max_context` 0: with text carried over, one bad window spoils those after it (measured: 75 % errors against 12 %).
 * A prompt stands in that same context, which it then needs; a chunk fits one window, so that nothing else comes into it.
 */
export function formFields(options: HttpRecognizerOptions, seconds: number, wanted: RecognizeOptions): [string, string][] {
  const common: [string, string][] = [
    ['response_format', 'verbose_json'],
    ['temperature', String(wanted.temperature ?? 0)],
    ...(wanted.prompt ? [['prompt', wanted.prompt] as [string, string]] : []),
  ]
  if (options.dialect === 'openai') {
    const language: [string, string][] = wanted.language === 'auto' ? [] : [['language', wanted.language]]
    return [
      ...common,
      ...language,
      ['model', options.model.name],
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
    ]
  }
  return [
    ...common,
    ['language', wanted.language],
    ['max_context', String(wanted.prompt ? promptTokens : 0)],
    ['max_len', '1'],
    // Guards decide what is decoded again; the server's own second tries throw dice that the tries before have moved on.
    ['temperature_inc', '0'],
    ['translate', 'false'],
    // The server would encode the window once more to tell them: they are asked for by themselves (detectionFields).
    ['no_language_probabilities', 'true'],
    ...(wanted.fullWindow ? [] : windowFields(options, seconds)),
  ]
}

/**
 * The server tells probabilities of languages after it has decoded, from an encoding of its own. A duration of less than 100 ms decodes
 * nothing, so that this costs that one encoding. The short window is a setting that only a decoding takes over: there it is 100 ms.
 */
export function detectionFields(options: HttpRecognizerOptions, seconds: number): [string, string][] {
  return [
    ['response_format', 'verbose_json'],
    ['language', 'gl'],
    ['duration', options.shortWindow ? '100' : '10'],
    ['temperature_inc', '0'],
    ['max_context', '0'],
    ['no_language_probabilities', 'false'],
    ...windowFields(options, seconds),
  ]
}

/** Longest sound that is heard whole, and the same each time. */
export function longestSoundMs(shortWindow = false): number {
  return shortWindow ? (longestShortWindow.frames - longestShortWindow.free) * 20 : fullWindowMs
}

/**
 * whisper.cpp's decoder looks at the window rounded up to 256 frames, and what lies beyond the sound's own is left from calls before with
 * another window: only windows of whole 256 frames give the same again. All 1500 do where every call has them.
 */
function windowFields(options: HttpRecognizerOptions, seconds: number): [string, string][] {
  return options.shortWindow ? [['audio_ctx', String(Math.min(1500, Math.ceil((seconds * 50 + longestShortWindow.free) / 256) * 256))]] : []
}

/** Not `fetch`: that gives up after five minutes without an answer, and a large model on a busy machine takes longer over a chunk. */
async function send(options: HttpRecognizerOptions, form: FormData, signal: AbortSignal): Promise<IncomingMessage> {
  const encoded = new Response(form)
  const headers = {
    'content-type': encoded.headers.get('content-type') ?? '',
    ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
  }
  const body = Buffer.from(await encoded.arrayBuffer())
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = options.url.startsWith('https:') ? httpsRequest : httpRequest
  const asked = request(options.url, { method: 'POST', signal, headers: { ...headers, 'content-length': body.length } }, resolve)
  asked.on('error', reject)
  asked.end(body)
  return promise
}

async function boundedText(response: AsyncIterable<Uint8Array>, limitBytes: number): Promise<string> {
  let text = ''
  let received = 0
  const decoder = new TextDecoder()
  for await (const piece of response) {
    received += piece.length
    if (received > limitBytes) throw new EngineRefusedError(`the recognizer answered more than ${limitBytes} bytes`)
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new EngineRefusedError(`the recognizer's answer is no JSON: ${body.slice(0, 120)}`, { cause: error })
  }
}

/** Host and port only: a path may be a secret. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that cannot be read'
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
