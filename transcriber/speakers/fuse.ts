import type { Utterance } from '../../storage/model/transcript.ts'
import type { SpeechRegion } from '../voice-activity.ts'
import { type EvidenceGrid, evidenceGrid, frameMs } from './evidence-grid.ts'
import { type SpeakerClue, unknownSpeaker } from './speaker-clue.ts'
import { disagreement, sourceOf } from './weigh-sources.ts'

/** Changing speaker costs; less in a pause and at a microphone's switch. */
const switching = { speech: -3, pause: -1, nearSwitch: -1.5 } as const
/** Below this a person says who it was. */
const sureEnough = 0.8
/** Two at once for less than this is a breath or a reverberation. */
const shortestOverlapMs = 300

export type SpeakerOfSpan = Utterance['speaker']

/** Who speaks at each tenth of a second. */
export interface SpeakerLine {
  at(ms: number): string
  over(fromMs: number, toMs: number): SpeakerOfSpan
  /** Who else speaks in a span at the same time as its speaker: told by the channels, else by voices: an open microphone is no speech. */
  overlap(fromMs: number, toMs: number): NonNullable<Utterance['overlap']>
}

/**
 * One evidence model: every source speaks for its speakers on a grid of 100 ms, and Viterbi finds the likeliest line through it. Where two
 * strong sources each surely name somebody else, nobody is assigned and a person is asked.
 */
export function fuseClues(clues: readonly SpeakerClue[], speech: readonly SpeechRegion[], untilMs: number): SpeakerLine {
  const grid = evidenceGrid(clues, speech, untilMs)
  const line = smooth(viterbi(grid))
  const frameOf = (ms: number) => Math.min(grid.frames - 1, Math.max(0, Math.floor(ms / frameMs)))
  const over = (fromMs: number, toMs: number) => describe(frameOf(fromMs), frameOf(Math.max(fromMs, toMs - 1)), grid, line)
  return {
    at: (ms) => grid.speakers[line[frameOf(ms)] ?? 0] ?? unknownSpeaker,
    over,
    overlap: (fromMs, toMs) => overlapping(over(fromMs, toMs).id, fromMs, toMs, clues),
  }
}

/** Best state of every frame. One switching cost for all pairs makes a step linear in the number of speakers. */
function viterbi({ speakers, frames, scores, spoken, nearSwitch }: EvidenceGrid): Uint16Array {
  const width = speakers.length
  const from = new Uint16Array(frames * width)
  let best = new Float64Array(width)
  for (let frame = 0; frame < frames; frame++) {
    const next = new Float64Array(width)
    const leader = indexOfLargest(best)
    const cost = !spoken[frame] ? switching.pause : nearSwitch[frame] ? switching.nearSwitch : switching.speech
    const arrive = (best[leader] ?? 0) + cost
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

/** A run under 300 ms between two of one speaker is theirs. */
function smooth(line: Uint16Array): Uint16Array {
  const shortest = 300 / frameMs
  for (let from = 0; from < line.length; ) {
    let to = from
    while (to < line.length && line[to] === line[from]) to++
    if (from > 0 && to < line.length && to - from < shortest && line[from - 1] === line[to]) line.fill(line[to] ?? 0, from, to)
    from = to
  }
  return line
}

function describe(first: number, last: number, grid: EvidenceGrid, line: Uint16Array): SpeakerOfSpan {
  const width = grid.speakers.length
  const shares = new Float64Array(width)
  const held = new Float64Array(width)
  for (let frame = first; frame <= last; frame++) {
    const row = grid.scores.subarray(frame * width, (frame + 1) * width)
    const top = Math.max(...row)
    const total = row.reduce((sum, score) => sum + Math.exp(score - top), 0)
    for (let state = 0; state < width; state++) shares[state] = (shares[state] ?? 0) + Math.exp((row[state] ?? 0) - top) / total
    const state = line[frame] ?? 0
    held[state] = (held[state] ?? 0) + 1
  }
  const winner = indexOfLargest(held)
  const id = grid.speakers[winner] ?? unknownSpeaker
  const frames = last - first + 1
  const second = grid.speakers
    .map((speaker, i) => ({ speaker, share: i === winner || i === 0 ? 0 : (shares[i] ?? 0) / frames }))
    .reduce((a, b) => (b.share > a.share ? b : a))
  const span = { fromMs: first * frameMs, toMs: (last + 1) * frameMs }
  const against = disagreement(span, grid)
  if (against) {
    return { id: unknownSpeaker, confidence: 0, source: against.source, runnerUp: against.speaker, review: 'sources-disagree' }
  }
  const confidence = id === unknownSpeaker ? 0 : Math.round(((shares[winner] ?? 0) / frames) * 1000) / 1000
  return {
    id,
    confidence,
    source: sourceOf(id, span, grid.clues),
    ...(second.share > 0.01 ? { runnerUp: second.speaker } : {}),
    ...(confidence < sureEnough && grid.clues.length > 0 ? { review: 'unsure' as const } : {}),
  }
}

function overlapping(id: string, fromMs: number, toMs: number, clues: readonly SpeakerClue[]): NonNullable<Utterance['overlap']> {
  const heard = clues.filter((clue) => clue.source === 'channel')
  const measured = heard.length > 0 ? heard : clues.filter((clue) => clue.source === 'diarization')
  const spans = measured
    .filter((clue) => clue.speaker !== id && clue.fromMs < toMs && clue.toMs > fromMs)
    .map((clue) => ({ id: clue.speaker, fromMs: Math.max(fromMs, clue.fromMs), toMs: Math.min(toMs, clue.toMs) }))
  const own = measured.filter((clue) => clue.speaker === id)
  return spans.flatMap((span) =>
    own
      .map((clue) => ({ id: span.id, fromMs: Math.max(span.fromMs, clue.fromMs), toMs: Math.min(span.toMs, clue.toMs) }))
      .filter((both) => both.toMs - both.fromMs >= shortestOverlapMs),
  )
}

function indexOfLargest(values: Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  return best
}
