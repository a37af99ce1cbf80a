import type { SpeechRegion } from '../voice-activity.ts'
import type { SpeakerClue } from './speaker-clue.ts'

const frameMs = 100

/** Weights in natural logarithms, chosen so that one source outweighs all below it (study-transcriber.md §7). */
const weights = {
  microphone: 4,
  /** The operator's finger comes up to 0.3 s late or early. */
  microphoneEdge: 1.5,
  /** Of two open microphones, the one opened last more likely speaks. */
  lastOpened: 0.6,
  floor: 1.5,
  presidency: 0.7,
  /** Somebody for whom nothing speaks is less likely than nobody known. */
  nothing: -1,
  switching: -3,
  switchingInPause: -1,
} as const

export type ClueSource = 'microphone' | 'floor' | 'none'

export interface SpeakerOfSpan {
  id: string
  /** Mean share of the evidence that speaks for this speaker, 0 to 1. */
  confidence: number
  source: ClueSource
  runnerUp?: string
}

/** Who speaks at each tenth of a second. */
export interface SpeakerLine {
  at(ms: number): string
  over(fromMs: number, toMs: number): SpeakerOfSpan
}

export const unknownSpeaker = 'unknown'

/**
 * One evidence model: every source speaks for its speakers on a grid of 100 ms, and Viterbi finds the likeliest line through it, where
 * changing costs less in a pause. Voice activity gates everything: an open microphone in silence says nothing.
 */
export function fuseClues(clues: readonly SpeakerClue[], speech: readonly SpeechRegion[], untilMs: number): SpeakerLine {
  const speakers = [unknownSpeaker, ...new Set(clues.map((clue) => clue.speaker))]
  const frames = Math.max(1, Math.ceil(untilMs / frameMs))
  const spoken = speechFrames(speech, frames)
  const scores = evidenceScores(clues, speakers, frames, spoken)
  const line = viterbi(scores, speakers.length, spoken)
  const frameOf = (ms: number) => Math.min(frames - 1, Math.max(0, Math.floor(ms / frameMs)))
  return {
    at: (ms) => speakers[line[frameOf(ms)] ?? 0] ?? unknownSpeaker,
    over: (fromMs, toMs) => describe(frameOf(fromMs), frameOf(Math.max(fromMs, toMs - 1)), { speakers, scores, line, clues }),
  }
}

function speechFrames(speech: readonly SpeechRegion[], frames: number): Uint8Array {
  const spoken = new Uint8Array(frames)
  for (const region of speech) spoken.fill(1, Math.floor(region.fromMs / frameMs), Math.min(frames, Math.ceil(region.toMs / frameMs)))
  return spoken
}

function evidenceScores(clues: readonly SpeakerClue[], speakers: readonly string[], frames: number, spoken: Uint8Array): Float32Array {
  const width = speakers.length
  const scores = new Float32Array(frames * width)
  for (let frame = 0; frame < frames; frame++) if (spoken[frame]) scores.fill(weights.nothing, frame * width + 1, (frame + 1) * width)
  const raise = (state: number, fromMs: number, toMs: number, weight: number) => {
    const last = Math.min(frames, Math.ceil(toMs / frameMs))
    for (let frame = Math.max(0, Math.floor(fromMs / frameMs)); frame < last; frame++) {
      if (spoken[frame]) scores[frame * width + state] = (scores[frame * width + state] ?? 0) + weight
    }
  }
  const openings = clues.filter((clue) => clue.source === 'microphone').map((clue) => clue.fromMs)
  for (const clue of clues) {
    const state = speakers.indexOf(clue.speaker)
    if (clue.source !== 'microphone') {
      raise(state, clue.fromMs, clue.toMs, weights[clue.source] - weights.nothing)
      continue
    }
    raise(state, clue.fromMs, clue.toMs, weights.microphone - weights.nothing)
    raise(state, clue.fromMs - 300, clue.fromMs, weights.microphoneEdge)
    raise(state, clue.toMs, clue.toMs + 300, weights.microphoneEdge)
    const overtaken = openings.filter((opening) => opening > clue.fromMs && opening < clue.toMs)
    raise(state, clue.fromMs, Math.min(clue.toMs, ...overtaken), weights.lastOpened)
  }
  return scores
}

/** Best state of every frame. One switching cost for all pairs makes a step linear in the number of speakers. */
function viterbi(scores: Float32Array, width: number, spoken: Uint8Array): Uint16Array {
  const frames = spoken.length
  const from = new Uint16Array(frames * width)
  let best = new Float64Array(width)
  for (let frame = 0; frame < frames; frame++) {
    const next = new Float64Array(width)
    const leader = indexOfLargest(best)
    const arrive = (best[leader] ?? 0) + (spoken[frame] ? weights.switching : weights.switchingInPause)
    for (let state = 0; state < width; state++) {
      const stay = best[state] ?? 0
      from[frame * width + state] = stay >= arrive ? state : leader
      next[state] = Math.max(stay, arrive) + (scores[frame * width + state] ?? 0)
    }
    best = next
  }
  const line = new Uint16Array(frames)
  let state = indexOfLargest(best)
  for (let frame = frames - 1; frame >= 0; frame--) {
    line[frame] = state
    state = from[frame * width + state] ?? 0
  }
  return line
}

interface Fused {
  speakers: readonly string[]
  scores: Float32Array
  line: Uint16Array
  clues: readonly SpeakerClue[]
}

function describe(first: number, last: number, of: Fused): SpeakerOfSpan {
  const width = of.speakers.length
  const shares = new Float64Array(width)
  const held = new Float64Array(width)
  for (let frame = first; frame <= last; frame++) {
    const row = of.scores.subarray(frame * width, (frame + 1) * width)
    const top = Math.max(...row)
    const total = row.reduce((sum, score) => sum + Math.exp(score - top), 0)
    for (let state = 0; state < width; state++) shares[state] = (shares[state] ?? 0) + Math.exp((row[state] ?? 0) - top) / total
    const state = of.line[frame] ?? 0
    held[state] = (held[state] ?? 0) + 1
  }
  const winner = indexOfLargest(held)
  const id = of.speakers[winner] ?? unknownSpeaker
  const others = of.speakers.map((speaker, i) => ({ speaker, share: i === winner ? 0 : (shares[i] ?? 0) }))
  const second = others
    .filter((one) => one.speaker !== unknownSpeaker)
    .reduce((a, b) => (b.share > a.share ? b : a), { speaker: '', share: 0 })
  const frames = last - first + 1
  return {
    id,
    confidence: id === unknownSpeaker ? 0 : Math.round(((shares[winner] ?? 0) / frames) * 1000) / 1000,
    source: sourceOf(id, first * frameMs, (last + 1) * frameMs, of.clues),
    ...(second.share / frames > 0.01 ? { runnerUp: second.speaker } : {}),
  }
}

/** The strongest source that names this speaker anywhere in the span. */
function sourceOf(id: string, fromMs: number, toMs: number, clues: readonly SpeakerClue[]): ClueSource {
  const own = clues.filter((clue) => clue.speaker === id && clue.fromMs - 300 < toMs && clue.toMs + 300 > fromMs)
  if (own.some((clue) => clue.source === 'microphone')) return 'microphone'
  return own.length > 0 ? 'floor' : 'none'
}

function indexOfLargest(values: Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  return best
}
