import { deflateSync } from 'node:zlib'
import type { Guard } from '../storage/model/transcript.ts'
import type { HeardWord, Recognition } from './speech-recognizer.ts'
import type { SpeechRegion } from './voice-activity.ts'

/**
 * Guards against invented text (study-transcriber.md §7). Each tells what it saw; none deletes. The numbers are Whisper's own thresholds
 * where it has them (log probability -1, no speech 0.6, compression 2.4).
 */
export interface GuardLimits {
  repeats: number
  charactersPerSecond: number
  compression: number
  logProbability: number
  noSpeech: number
  outsideMs: number
}

export const guardLimits: GuardLimits = {
  repeats: 4,
  charactersPerSecond: 25,
  compression: 2.4,
  logProbability: -1,
  noSpeech: 0.6,
  outsideMs: 500,
}

/** Guards that speak of invented text: the chunk is decoded once more. */
const suspicious = new Set(['repeated', 'dense', 'compressible', 'no-speech', 'low-probability', 'boilerplate'])

export function isSuspicious(guards: readonly Guard[]): boolean {
  return guards.some((one) => one.outcome === 'fired' && suspicious.has(one.code))
}

/** Every guard that fired, or could not be asked because the engine does not measure what it needs. */
export function judge(of: Recognition, speech: readonly SpeechRegion[], limits: GuardLimits = guardLimits): Guard[] {
  const words = of.words.map((word) => plain(word.text)).filter((word) => word !== '')
  const text = of.words.map((word) => word.text).join(' ')
  return [
    ...repeated(words, limits),
    ...dense(text, speech, limits),
    ...compressible(text, limits),
    ...boilerplate(text),
    ...lowProbability(of, limits),
    ...noSpeech(of, limits),
    ...(of.words.some((word) => word.probability === null) ? [unavailable('word-probability')] : []),
  ]
}

/** Words that lie where nobody speaks are refused, and the guard keeps what they were. Times of words and regions on one line. */
export function refuseOutside(
  words: readonly HeardWord[],
  speech: readonly SpeechRegion[],
  limits: GuardLimits = guardLimits,
): { kept: HeardWord[]; guards: Guard[] } {
  const inside = (word: HeardWord) =>
    speech.some((region) => word.toMs >= region.fromMs - limits.outsideMs && word.fromMs <= region.toMs + limits.outsideMs)
  const refused = words.filter((word) => !inside(word))
  if (refused.length === 0) return { kept: [...words], guards: [] }
  const detail = refused.map((word) => `«${word.text}» ${(word.fromMs / 1000).toFixed(2)} s`).join(', ')
  return { kept: words.filter(inside), guards: [fired('outside-speech', `refused: ${detail}`.slice(0, 2000))] }
}

function repeated(words: readonly string[], limits: GuardLimits): Guard[] {
  for (let size = 1; size <= 5; size++) {
    let times = 1
    for (let at = size; at + size <= words.length; at += times > 1 ? size : 1) {
      const same = words.slice(at, at + size).join(' ') === words.slice(at - size, at).join(' ')
      times = same ? times + 1 : 1
      if (times >= limits.repeats) return [fired('repeated', `«${words.slice(at, at + size).join(' ')}» ${times} times running`)]
    }
  }
  return []
}

function dense(text: string, speech: readonly SpeechRegion[], limits: GuardLimits): Guard[] {
  const seconds = speech.reduce((sum, region) => sum + region.toMs - region.fromMs, 0) / 1000
  const rate = seconds === 0 ? (text === '' ? 0 : Number.POSITIVE_INFINITY) : text.length / seconds
  return rate > limits.charactersPerSecond ? [fired('dense', `${rate.toFixed(1)} characters a second of speech`)] : []
}

function compressible(text: string, limits: GuardLimits): Guard[] {
  const bytes = Buffer.from(text)
  if (bytes.length < 80) return []
  const ratio = bytes.length / deflateSync(bytes).length
  return ratio > limits.compression ? [fired('compressible', `ratio ${ratio.toFixed(2)}`)] : []
}

/** What models have learnt from subtitles of films, and say into silence. */
const credits = [
  /subt[ií]tulos?.{0,40}(amara|comunidad|realizad|por la)/i,
  /suscr[ií]b(ete|an)/i,
  /gracias por ver/i,
  /grazas por ver/i,
  /legendas? (pela|por)/i,
  /www\.\S+\.(com|org)/i,
]

function boilerplate(text: string): Guard[] {
  const found = credits.map((one) => one.exec(text)?.[0]).find((one) => one !== undefined)
  return found === undefined ? [] : [fired('boilerplate', `«${found}»`)]
}

function lowProbability(of: Recognition, limits: GuardLimits): Guard[] {
  const mean = of.averageLogProbability
  if (mean === null) return [unavailable('low-probability')]
  return mean < limits.logProbability ? [fired('low-probability', `mean log probability ${mean.toFixed(2)}`)] : []
}

function noSpeech(of: Recognition, limits: GuardLimits): Guard[] {
  if (of.noSpeechProbability === null || of.averageLogProbability === null) return [unavailable('no-speech')]
  const silent = of.noSpeechProbability > limits.noSpeech && of.averageLogProbability < limits.logProbability
  return silent ? [fired('no-speech', `probability of no speech ${of.noSpeechProbability.toFixed(2)}`)] : []
}

function fired(code: string, detail: string): Guard {
  return { code, outcome: 'fired', detail }
}

function unavailable(code: string): Guard {
  return { code, outcome: 'unavailable', detail: 'the engine does not measure it' }
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
