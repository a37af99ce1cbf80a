import { expect, test } from 'vitest'
import { recognizeChunk } from '../../transcriber/recognize-chunk.ts'
import type { RecognizeOptions, SpeechRecognizer } from '../../transcriber/speech-recognizer.ts'

const chunk = {
  ...{ index: 0, fromMs: 0, toMs: 8000, key: '0'.repeat(64) },
  ...{ pieces: [{ fromMs: 0, toMs: 8000 }], speech: [{ fromMs: 0, toMs: 8000 }] },
}

/** An engine that repeats itself unless `clean` says that it is asked in the right way. */
function repeating(window: 'full' | 'chunk', clean: (of: RecognizeOptions) => boolean) {
  const asked: Pick<RecognizeOptions, 'prompt' | 'temperature' | 'fullWindow'>[] = []
  const recognizer: SpeechRecognizer = {
    ...{ engine: { name: 'e', build: 'b' }, model: { name: 'm', sha256: '0'.repeat(64) }, parameters: '', pid: undefined },
    ...{ gives: { probability: true, languageProbabilities: false }, repeatable: true, window, longestMs: 24_000, lanes: 1 },
    forChunk: (work) => work(recognizer),
    detectLanguage: async () => null,
    async recognize(_pcm, { language: _, ...how }) {
      asked.push(how)
      const text = clean({ language: 'gl', ...how }) ? ['ábrese', 'a', 'sesión'] : ['si', 'si', 'si', 'si', 'si']
      const words = text.map((one, i) => ({ text: one, fromMs: i * 500, toMs: i * 500 + 400, probability: 0.9, method: 'token' as const }))
      return { language: 'gl', words, averageLogProbability: -0.2, noSpeechProbability: 0 }
    },
    async [Symbol.asyncDispose]() {},
  }
  return { recognizer, asked }
}

test('a chunk that repeats itself in a short window is heard in the full one, and the result says so', async () => {
  const { recognizer, asked } = repeating('chunk', (how) => how.fullWindow === true)
  const result = await recognizeChunk(recognizer, chunk, new Uint8Array(32_000), { languages: ['gl'], prompt: 'Pleno.' })
  expect(asked).toEqual([{ prompt: 'Pleno.' }, { prompt: 'Pleno.', fullWindow: true }])
  expect(result.words.map((one) => one.text)).toEqual(['ábrese', 'a', 'sesión'])
  expect(result.guards).toContainEqual({ code: 'decoded-again', outcome: 'fired', detail: 'in the full window, after: repeated' })
})

test('once a short window was in doubt, no later try uses it; an engine of full windows is never asked for another', async () => {
  const short = repeating('chunk', (how) => how.temperature === 0.4)
  await recognizeChunk(short.recognizer, chunk, new Uint8Array(32_000), { languages: ['gl'], prompt: 'Pleno.' })
  expect(short.asked.slice(2)).toEqual([
    { fullWindow: true },
    { fullWindow: true, temperature: 0.2 },
    { fullWindow: true, temperature: 0.4 },
  ])
  const full = repeating('full', () => false)
  const result = await recognizeChunk(full.recognizer, chunk, new Uint8Array(32_000), { languages: ['gl'] })
  expect(full.asked).toEqual([{}, { temperature: 0.2 }, { temperature: 0.4 }])
  expect(result.guards.map((one) => one.code)).toContain('not-trusted')
})
