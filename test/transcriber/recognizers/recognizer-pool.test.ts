import { expect, test } from 'vitest'
import { recognizeChunk } from '../../../transcriber/recognize-chunk.ts'
import { RecognizerPool } from '../../../transcriber/recognizers/recognizer-pool.ts'
import { EngineCrashedError, type SpeechRecognizer } from '../../../transcriber/speech-recognizer.ts'

/** An engine that notes how many calls it has at once, and dies over every sound of one byte. */
function counting(seen: { most: number; calls: number }): SpeechRecognizer {
  let now = 0
  const model = { name: 'm', sha256: '0'.repeat(64) }
  const gives = { probability: false, languageProbabilities: false }
  const engine: SpeechRecognizer = {
    ...{ engine: { name: 'e', build: 'b' }, model, parameters: '', gives, pid: undefined },
    repeatable: true,
    window: 'full',
    longestMs: 1000,
    lanes: 1,
    forChunk: (work) => work(engine),
    detectLanguage: async () => null,
    async recognize(pcm) {
      seen.calls++
      seen.most = Math.max(seen.most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now--
      if (pcm.length === 1) throw new EngineCrashedError('died')
      return { language: 'gl', words: [], averageLogProbability: null, noSpeechProbability: null }
    },
    async [Symbol.asyncDispose]() {},
  }
  return engine
}

test('each engine of a pool has one chunk at a time, all have work, and one that died is used again', async () => {
  const [a, b] = [
    { most: 0, calls: 0 },
    { most: 0, calls: 0 },
  ]
  await using pool = new RecognizerPool([counting(a), counting(b)])
  const sounds = Array.from({ length: 12 }, (_, i) => new Uint8Array(i % 4 === 0 ? 1 : 2))
  const outcomes = await Promise.allSettled(sounds.map((sound) => pool.recognize(sound, { language: 'gl' })))
  expect(outcomes.filter((one) => one.status === 'rejected')).toHaveLength(3)
  expect([a.most, b.most]).toEqual([1, 1])
  expect(a.calls + b.calls).toBe(12)
  expect(Math.min(a.calls, b.calls)).toBeGreaterThan(3)
})

/** An engine that leaves open which language it hears, notes whose sound each call brought, and dies over the first words of chunk 3. */
function noting(calls: number[], deaths: { left: number }): SpeechRecognizer {
  const engine = counting({ most: 0, calls: 0 })
  return {
    ...engine,
    async detectLanguage(pcm) {
      calls.push(pcm[0] ?? -1)
      return { gl: 0.5, es: 0.5 }
    },
    recognize(pcm, options) {
      calls.push(pcm[0] ?? -1)
      return engine.recognize(pcm[0] === 3 && deaths.left-- > 0 ? pcm.subarray(0, 1) : pcm, options)
    },
  }
}

test('all calls about a chunk reach one engine with no other in between, also of a chunk that an engine died over', async () => {
  const [a, b, deaths] = [[] as number[], [] as number[], { left: 1 }]
  await using pool = new RecognizerPool([noting(a, deaths), noting(b, deaths)])
  const chunk = { ...{ index: 0, fromMs: 0, toMs: 1, key: '' }, ...{ pieces: [{ fromMs: 0, toMs: 1 }], speech: [{ fromMs: 0, toMs: 1 }] } }
  const languages = ['gl', 'es'] as const
  const results = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => recognizeChunk(pool, chunk, Uint8Array.of(n, 0), { languages })))
  expect(results.map((one) => [one.status, one.attempts])).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => ['ok', n === 3 ? 2 : 1]))
  // Language, Galician, Spanish: three calls running. The engine that died over a chunk has one of language and one of words before.
  const runs = [a, b].flatMap((calls) => calls.join('').match(/(.)\1*/g) ?? [])
  expect(runs.filter((run) => run[0] !== '3').sort()).toEqual(['000', '111', '222', '444', '555', '666'])
  expect(runs.filter((run) => run[0] === '3').sort()).toEqual(['33', '333'])
})

test('who waits for an engine and is stopped takes none, and those behind get theirs', async () => {
  await using pool = new RecognizerPool([counting({ most: 0, calls: 0 })])
  const [held, stopping] = [Promise.withResolvers<string>(), new AbortController()]
  const first = pool.forChunk(() => held.promise)
  const second = pool.forChunk(async () => 'never', { signal: stopping.signal })
  const third = pool.forChunk(async () => 'third')
  stopping.abort(new Error('stopped'))
  await expect(second).rejects.toThrow('stopped')
  held.reject(new EngineCrashedError('died'))
  await expect(first).rejects.toThrow('died')
  expect(await third).toBe('third')
  expect(await pool.forChunk(async () => 'free again')).toBe('free again')
  await expect(pool.forChunk(async () => 'never', { signal: stopping.signal })).rejects.toThrow('stopped')
})
