import type { SpeechRegion } from '../voice-activity.ts'
import { type SpeakerClue, unknownSpeaker } from './speaker-clue.ts'

export const frameMs = 100

/** Natural logarithms, so that one source outweighs all below it (study of attribution: events, channels, taps, voices). */
const weights: Record<SpeakerClue['source'], number> = {
  microphone: 5,
  channel: 4.5,
  floor: 3,
  'chair-words': 2.5,
  diarization: 2,
  presidency: 1.2,
}
/** Somebody for whom nothing speaks is less likely than nobody known. */
const nothing = -2
/** Of two open microphones, the one opened last more likely speaks. */
const lastOpened = 0.8
/** The operator's finger comes up to 0.3 s late or early: the nearer to the edge, the likelier. */
const edge = { ms: 300, weight: 2 }

/** What is known of each tenth of a second: a row of log-likelihoods, one for each speaker; the first is nobody known. */
export interface EvidenceGrid {
  speakers: readonly string[]
  frames: number
  /** 1 where somebody speaks. */
  spoken: Uint8Array
  scores: Float32Array
  /** 1 within half a second of a microphone's switch: there a change of speaker is likelier. */
  nearSwitch: Uint8Array
  clues: readonly SpeakerClue[]
}

/** Voice activity gates everything: an open microphone in silence says nothing. */
export function evidenceGrid(clues: readonly SpeakerClue[], speech: readonly SpeechRegion[], untilMs: number): EvidenceGrid {
  const speakers = [unknownSpeaker, ...new Set(clues.map((clue) => clue.speaker))]
  const frames = Math.max(1, Math.ceil(untilMs / frameMs))
  const spoken = new Uint8Array(frames)
  for (const region of speech) spoken.fill(1, Math.floor(region.fromMs / frameMs), Math.min(frames, Math.ceil(region.toMs / frameMs)))
  const width = speakers.length
  const scores = new Float32Array(frames * width)
  for (let frame = 0; frame < frames; frame++) if (spoken[frame]) scores.fill(nothing, frame * width + 1, (frame + 1) * width)
  const raise = (state: number, fromMs: number, toMs: number, weight: number) => {
    const last = Math.min(frames, Math.ceil(toMs / frameMs))
    for (let frame = Math.max(0, Math.floor(fromMs / frameMs)); frame < last; frame++) {
      if (spoken[frame]) scores[frame * width + state] = (scores[frame * width + state] ?? 0) + weight
    }
  }
  const nearSwitch = new Uint8Array(frames)
  const openings = clues.filter((clue) => clue.source === 'microphone').map((clue) => clue.fromMs)
  for (const clue of clues) {
    const state = speakers.indexOf(clue.speaker)
    raise(state, clue.fromMs, clue.toMs, weights[clue.source] - nothing)
    if (clue.source !== 'microphone') continue
    raise(state, clue.fromMs - edge.ms, clue.fromMs, edge.weight)
    raise(state, clue.toMs, clue.toMs + edge.ms, edge.weight)
    const overtaken = openings.filter((opening) => opening > clue.fromMs && opening < clue.toMs)
    raise(state, clue.fromMs, Math.min(clue.toMs, ...overtaken), lastOpened)
    for (const at of [clue.fromMs, clue.toMs]) {
      nearSwitch.fill(1, Math.max(0, Math.floor((at - 500) / frameMs)), Math.max(0, Math.ceil((at + 500) / frameMs)))
    }
  }
  return { speakers, frames, spoken, scores, nearSwitch, clues }
}
