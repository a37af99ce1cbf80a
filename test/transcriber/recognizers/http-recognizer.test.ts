import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { formFields, httpRecognizer } from '../../../transcriber/recognizers/http-recognizer.ts'
import { languageCode, readVerboseJson } from '../../../transcriber/recognizers/verbose-json.ts'
import { EngineCrashedError, EngineRefusedError } from '../../../transcriber/speech-recognizer.ts'

const model = { name: 'whisper-1', sha256: '0'.repeat(64) }
const options = { url: 'http://127.0.0.1:1/x', dialect: 'openai' as const, engine: { name: 'openai', build: 'b' }, model }

/** A server that answers every request alike, and keeps what it was asked. */
async function answering(status: number, body: string) {
  const asked: { headers: Record<string, unknown>; body: string }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += Buffer.from(piece).toString('latin1')
    asked.push({ headers: request.headers, body: text })
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { asked, url: `http://127.0.0.1:${port}/v1/audio/transcriptions`, [Symbol.asyncDispose]: async () => void server.close() }
}

describe('an answer of verbose_json', () => {
  test('of OpenAI: whole words at the top, no probability, language by name', () => {
    const answer = {
      task: 'transcribe',
      language: 'galician',
      duration: 1.5,
      text: 'Bos días.',
      words: [
        { word: 'Bos', start: 0.1, end: 0.4 },
        { word: 'días', start: 0.4, end: 0.9 },
      ],
      segments: [
        { id: 0, start: 0, end: 1.5, text: ' Bos días.', tokens: [1, 2], avg_logprob: -0.3, no_speech_prob: 0.02, compression_ratio: 0.8 },
      ],
    }
    const heard = readVerboseJson(answer, 1500)
    expect(heard).toMatchObject({ language: 'gl', averageLogProbability: -0.3, noSpeechProbability: 0.02 })
    expect(heard.words[1]).toEqual({ text: 'días', fromMs: 400, toMs: 900, probability: null, method: 'token' })
  })

  test('of whisper.cpp: tokens become words, as sure as their least sure part', () => {
    const words = [
      { word: ' ses', start: 0.1, end: 0.3, probability: 0.9 },
      { word: 'ión', start: 0.3, end: 0.5, probability: 0.4 },
      { word: '.', start: 0.5, end: 0.6, probability: 0.1 },
    ]
    const heard = readVerboseJson(
      { language: 'spanish', text: ' sesión.', segments: [{ text: ' sesión.', start: 0, end: 1, words }] },
      1000,
    )
    expect(heard.words).toEqual([{ text: 'sesión.', fromMs: 100, toMs: 500, probability: 0.4, method: 'token' }])
  })

  test('without word times the words are spread, and say so', () => {
    const heard = readVerboseJson({ language: 'es', text: 'a bc', segments: [{ text: 'a bc', start: 1, end: 2 }] }, 3000)
    expect(heard.words.map(({ text, fromMs, toMs, method }) => [text, fromMs, toMs, method])).toEqual([
      ['a', 1000, 1400, 'spread'],
      ['bc', 1400, 2000, 'spread'],
    ])
  })

  test.each([null, 'text', {}, { language: 'gl', text: 1 }, { language: 'gl', text: '', segments: [{ text: 'a', start: 1e9 }] }])(
    'hostile: %j is refused',
    (answer) => {
      expect(() => readVerboseJson(answer, 1000)).toThrow(EngineRefusedError)
    },
  )

  test('languages come by name or by code', () => {
    expect(['Galician', 'spanish', 'gl', 'portuguese'].map(languageCode)).toEqual(['gl', 'es', 'gl', 'pt'])
  })
})

describe('the http adapter', () => {
  test('sends the sound as WAV with key and words of its dialect, and no context is carried over', async () => {
    await using server = await answering(200, JSON.stringify({ language: 'galician', text: '', segments: [] }))
    await httpRecognizer({ ...options, url: server.url, key: 'secret' }).recognize(new Uint8Array(64_000), { language: 'gl' })
    const [request] = server.asked
    expect(request?.headers.authorization).toBe('Bearer secret')
    expect(request?.body).toContain('WAVEfmt ')
    expect(request?.body).toMatch(/name="timestamp_granularities\[\]"\s+word/)
    const fields = Object.fromEntries(formFields({ ...options, dialect: 'whisper.cpp' }, 8, { language: 'auto' }))
    expect(fields).toMatchObject({ max_context: '0', language: 'auto', translate: 'false' })
    // A prompt stands in the context: without room for it whisper.cpp drops it unsaid.
    const told = Object.fromEntries(formFields({ ...options, dialect: 'whisper.cpp' }, 8, { language: 'gl', prompt: 'Pleno.' }))
    expect(told).toMatchObject({ max_context: '224', prompt: 'Pleno.' })
  })

  test('no answer and a fault of the server are worth another try, a refusal and nonsense are not, and no error tells the key or the path', async () => {
    const failure = async (url: string) => {
      const error: unknown = await httpRecognizer({ ...options, url, key: 'secret' })
        .recognize(new Uint8Array(64_000), { language: 'gl' })
        .catch((one: unknown) => one)
      expect(String(error)).not.toMatch(/secret|transcriptions/)
      return error
    }
    expect(await failure('http://127.0.0.1:1/transcriptions')).toBeInstanceOf(EngineCrashedError)
    await using broken = await answering(503, 'busy')
    expect(await failure(broken.url)).toBeInstanceOf(EngineCrashedError)
    await using refusing = await answering(401, 'no')
    expect(await failure(refusing.url)).toBeInstanceOf(EngineRefusedError)
    await using nonsense = await answering(200, '<html>')
    expect(await failure(nonsense.url)).toBeInstanceOf(EngineRefusedError)
    await using endless = await answering(200, 'x'.repeat(9_000_000))
    expect(await failure(endless.url)).toBeInstanceOf(EngineRefusedError)
  })
})
