import { expect, test } from 'vitest'
import { RecognizerPool } from '../../../transcriber/recognizers/recognizer-pool.ts'
import { EngineCrashedError, type SpeechRecognizer } from '../../../transcriber/speech-recognizer.ts'

/** An engine that notes how many calls it has at once, and dies over every sound of one byte. */
function counting(seen: { most: number; calls: number }): SpeechRecognizer {
  let now = 0
  const model = { name: 'm', sha256: '0'.repeat(64) }
  const gives = { probability: false, languageProbabilities: false }
  return {
    ...{ engine: { name: 'e', build: 'b' }, model, parameters: '', gives, pid: undefined },
    repeatable: true,
    window: 'full',
    longestMs: 1000,
    lanes: 1,
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
