import type { Language } from '../storage/model/council.ts'
import type { ChunkPlan, ChunkResult } from './chunk-result.ts'
import { leaningOfWords } from './languages.ts'
import type { SpeakerLine } from './speakers/fuse.ts'

/** Weights in logarithms of odds: what a neighbour or the speaker's habit is worth against the sound and the words. */
const weights = { habit: 1, neighbour: 0.4, probability: 4 } as const
const neighbourMs = 30_000

/**
 * Chunks whose sound left their language open were decoded in both. Here is taken which: by how sure the engine is of either text, the
 * words in it, the speaker's usual language and the neighbours. A speaker changes language seldom (hysteresis), so habit decides what is
 * close, and never what is clear. Depends on nothing but the results, whichever worker made them in whatever order.
 */
export function settleLanguages(
  plan: ChunkPlan,
  results: ReadonlyMap<string, ChunkResult>,
  speakers: SpeakerLine,
): Map<string, ChunkResult> {
  const spoken = plan.chunks.flatMap((chunk) => {
    const result = results.get(chunk.key)
    return result ? [{ chunk, result, speaker: speakers.at(middle(chunk.speech[0] ?? chunk)) }] : []
  })
  const clear = spoken.filter(({ result }) => result.alternative === undefined && result.words.length > 0)
  const settled = new Map(results)
  for (const { chunk, result, speaker } of spoken) {
    if (!result.alternative) continue
    const own = clear.filter((one) => one.speaker === speaker).map((one) => one.result.language)
    const near = clear.filter((one) => Math.abs(middle(one.chunk) - middle(chunk)) <= neighbourMs).map((one) => one.result.language)
    const prior = weights.habit * balance(own) + weights.neighbour * balance(near)
    settled.set(chunk.key, prefer(result, result.alternative, prior))
  }
  return settled
}

function prefer(result: ChunkResult, other: NonNullable<ChunkResult['alternative']>, prior: number): ChunkResult {
  const sure = (one: { averageLogProbability: number | null }) => (one.averageLogProbability ?? 0) * weights.probability
  const sign = result.language === 'gl' ? 1 : -1
  const words = (of: ChunkResult['words']) => leaningOfWords(of.map((word) => word.text))
  // Each text speaks for its own language as far as its words do.
  const lexicon = Math.sign(words(result.words) + words(other.words))
  const leaning = sign * (sure(result) - sure(other)) + prior + lexicon
  const { alternative: _closed, ...rest } = result
  if ((leaning >= 0 ? 'gl' : 'es') === result.language) return rest
  return { ...rest, language: other.language, words: other.words, averageLogProbability: other.averageLogProbability }
}

/** From -1, all Spanish, to 1, all Galician; 0 when nothing is known. */
function balance(languages: readonly Language[]): number {
  const galician = languages.filter((one) => one === 'gl').length
  return languages.length === 0 ? 0 : (2 * galician) / languages.length - 1
}

function middle(of: { fromMs: number; toMs: number }): number {
  return (of.fromMs + of.toMs) / 2
}
