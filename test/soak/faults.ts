/** What happens to a recorder during a soak. */
export interface Fault {
  kind: 'network cut' | 'agent killed' | 'ffmpeg killed' | 'clock step'
  atMs: number
  /** How long it lasts, or by how much the clock steps. */
  ms: number
}

/**
 * Three cuts, two kills of the agent, one of ffmpeg, in an order and at distances that the seed tells, and last one clock step; nothing in
 * the first tenth and the last fifth, and no two within one slot. The step comes last because only the agent's own clock is stepped: the
 * kernel goes on writing true times on files, and an agent that is started after a kill tells by those when a segment ended.
 */
export function planFaults(seed: number, totalMs: number): Fault[] {
  const random = mulberry32(seed)
  const kinds: Fault['kind'][] = [
    'network cut',
    'network cut',
    'network cut',
    'agent killed',
    'agent killed',
    'ffmpeg killed',
    'clock step',
  ]
  const [from, to] = [totalMs * 0.1, totalMs * 0.8]
  const slot = (to - from) / kinds.length
  return kinds
    .map((kind) => ({ kind, order: kind === 'clock step' ? 1 : random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ kind }, at) => ({
      kind,
      atMs: Math.round(from + slot * (at + 0.3 * random())),
      ms: Math.round(lengthOf(kind, slot, random())),
    }))
}

function lengthOf(kind: Fault['kind'], slot: number, random: number): number {
  if (kind === 'network cut') return slot * (0.3 + 0.3 * random)
  if (kind === 'agent killed') return Math.min(slot * 0.3, 1000 + 4000 * random)
  return kind === 'clock step' ? (random < 0.5 ? -30_000 : 3_600_000) : 0
}

/** A small generator of numbers in [0, 1) that a seed repeats (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
