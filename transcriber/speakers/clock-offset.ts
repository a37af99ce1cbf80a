import type { MicrophoneEvent } from '../../storage/model/microphone-events.ts'
import type { SpeechRegion } from '../voice-activity.ts'

/** How far the clock of the microphones is from the sound's, as found; or why nothing could be found. */
export type ClockMatch =
  | {
      state: 'matched' /** Milliseconds to add to an event at each place of the media line. */
      points: { atMs: number; offsetMs: number }[]
    }
  | { state: 'unchecked'; reason: 'too few switches' }
  | { state: 'refused'; reason: 'no clear match with the speech' }

const rules = {
  reachMs: 10_000,
  stepMs: 50,
  /** A switch comes up to a second before the turn it opens and after the one it ends, 0.4 s most often. */
  leadMs: 400,
  spreadMs: 350,
  /** A window of drift, and how far the next may be from the last. */
  windowMs: 600_000,
  driftMs: 1500,
  fewestSwitches: 8,
  /** The best offset must fit better than any at least this far from it, by this much of its own worth. */
  awayMs: 1500,
  clear: 0.08,
  /** And at least this share of what a perfect match would give. */
  worth: 0.35,
} as const

interface Edge {
  atMs: number
  /** From the length of the pause: a breath within a turn is no edge of one. */
  weight: number
}

/**
 * Offset and drift of the microphones' clock, by correlation of their switches with the edges of speech: on with a beginning, off with an
 * end. Found anew every ten minutes, since clocks drift. A weak peak is refused: events at wrong times name wrong people.
 */
export function matchClocks(events: readonly MicrophoneEvent[], speech: readonly SpeechRegion[], untilMs: number): ClockMatch {
  // Microphones go on being used after the recording ends: what lies beyond it has no speech to match.
  const switches = events.map((one) => ({ atMs: one.t * 1000, on: one.event === 'on' })).filter((one) => one.atMs <= untilMs)
  if (switches.length < rules.fewestSwitches) return { state: 'unchecked', reason: 'too few switches' }
  const edges = { on: startsOf(speech), off: endsOf(speech) }
  const whole = peak(switches, edges, { from: -rules.reachMs, to: rules.reachMs })
  const points: { atMs: number; offsetMs: number }[] = []
  let last = whole?.offsetMs
  for (let from = 0; from < untilMs; from += rules.windowMs) {
    const own = switches.filter((one) => one.atMs >= from - rules.reachMs && one.atMs < from + rules.windowMs + rules.reachMs)
    const enough = own.length >= rules.fewestSwitches
    const range =
      last === undefined ? { from: -rules.reachMs, to: rules.reachMs } : { from: last - rules.driftMs, to: last + rules.driftMs }
    const found = enough ? (peak(own, edges, range) ?? (last === undefined ? undefined : peak(own, edges, range, 0))) : undefined
    if (!found) continue
    last = found.offsetMs
    points.push({ atMs: Math.min(untilMs, from + rules.windowMs / 2), offsetMs: found.offsetMs })
  }
  if (points.length === 0) return { state: 'refused', reason: 'no clear match with the speech' }
  return { state: 'matched', points }
}

/** Events on the clock of the sound, in order. */
export function correctEvents(events: readonly MicrophoneEvent[], match: ClockMatch): MicrophoneEvent[] {
  if (match.state !== 'matched') return [...events]
  return events.map((one) => ({ ...one, t: Math.max(0, one.t + offsetAt(match.points, one.t * 1000) / 1000) }))
}

/** Between two points the offset goes evenly from one to the other, and on in the same way outside them. */
function offsetAt(points: readonly { atMs: number; offsetMs: number }[], atMs: number): number {
  const after = points.findIndex((point) => point.atMs >= atMs)
  const next = after === -1 ? points.length - 1 : Math.max(1, after)
  const [a, b] = [points[next - 1], points[next]]
  if (!a || !b) return points[0]?.offsetMs ?? 0
  return a.offsetMs + ((b.offsetMs - a.offsetMs) * (atMs - a.atMs)) / Math.max(1, b.atMs - a.atMs)
}

function peak(
  switches: readonly { atMs: number; on: boolean }[],
  edges: { on: Edge[]; off: Edge[] },
  range: { from: number; to: number },
  clear: number = rules.clear,
): { offsetMs: number } | undefined {
  const steps = Math.round((range.to - range.from) / rules.stepMs) + 1
  const worth = Array.from({ length: steps }, (_, step) => worthOf(switches, edges, range.from + step * rules.stepMs))
  const best = worth.reduce((a, value, step) => (value > (worth[a] ?? 0) ? step : a), 0)
  const away = rules.awayMs / rules.stepMs
  const rival = Math.max(0, ...worth.filter((_, step) => Math.abs(step - best) >= away))
  const top = worth[best] ?? 0
  if (top < rules.worth || top - rival < clear * top) return undefined
  return { offsetMs: Math.round(range.from + best * rules.stepMs) }
}

/** 0 to 1: how well the switches, moved by the offset, lie just before beginnings and just after ends. */
function worthOf(switches: readonly { atMs: number; on: boolean }[], edges: { on: Edge[]; off: Edge[] }, offsetMs: number): number {
  let sum = 0
  for (const { atMs, on } of switches) {
    const wanted = atMs + offsetMs + (on ? rules.leadMs : -rules.leadMs)
    sum += nearest(on ? edges.on : edges.off, wanted)
  }
  return sum / switches.length
}

/** The best of the edges around a place, by distance and weight. */
function nearest(edges: readonly Edge[], wanted: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle]?.atMs ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  let best = 0
  for (const edge of edges.slice(Math.max(0, low - 3), low + 3)) {
    best = Math.max(best, edge.weight * Math.exp(-((edge.atMs - wanted) ** 2) / (2 * rules.spreadMs ** 2)))
  }
  return best
}

function startsOf(speech: readonly SpeechRegion[]): Edge[] {
  return speech.map((region, i) => ({ atMs: region.fromMs, weight: pauseWeight(region.fromMs - (speech[i - 1]?.toMs ?? 0)) }))
}

function endsOf(speech: readonly SpeechRegion[]): Edge[] {
  return speech.map((region, i) => ({
    atMs: region.toMs,
    weight: pauseWeight((speech[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY) - region.toMs),
  }))
}

/** Who hands over makes a longer pause than who takes a breath. */
function pauseWeight(ms: number): number {
  return Math.min(1, Math.max(0.2, ms / 800))
}
