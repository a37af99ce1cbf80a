import type { Turn } from '../../transcriber/formats/rttm.ts'
import { tapClues } from '../../transcriber/speakers/floor-events.ts'
import type { SpeakerEvidence } from '../../transcriber/speakers/gather-clues.ts'
import { randomNumbers } from '../conformance/random-pairs.ts'

/**
 * The taps of a secretary who gives the floor to whoever speaks but the chair, 1.5 s late on the whole (standard deviation 1 s): what the
 * turns of a reference would have become on the tablet.
 */
export function tapsOf(turns: readonly Turn[], chair: string, seed: number): NonNullable<SpeakerEvidence['others']> {
  const random = randomNumbers(seed)
  const late = () => 1500 + 1000 * Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random())
  const taps = turns
    .filter((turn) => turn.speaker !== chair)
    .map((turn) => ({ speaker: turn.speaker, fromMs: Math.max(0, turn.start * 1000 + late()), toMs: turn.end * 1000 + late() }))
  return (speech, untilMs) => tapClues(taps, chair, speech, untilMs)
}
