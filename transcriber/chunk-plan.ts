import type { SpeechRegion } from './voice-activity.ts'

/**
 * What one call of the recognizer hears: stretches of sound of one microphone, with silence between them. Milliseconds of the media line.
 */
export interface Chunk extends SpeechRegion {
  index: number
  /** Padded, so that a word at an edge is heard whole; in their order. */
  pieces: SpeechRegion[]
  /** Regions of speech in it, as found. */
  speech: SpeechRegion[]
}

export interface ChunkPlanOptions {
  /** Places no piece may cross: gaps, parts, recesses, microphone changes. */
  marks: readonly number[]
  /** Places that no chunk may reach over: gaps, parts, recesses. */
  breaks?: readonly number[]
  /** Sound there is; padding stays inside. */
  runs: readonly SpeechRegion[]
  /** Whose microphone this is; turns of one are heard together. Undefined where it is not known: those only with what follows at once. */
  voiceOf?: (region: SpeechRegion) => string | undefined
  maxMs?: number
  /** A cut lies in silence at least this long. */
  minSilenceMs?: number
  padMs?: number
  /** Turns further apart are not heard together: what they are needed for should not wait. */
  reachMs?: number
}

/** Sound that fits Whisper's window of 30 s: 28 s of speech and its padding. */
export const fullWindowMs = 28_400

/** Silence that is put between two pieces: as long as a cut needs. */
export const silenceBetweenMs = 300

interface Piece extends SpeechRegion {
  speech: SpeechRegion[]
}

/**
 * Joins regions of speech to pieces of up to 28 s, cut in silence and at every change of microphone, and short pieces of one microphone to
 * chunks. Whisper hears 30 s at a time whatever it is given: a window with two seconds of speech in it costs as much as a full one.
 * A region longer than 28 s (somebody who does not breathe) is cut evenly, since there is no silence to cut in.
 */
export function planChunks(speech: readonly SpeechRegion[], options: ChunkPlanOptions): Chunk[] {
  const { maxMs = 28_000, padMs = 200 } = options
  const groups = groupSpeech(speech, { ...options, maxMs })
  const pieces = groups.map((regions, i) => pad(regions, groups[i - 1], groups[i + 1], padMs, options.runs))
  return pack(pieces, { ...options, maxMs: maxMs + 2 * padMs }).map((of, index) => ({
    index,
    fromMs: of[0]?.fromMs ?? 0,
    toMs: of.at(-1)?.toMs ?? 0,
    pieces: of.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    speech: of.flatMap((piece) => piece.speech),
  }))
}

function groupSpeech(speech: readonly SpeechRegion[], options: ChunkPlanOptions & { maxMs: number }): SpeechRegion[][] {
  const { maxMs, minSilenceMs = 300 } = options
  const marks = [...options.marks].sort((a, b) => a - b)
  const groups: SpeechRegion[][] = []
  for (const region of joinClose(cutLong(speech, maxMs), marks, minSilenceMs, maxMs)) {
    const group = groups.at(-1)
    const first = group?.[0]
    const last = group?.at(-1)
    if (group && first && last && region.toMs - first.fromMs <= maxMs && !marked(marks, last, region)) group.push(region)
    else groups.push([region])
  }
  return groups
}

/** Pieces of one microphone together, as long as they fit a window, lie within reach, and no break lies between. */
function pack(pieces: readonly Piece[], options: ChunkPlanOptions & { maxMs: number }): Piece[][] {
  const { maxMs, reachMs = 180_000, breaks = [], voiceOf = () => undefined } = options
  const packs: Piece[][] = []
  const open = new Map<string, Piece[]>()
  for (const piece of pieces) {
    const voice = voiceOf(piece)
    const group = voice === undefined ? undefined : open.get(voice)
    const [first, last] = [group?.[0], group?.at(-1)]
    const fits = group !== undefined && lengthOf([...group, piece]) <= maxMs
    if (fits && first && last && piece.toMs - first.fromMs <= reachMs && !marked(breaks, last, piece)) {
      group.push(piece)
      continue
    }
    const fresh = [piece]
    packs.push(fresh)
    if (voice !== undefined) open.set(voice, fresh)
  }
  return packs
}

/** Length of the sound that the recognizer gets for these pieces. */
function lengthOf(pieces: readonly SpeechRegion[]): number {
  return pieces.reduce((sum, one) => sum + one.toMs - one.fromMs, 0) + (pieces.length - 1) * silenceBetweenMs
}

/** Places where the floor passes to another microphone: each switching-on (or off) lies between two turns, or near it. */
export function changeMarks(onsMs: readonly number[], speech: readonly SpeechRegion[], reachMs = 700): number[] {
  const pauses = speech.slice(1).map((region, i) => ({ fromMs: speech[i]?.toMs ?? 0, toMs: region.fromMs }))
  const marks = new Set<number>()
  for (const on of onsMs) {
    // Switches are pressed a little before or after the first word: the nearest pause is the change.
    const near = pauses
      .map((pause) => ({ at: Math.round((pause.fromMs + pause.toMs) / 2), far: Math.max(pause.fromMs - on, on - pause.toMs, 0) }))
      .filter((pause) => pause.far <= reachMs)
      .sort((a, b) => a.far - b.far)[0]
    if (near) marks.add(near.at)
  }
  return [...marks].sort((a, b) => a - b)
}

/** Regions parted by less silence than a cut needs belong together, unless that makes them too long or a mark lies between. */
function joinClose(speech: readonly SpeechRegion[], marks: readonly number[], minSilenceMs: number, maxMs: number): SpeechRegion[] {
  const joined: SpeechRegion[] = []
  for (const region of speech) {
    const last = joined.at(-1)
    const close = last && region.fromMs - last.toMs < minSilenceMs && region.toMs - last.fromMs <= maxMs
    if (last && close && !marked(marks, last, region)) last.toMs = region.toMs
    else joined.push({ ...region })
  }
  return joined
}

function marked(marks: readonly number[], before: SpeechRegion, after: SpeechRegion): boolean {
  return marks.some((mark) => mark > before.fromMs && mark >= Math.min(before.toMs, after.fromMs) && mark <= after.fromMs)
}

function cutLong(speech: readonly SpeechRegion[], maxMs: number): SpeechRegion[] {
  return speech.flatMap((region) => {
    const pieces = Math.max(1, Math.ceil((region.toMs - region.fromMs) / maxMs))
    const step = (region.toMs - region.fromMs) / pieces
    return Array.from({ length: pieces }, (_, i) => ({
      fromMs: Math.round(region.fromMs + i * step),
      toMs: Math.round(region.fromMs + (i + 1) * step),
    }))
  })
}

/** Padding ends half way to the neighbour, so that no sound is heard twice, and where the run ends. */
function pad(
  regions: SpeechRegion[],
  before: SpeechRegion[] | undefined,
  after: SpeechRegion[] | undefined,
  padMs: number,
  runs: readonly SpeechRegion[],
): Piece {
  const from = regions[0]?.fromMs ?? 0
  const to = regions.at(-1)?.toMs ?? from
  const run = runs.find((one) => one.fromMs <= from && from < one.toMs)
  const floor = Math.max(run?.fromMs ?? 0, middle(before?.at(-1)?.toMs, from))
  const ceiling = Math.min(run?.toMs ?? Number.MAX_SAFE_INTEGER, after ? middle(to, after[0]?.fromMs ?? to) : Number.MAX_SAFE_INTEGER)
  return { fromMs: Math.max(from - padMs, floor), toMs: Math.max(Math.min(to + padMs, ceiling), to), speech: regions }
}

function middle(a: number | undefined, b: number): number {
  return a === undefined ? 0 : Math.floor((a + b) / 2)
}
