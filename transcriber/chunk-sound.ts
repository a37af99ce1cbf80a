import { silenceBetweenMs } from './chunk-plan.ts'
import type { PlannedChunk } from './chunk-result.ts'
import { bytesPerMs, readAudio, type SessionAudio } from './session-audio.ts'
import type { HeardWord } from './speech-recognizer.ts'
import type { SpeechRegion } from './voice-activity.ts'

/** Sound of a chunk: its pieces one after the other, with silence between. At most half a minute. */
export async function readChunk(audio: SessionAudio, chunk: Pick<PlannedChunk, 'pieces'>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (const [i, piece] of chunk.pieces.entries()) {
    if (i > 0) parts.push(new Uint8Array(silenceBetweenMs * bytesPerMs))
    const sound = await readAudio(audio, piece.fromMs, piece.toMs)
    // A hole at the end of a file reads short; places after it must stay true.
    parts.push(sound, new Uint8Array(Math.max(0, (piece.toMs - piece.fromMs) * bytesPerMs - sound.length)))
  }
  return Buffer.concat(parts)
}

/** Words from the line of the chunk's sound to the session's; each lies in the piece that holds most of it. */
export function placeWords(words: readonly HeardWord[], pieces: readonly SpeechRegion[]): HeardWord[] {
  const starts: number[] = []
  let at = 0
  for (const piece of pieces) {
    starts.push(at)
    at += piece.toMs - piece.fromMs + silenceBetweenMs
  }
  return words.map((word) => {
    const best = pieceOf(word, pieces, starts)
    const [piece, start] = [pieces[best], starts[best]]
    if (piece === undefined || start === undefined) return word
    const shift = piece.fromMs - start
    const length = piece.toMs - piece.fromMs
    // A word that reaches into the silence between ends where its piece does; the last piece is not cut, guards judge what lies after it.
    const end = best < pieces.length - 1 ? Math.min(word.toMs, start + length) : word.toMs
    return { ...word, fromMs: word.fromMs + shift, toMs: Math.max(end, word.fromMs) + shift }
  })
}

function pieceOf(word: HeardWord, pieces: readonly SpeechRegion[], starts: readonly number[]): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY]
  for (const [i, piece] of pieces.entries()) {
    const start = starts[i] ?? 0
    const overlap = Math.min(word.toMs, start + piece.toMs - piece.fromMs) - Math.max(word.fromMs, start)
    if (overlap > most) [best, most] = [i, overlap]
  }
  return best
}
