import { expect, test } from 'vitest'
import type { Language } from '../../storage/model/council.ts'
import type { ChunkPlan, ChunkResult } from '../../transcriber/chunk-result.ts'
import { settleLanguages } from '../../transcriber/settle-languages.ts'
import { fuseClues } from '../../transcriber/speakers/fuse.ts'

const key = (i: number) => i.toString(16).padStart(64, '0')

function planOf(count: number): ChunkPlan {
  const chunks = Array.from({ length: count }, (_, index) => {
    const region = { fromMs: index * 10_000, toMs: index * 10_000 + 5000 }
    return { index, ...region, pieces: [region], speech: [region], key: key(index) }
  })
  const model = { name: 'm', sha256: '0'.repeat(64) }
  return {
    ...{ v: 2, runs: [{ fromMs: 0, toMs: count * 10_000 }], speech: chunks.flatMap((one) => one.speech), voiceActivity: 'v' },
    ...{ engine: { name: 'e', build: 'b' }, model, languages: ['gl', 'es'], chunks },
  }
}

function resultOf(i: number, language: Language, sure: number, other?: { language: Language; sure: number; text: string }): ChunkResult {
  const words = (text: string) => [{ text, fromMs: i * 10_000, toMs: i * 10_000 + 500, probability: 0.9, method: 'token' as const }]
  return {
    ...{ v: 2, key: key(i), language, languageConfidence: 0.55, status: 'ok', attempts: 1, guards: [], words: words('ola') },
    averageLogProbability: sure,
    ...(other ? { alternative: { language: other.language, words: words(other.text), averageLogProbability: other.sure } } : {}),
  }
}

function settled(results: ChunkResult[]): (string | undefined)[] {
  const plan = planOf(results.length)
  const speakers = fuseClues([{ speaker: 'castro', fromMs: 0, toMs: 1e6, source: 'microphone' }], plan.speech, results.length * 10_000)
  const found = settleLanguages(plan, new Map(results.map((one) => [one.key, one])), speakers)
  return results.map((one) => `${found.get(one.key)?.language} ${found.get(one.key)?.words[0]?.text}`)
}

test('a chunk whose sound leaves the language open follows the habit of who speaks', () => {
  const open = resultOf(2, 'es', -0.3, { language: 'gl', sure: -0.3, text: 'vale' })
  expect(settled([resultOf(0, 'gl', -0.2), resultOf(1, 'gl', -0.2), open])[2]).toBe('gl vale')
  expect(settled([resultOf(0, 'es', -0.2), resultOf(1, 'es', -0.2), open])[2]).toBe('es ola')
})

test('an engine that is much surer of one text outweighs the habit', () => {
  const open = resultOf(2, 'es', -0.2, { language: 'gl', sure: -0.9, text: 'vale' })
  expect(settled([resultOf(0, 'gl', -0.2), resultOf(1, 'gl', -0.2), open])[2]).toBe('es ola')
})

test('what was clear stays as it is, whatever the neighbours speak', () => {
  expect(settled([resultOf(0, 'gl', -0.2), resultOf(1, 'es', -0.2), resultOf(2, 'gl', -0.2)])).toEqual(['gl ola', 'es ola', 'gl ola'])
})
