import { z } from 'zod'
import { language } from './council.ts'
import { speakerSource, type Transcript, type Utterance } from './transcript.ts'

const ms = z.int().nonnegative()
const span = z.object({ fromMs: ms, toMs: ms })
const rate = z.number().nonnegative()

/** Figures that need a reference, a text written by people; rates are shares of the reference's words, characters or seconds. */
export const referenceScores = z.object({
  words: z.int().nonnegative(),
  wer: rate,
  werRaw: rate,
  cer: rate,
  cpwer: rate,
  tcpwer: rate,
  werByLanguage: z.record(z.string(), rate),
  attribution: rate,
  attributionBySource: z.record(z.string(), rate),
  language: rate.nullable(),
  names: rate.nullable(),
  inventedWords: z.int().nonnegative(),
})
export type ReferenceScores = z.infer<typeof referenceScores>

/** What a transcript tells of itself (its page of quality): nothing here is an opinion. */
export const transcriptQuality = z.object({
  v: z.literal(1),
  version: z.int().positive(),
  engine: z.string(),
  /** Null: no model, nothing recognised. */
  model: z.string().nullable(),
  evidence: z.array(z.string()),
  recordedMs: ms,
  speechMs: ms,
  /** Speech that nobody could write down, to be heard by a person. */
  untranscribed: z.array(span),
  words: z.int().nonnegative(),
  /** Words whose engine gave no probability. */
  unmeasuredWords: z.int().nonnegative(),
  /** Words of a probability under a half. */
  unsureWords: z.int().nonnegative(),
  /** Words outside all speech, each to be heard. */
  outsideSpeech: z.array(span),
  /** Text that a guard suspected in every decoding, to be heard; figures of an earlier version tell of none. */
  notTrusted: z.array(span).default([]),
  guards: z.array(z.object({ code: z.string(), fired: z.int().nonnegative(), unavailable: z.int().nonnegative() })),
  languages: z.array(z.object({ language, utterances: z.int().nonnegative(), words: z.int().nonnegative() })),
  speakers: z.array(z.object({ id: z.string(), ms, words: z.int().nonnegative() })),
  sources: z.array(z.object({ source: speakerSource, ms })),
  /** Utterances whose speaker a person has to say or confirm. */
  review: z.array(
    span.extend({ id: z.string(), why: z.enum(['sources-disagree', 'unsure']), speaker: z.string(), runnerUp: z.string().optional() }),
  ),
  scores: referenceScores.optional(),
})
export type TranscriptQuality = z.infer<typeof transcriptQuality>

/** A word may stick out of its speech by this much: detectors and word times are that exact. */
const marginMs = 500

/**
 * The figures of a transcript that need no reference.
 * @param heard where voice activity found speech, and how long the recording is
 */
export function measureTranscript(
  of: Transcript,
  heard: { speech: readonly { fromMs: number; toMs: number }[]; recordedMs: number },
): TranscriptQuality {
  const words = of.utterances.flatMap((one) => one.words)
  const total = <K extends string>(key: (one: Utterance) => K) => tally(of.utterances, key)
  return {
    v: 1,
    version: of.version,
    engine: `${of.engine.name} ${of.engine.build}`,
    model: of.model?.name ?? null,
    evidence: of.evidence,
    recordedMs: heard.recordedMs,
    speechMs: heard.speech.reduce((sum, one) => sum + one.toMs - one.fromMs, 0),
    untranscribed: of.utterances.filter((one) => one.status === 'non-transcrito').map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    words: words.length,
    unmeasuredWords: words.filter((word) => word.probability === null).length,
    unsureWords: words.filter((word) => word.probability !== null && word.probability < 0.5).length,
    outsideSpeech: words
      .filter((word) => !heard.speech.some((one) => word.toMs > one.fromMs - marginMs && word.fromMs < one.toMs + marginMs))
      .map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    notTrusted: notTrusted(of.utterances),
    guards: guardsOf(of),
    languages: total((one) => one.language).map(([name, group]) => ({ language: name, utterances: group.utterances, words: group.words })),
    speakers: total((one) => one.speaker.id).map(([id, group]) => ({ id, ms: group.ms, words: group.words })),
    sources: total((one) => one.speaker.source).map(([source, group]) => ({ source, ms: group.ms })),
    review: of.utterances.flatMap(({ id, fromMs, toMs, speaker }) =>
      speaker.review === undefined
        ? []
        : [
            {
              id,
              fromMs,
              toMs,
              why: speaker.review,
              speaker: speaker.id,
              ...(speaker.runnerUp === undefined ? {} : { runnerUp: speaker.runnerUp }),
            },
          ],
    ),
  }
}

/** Groups of utterances, the largest first. */
function tally<K extends string>(
  utterances: readonly Utterance[],
  key: (one: Utterance) => K,
): [K, { utterances: number; words: number; ms: number }][] {
  const found = new Map<K, { utterances: number; words: number; ms: number }>()
  for (const one of utterances) {
    const group = found.get(key(one)) ?? { utterances: 0, words: 0, ms: 0 }
    found.set(key(one), { utterances: group.utterances + 1, words: group.words + one.words.length, ms: group.ms + one.toMs - one.fromMs })
  }
  return [...found].sort((a, b) => b[1].ms - a[1].ms)
}

/** A guard of a chunk stands on each of its utterances: those that follow each other are one place. */
function notTrusted(utterances: readonly Utterance[]): { fromMs: number; toMs: number }[] {
  const found: { fromMs: number; toMs: number; last: number }[] = []
  for (const [at, { status, guards, fromMs, toMs }] of utterances.entries()) {
    if (status === 'non-transcrito' || !guards.some((one) => one.code === 'not-trusted' && one.outcome === 'fired')) continue
    const before = found.at(-1)
    if (before?.last === at - 1) Object.assign(before, { toMs: Math.max(before.toMs, toMs), last: at })
    else found.push({ fromMs, toMs, last: at })
  }
  return found.map(({ fromMs, toMs }) => ({ fromMs, toMs }))
}

/** How often each guard fired, or could not be asked; a guard of a chunk stands on each of its utterances and counts once for each. */
function guardsOf(of: Transcript): TranscriptQuality['guards'] {
  const found = new Map<string, { fired: number; unavailable: number }>()
  for (const { code, outcome } of of.utterances.flatMap((one) => one.guards)) {
    const group = found.get(code) ?? { fired: 0, unavailable: 0 }
    group[outcome]++
    found.set(code, group)
  }
  return [...found].map(([code, group]) => ({ code, ...group })).sort((a, b) => b.fired - a.fired || a.code.localeCompare(b.code))
}
