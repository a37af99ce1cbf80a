import type { Chunk } from './chunk-plan.ts'
import type { Cut } from './plan-session.ts'
import type { SpeechRegion } from './voice-activity.ts'

/** As far as a chunk reaches for another turn of its microphone (chunk-plan.ts), and the padding of both sides. */
const [reachMs, paddingMs] = [180_000, 400]

/**
 * The chunks of a session that still runs which will be the same whatever is said next: the very chunks that the final plan has, as long as
 * the evidence of who spoke says the same.
 * @param settledMs a place before which no other region of speech begins any more
 */
export function settledChunks({ chunks, voiceOf, maxMs }: Cut, settledMs: number): Chunk[] {
  const newest = Math.max(...chunks.flatMap((chunk) => chunk.pieces.map((piece) => piece.fromMs)))
  // A piece takes in what follows as long as it fits; once something did not, or nothing that could fit can come, it is whole.
  const isWhole = (piece: SpeechRegion | undefined) =>
    piece !== undefined && (piece.fromMs < newest || settledMs >= piece.fromMs + maxMs + paddingMs)
  return chunks.filter((chunk, at) => {
    const [first, last] = [chunk.pieces[0], chunk.pieces.at(-1)]
    if (!first || !isWhole(last)) return false
    const voice = voiceOf(first)
    if (voice === undefined || settledMs >= chunk.fromMs + reachMs) return true
    return chunks.slice(at + 1).some((later) => later.pieces[0] && voiceOf(later.pieces[0]) === voice)
  })
}
