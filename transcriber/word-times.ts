import type { HeardWord } from './speech-recognizer.ts'
import type { SpeechRegion } from './voice-activity.ts'

const shortestMs = 20
const longestMs = 4000

/**
 * Words in their order, each inside speech, none before the one it follows, 20 ms to 4 s long. The engine's times are guesses that
 * wander into pauses; the regions are measured.
 */
export function settleTimes(words: readonly HeardWord[], speech: readonly SpeechRegion[]): HeardWord[] {
  let earliest = 0
  return words.map((word) => {
    const region = regionOf(word, speech)
    const within = region ?? { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }
    const start = Math.max(earliest, Math.min(Math.max(word.fromMs, within.fromMs), Math.max(within.fromMs, within.toMs - shortestMs)))
    const end = Math.min(Math.max(word.toMs, start + shortestMs), Math.max(within.toMs, start + shortestMs), start + longestMs)
    earliest = start
    return { ...word, fromMs: Math.round(start), toMs: Math.round(end) }
  })
}

/** The region that holds most of the word; without overlap, the nearest. */
function regionOf(word: HeardWord, speech: readonly SpeechRegion[]): SpeechRegion | undefined {
  let best: SpeechRegion | undefined
  let bestScore = Number.NEGATIVE_INFINITY
  for (const region of speech) {
    const overlap = Math.min(word.toMs, region.toMs) - Math.max(word.fromMs, region.fromMs)
    if (overlap > bestScore) {
      bestScore = overlap
      best = region
    }
  }
  return best
}
