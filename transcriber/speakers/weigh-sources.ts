import type { SpeakerSource } from '../../storage/model/transcript.ts'
import { type EvidenceGrid, frameMs } from './evidence-grid.ts'
import type { SpeakerClue } from './speaker-clue.ts'

interface Span {
  fromMs: number
  toMs: number
}

/** From the strongest down. */
const ranks: readonly SpeakerClue['source'][] = ['microphone', 'channel', 'floor', 'chair-words', 'diarization', 'presidency']
/** A source is sure when it names one person, nobody else, over this share of the speech of a span. */
const sureShare = 0.8
/** Too short a span for two sources to be held against each other. */
const shortestMs = 600

/** The strongest source that names this speaker over a good part of the span. */
export function sourceOf(id: string, span: Span, clues: readonly SpeakerClue[]): SpeakerSource {
  const own = clues.filter((clue) => clue.speaker === id && clue.fromMs - 300 < span.toMs && clue.toMs + 300 > span.fromMs)
  const shared = (clue: SpeakerClue) => Math.min(clue.toMs + 300, span.toMs) - Math.max(clue.fromMs - 300, span.fromMs)
  const covered = (source: SpeakerClue['source']) =>
    own.filter((clue) => clue.source === source).reduce((sum, clue) => sum + shared(clue), 0)
  const strong = ranks.find((source) => covered(source) >= 0.3 * (span.toMs - span.fromMs))
  return strong ?? ranks.find((source) => covered(source) > 0) ?? 'none'
}

/**
 * Two measured sources (open microphones, energy of the channels) that are each sure, and of different people. Taps and the chair's words
 * come late and say who was meant to speak: against them the measured source wins, and they are the runner-up.
 * @returns what the stronger says
 */
export function disagreement(span: Span, grid: EvidenceGrid): { speaker: string; source: SpeakerSource } | undefined {
  if (span.toMs - span.fromMs < shortestMs) return undefined
  const [microphone, channel] = [sureOf('microphone', span, grid), sureOf('channel', span, grid)]
  return microphone !== undefined && channel !== undefined && microphone !== channel
    ? { speaker: microphone, source: 'microphone' }
    : undefined
}

function sureOf(source: SpeakerClue['source'], span: Span, grid: EvidenceGrid): string | undefined {
  const near = grid.clues.filter((clue) => clue.source === source && clue.fromMs < span.toMs && clue.toMs > span.fromMs)
  const frames = new Map<string, number>()
  let spoken = 0
  for (let frame = Math.floor(span.fromMs / frameMs); frame < Math.ceil(span.toMs / frameMs); frame++) {
    if (!grid.spoken[frame]) continue
    spoken++
    const at = (frame + 0.5) * frameMs
    const named = new Set(near.filter((clue) => clue.fromMs <= at && at < clue.toMs).map((clue) => clue.speaker))
    for (const speaker of named) frames.set(speaker, (frames.get(speaker) ?? 0) + 1)
  }
  const [first, second] = [...frames].sort((a, b) => b[1] - a[1])
  if (!first || first[1] < sureShare * spoken || (second?.[1] ?? 0) > (1 - sureShare) * spoken) return undefined
  return first[0]
}
