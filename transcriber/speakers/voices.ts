import type { SpeakerClue } from './speaker-clue.ts'

/** A stretch that a diarization model gives to one voice. Voices have numbers within their block only; whose they are it does not know. */
export interface VoiceTurn {
  fromMs: number
  toMs: number
  /** Blocks are heard apart: voice 1 of block 0 and voice 1 of block 1 need not be one. */
  block: number
  voice: number
}

/** A voice is somebody's when so much of what other sources say of it names them, over at least so much time. */
const binding = { share: 0.7, leastMs: 3000 } as const
/** Sources that may name a voice: each says who somebody is. The presumption for the chair does not. */
const naming = new Set<SpeakerClue['source']>(['microphone', 'channel', 'floor', 'chair-words'])

/**
 * Voices become clues for persons, bound by what other sources say where the voice speaks: one tap can so label all that a voice says. A
 * voice that nobody names stays unknown, and one that sources give to several persons is given to none: contradictions are not averaged.
 * @returns clues, and how many voices there are and were named
 */
export function voiceClues(
  turns: readonly VoiceTurn[],
  clues: readonly SpeakerClue[],
): { clues: SpeakerClue[]; voices: number; named: number } {
  const ofVoice = Map.groupBy(turns, (turn) => `${turn.block} ${turn.voice}`)
  const witnesses = clues.filter((clue) => naming.has(clue.source)).sort((a, b) => a.fromMs - b.fromMs)
  const found: SpeakerClue[] = []
  let named = 0
  for (const own of ofVoice.values()) {
    const speaker = whose(own, witnesses)
    if (speaker === undefined) continue
    named++
    found.push(...own.map(({ fromMs, toMs }) => ({ speaker, fromMs, toMs, source: 'diarization' as const })))
  }
  return { clues: found.sort((a, b) => a.fromMs - b.fromMs), voices: ofVoice.size, named }
}

function whose(turns: readonly VoiceTurn[], witnesses: readonly SpeakerClue[]): string | undefined {
  const heldMs = new Map<string, number>()
  for (const turn of turns) {
    for (const clue of witnesses) {
      if (clue.fromMs >= turn.toMs) break
      const ms = Math.min(clue.toMs, turn.toMs) - Math.max(clue.fromMs, turn.fromMs)
      if (ms > 0) heldMs.set(clue.speaker, (heldMs.get(clue.speaker) ?? 0) + ms)
    }
  }
  const sum = [...heldMs.values()].reduce((total, ms) => total + ms, 0)
  const [first] = [...heldMs].sort((a, b) => b[1] - a[1])
  return first && first[1] >= binding.leastMs && first[1] >= binding.share * sum ? first[0] : undefined
}
