import {
  EngineCrashedError,
  EngineRefusedError,
  type Recognition,
  type RecognizeOptions,
  type SpeechRecognizer,
} from '../speech-recognizer.ts'
import { readVerboseJson } from './verbose-json.ts'
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
  return {
    engine: options.engine,
    model: options.model,
    parameters: `${options.dialect};context=0;fallback=0.2;window=${options.shortWindow ? 'chunk' : 'full'}`,
    gives: { probability: whisper, languageProbabilities: whisper },
    pid: undefined,
    recognize: (pcm, wanted) => post(options, pcm, wanted),
    async [Symbol.asyncDispose]() {},
  }
}

async function post(options: HttpRecognizerOptions, pcm: Uint8Array, wanted: RecognizeOptions): Promise<Recognition> {
  const audio = atLeastSeconds(pcm, 1.2)
  const form = new FormData()
  form.append('file', new Blob([wavOf(audio)], { type: 'audio/wav' }), 'chunk.wav')
  for (const [name, value] of formFields(options, audio.length / 32_000, wanted)) form.append(name, value)
  const limit = AbortSignal.timeout(options.timeoutMs ?? 600_000)
  const signal = wanted.signal ? AbortSignal.any([wanted.signal, limit]) : limit
  let response: Response
  let body: string
  try {
    response = await fetch(options.url, {
      method: 'POST',
      body: form,
      signal,
      headers: options.key === undefined ? {} : { authorization: `Bearer ${options.key}` },
    })
    body = await boundedText(response, 8 * 1024 * 1024)
  } catch (error) {
    wanted.signal?.throwIfAborted()
    if (error instanceof EngineRefusedError) throw error
    throw new EngineCrashedError(`${options.engine.name} at ${originOf(options.url)} did not answer: ${reason(error)}`, { cause: error })
  }
  if (response.status >= 500) throw new EngineCrashedError(`${options.engine.name} answered ${response.status}: ${body.slice(0, 200)}`)
  if (!response.ok) throw new EngineRefusedError(`${options.engine.name} refused the audio with ${response.status}: ${body.slice(0, 200)}`)
  return readVerboseJson(parse(body), (audio.length / 32_000) * 1000)
}

/** Fields of one request. `max_context` 0: with text carried over, one bad window spoils those after it (measured: 75 % errors against 12 %). */
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
    ['max_context', '0'],
    ['max_len', '1'],
    ['temperature_inc', '0.2'],
    ['translate', 'false'],
    ...(options.shortWindow ? [['audio_ctx', String(Math.min(1500, Math.ceil(seconds * 50) + 64))] as [string, string]] : []),
  ]
}

async function boundedText(response: Response, limitBytes: number): Promise<string> {
  let text = ''
  let received = 0
  const decoder = new TextDecoder()
  for await (const piece of response.body ?? []) {
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
