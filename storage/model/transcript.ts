import { z } from 'zod'
import { language } from './council.ts'
import { sha256Hex } from './ids.ts'

const ms = z.int().nonnegative()

/** `probability: null` is shown as «sen medida»: the engine gave none. */
export const word = z.object({
  id: z.string().min(1),
  text: z.string().min(1),
  fromMs: ms,
  toMs: ms,
  probability: z.number().min(0).max(1).nullable(),
  method: z.enum(['token', 'dtw', 'spread']),
})
export type Word = z.infer<typeof word>

/** A guard that fired or could not be asked, with its reason (study-transcriber.md §7). */
export const guard = z.object({ code: z.string().min(1), outcome: z.enum(['fired', 'unavailable']), detail: z.string().optional() })
export type Guard = z.infer<typeof guard>

/**
 * What told who spoke, the strongest first: microphone events, the microphones' own channels, the secretary's taps, the chair's words,
 * who presides while nobody has the floor, clusters of one voice.
 */
export const speakerSource = z.enum(['microphone', 'channel', 'floor', 'chair-words', 'presidency', 'diarization', 'none'])
export type SpeakerSource = z.infer<typeof speakerSource>

/**
 * `id` is the speaker key of the evidence files (`castro`), `seat-N` when nobody is known there, `public`, or `unknown`.
 * `review`: a person has to say who it was, since two sources that were each sure named two people, or none was sure enough.
 */
export const attributedSpeaker = z.object({
  id: z.string().min(1),
  confidence: z.number().min(0).max(1),
  source: speakerSource,
  runnerUp: z.string().optional(),
  review: z.enum(['sources-disagree', 'unsure']).optional(),
})

/** Somebody who spoke at the same time. */
export const overlappingSpeaker = z.object({ id: z.string().min(1), fromMs: ms, toMs: ms })

export const utterance = z.object({
  id: z.string().min(1),
  fromMs: ms,
  toMs: ms,
  speaker: attributedSpeaker,
  overlap: z.array(overlappingSpeaker).optional(),
  language,
  languageConfidence: z.number().min(0).max(1).nullable(),
  status: z.enum(['ok', 'non-transcrito']),
  guards: z.array(guard),
  words: z.array(word),
})
export type Utterance = z.infer<typeof utterance>

/** contracts.md §6. Times on the session's media line. */
export const transcript = z.object({
  v: z.literal(1),
  session: z.string().min(1),
  version: z.int().positive(),
  languages: z.array(language),
  engine: z.object({ name: z.string().min(1), build: z.string().min(1) }),
  model: z.object({ name: z.string().min(1), sha256: sha256Hex }).nullable(),
  evidence: z.array(z.string()),
  utterances: z.array(utterance),
})
export type Transcript = z.infer<typeof transcript>

/** Running text of an utterance. */
export function utteranceText(of: Utterance): string {
  return of.words.map((one) => one.text).join(' ')
}

/** seats.json (contracts.md §7); `from` and `to` in seconds of the audio. */
export const evidenceSeat = z.object({
  seat: z.int().positive(),
  speaker: z.string().min(1),
  name: z.string().min(1),
  from: z.number().nonnegative(),
  to: z.number().nullable(),
})
export type EvidenceSeat = z.infer<typeof evidenceSeat>
