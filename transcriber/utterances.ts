import type { Guard, Transcript, Utterance, Word } from '../storage/model/transcript.ts'
import type { ChunkPlan, ChunkResult, PlannedChunk } from './chunk-result.ts'
import { languageOfWords } from './languages.ts'
import { settleLanguages } from './settle-languages.ts'
import type { SpeakerLine } from './speakers/fuse.ts'

/** An utterance ends at the end of a sentence with a breath after it, at a pause, at another speaker, and before it gets too long. */
const ends = { breathMs: 150, pauseMs: 1200, longestMs: 30_000 }

interface Placed {
  word: ChunkResult['words'][number]
  chunk: PlannedChunk
  result: ChunkResult
  speaker: string
}

/**
 * Words of all chunks as utterances of one speaker each. A piece without text (no model, or its engine failed) becomes utterances
 * «non transcrito» where its speech is: nothing is left out in silence, nothing made up.
 */
export function toUtterances(plan: ChunkPlan, results: ReadonlyMap<string, ChunkResult>, speakers: SpeakerLine): Utterance[] {
  const utterances: Omit<Utterance, 'id'>[] = []
  const settled = settleLanguages(plan, results, speakers)
  for (const chunk of plan.chunks) {
    const result = settled.get(chunk.key)
    utterances.push(...spokenOnes(chunk, result, plan, speakers), ...silentOnes(chunk, result, plan, speakers))
  }
  return utterances
    .sort((a, b) => a.fromMs - b.fromMs)
    .map((one, i) => ({ ...one, id: `u${i + 1}`, words: one.words.map((word, j) => ({ ...word, id: `u${i + 1}w${j + 1}` })) }))
}

function spokenOnes(chunk: PlannedChunk, result: ChunkResult | undefined, plan: ChunkPlan, speakers: SpeakerLine): Omit<Utterance, 'id'>[] {
  if (result === undefined) return []
  const placed = result.words.map((word) => ({ word, chunk, result, speaker: speakers.at((word.fromMs + word.toMs) / 2) }))
  const groups: Placed[][] = []
  for (const one of placed) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && !parted(group, last, one)) group.push(one)
    else groups.push([one])
  }
  return groups.map((group) => toUtterance(group, plan, speakers))
}

function parted(group: Placed[], last: Placed, next: Placed): boolean {
  const gap = next.word.fromMs - last.word.toMs
  const length = next.word.toMs - (group[0]?.word.fromMs ?? 0)
  const sentenceEnds = /[.?!…]$/.test(last.word.text) && gap >= ends.breathMs
  return next.speaker !== last.speaker || sentenceEnds || gap >= ends.pauseMs || length > ends.longestMs
}

function toUtterance(group: Placed[], plan: ChunkPlan, speakers: SpeakerLine): Omit<Utterance, 'id'> {
  const fromMs = group[0]?.word.fromMs ?? 0
  const toMs = Math.max(...group.map((one) => one.word.toMs))
  const result = group[0]?.result
  const chunkLanguage = { language: result?.language ?? 'gl', confidence: result?.languageConfidence ?? null }
  const { language, confidence } = languageOfWords(
    group.map((one) => one.word.text),
    chunkLanguage,
    plan.languages,
  )
  const words: Word[] = group.map(({ word }) => ({ id: 'later', ...word }))
  const overlap = speakers.overlap(fromMs, toMs)
  return {
    fromMs,
    toMs,
    speaker: speakers.over(fromMs, toMs),
    ...(overlap.length > 0 ? { overlap } : {}),
    language,
    languageConfidence: confidence,
    status: 'ok',
    guards: result?.guards ?? [],
    words,
  }
}

/** Pieces with speech and without a word. */
function silentOnes(chunk: PlannedChunk, result: ChunkResult | undefined, plan: ChunkPlan, speakers: SpeakerLine): Omit<Utterance, 'id'>[] {
  const missing: Guard = result
    ? { code: 'no-words', outcome: 'fired', detail: 'speech was found and no word recognised' }
    : { code: plan.model ? 'not-recognised' : 'no-model', outcome: 'fired' }
  const regions = chunk.pieces
    .filter((piece) => !result?.words.some((word) => overlap(word, piece)))
    .flatMap((piece) => chunk.speech.filter((region) => overlap(region, piece)))
  return regions.map((region) => ({
    fromMs: region.fromMs,
    toMs: region.toMs,
    speaker: speakers.over(region.fromMs, region.toMs),
    language: result?.language ?? plan.languages[0] ?? 'gl',
    languageConfidence: null,
    status: 'non-transcrito',
    guards: result && result.words.length === 0 ? result.guards : [missing],
    words: [],
  }))
}

function overlap(a: { fromMs: number; toMs: number }, b: { fromMs: number; toMs: number }): boolean {
  return a.fromMs < b.toMs && a.toMs > b.fromMs
}

/** The transcript of a plan whose chunks are done, in the shape of contracts.md §6. */
export function toTranscript(
  plan: ChunkPlan,
  results: ReadonlyMap<string, ChunkResult>,
  speakers: SpeakerLine,
  of: { session: string; version: number; evidence: string[] },
): Transcript {
  return {
    v: 1,
    session: of.session,
    version: of.version,
    languages: plan.languages,
    engine: plan.engine,
    model: plan.model,
    evidence: of.evidence,
    utterances: toUtterances(plan, results, speakers),
  }
}
