import type { Turn } from '../formats/rttm.ts'
import { assign } from './assignment.ts'

/** Seconds of speech. Where several speak at once each counts. */
export interface DiarizationError {
  speech: number
  missed: number
  falseAlarm: number
  confusion: number
  /** (missed + false alarm + confusion) / speech. */
  rate: number
}

export interface AttributionError {
  /** Seconds in which reference and result both have somebody speak. */
  compared: number
  /** Of these, those given to somebody who does not speak. */
  wrong: number
  rate: number
}

interface Span {
  file: string
  seconds: number
  reference: ReadonlySet<string>
  hypothesis: ReadonlySet<string>
}

/**
 * Diarization error rate (NIST): speakers of the result are matched to those of the reference, file by file, as it errs least.
 * @param collar seconds before and after each border of the reference that are not scored; speech of several at once is scored
 */
export function diarizationError(reference: readonly Turn[], hypothesis: readonly Turn[], collar: number): DiarizationError {
  const total = { speech: 0, missed: 0, falseAlarm: 0, confusion: 0 }
  for (const spans of byFile(spansOf(reference, hypothesis, collar))) {
    const naming = bestNaming(spans)
    for (const { seconds, reference: expected, hypothesis: found } of spans) {
      const right = [...found].filter((speaker) => expected.has(naming.get(speaker) ?? '')).length
      total.speech += seconds * expected.size
      total.missed += seconds * Math.max(0, expected.size - found.size)
      total.falseAlarm += seconds * Math.max(0, found.size - expected.size)
      total.confusion += seconds * (Math.min(expected.size, found.size) - right)
    }
  }
  return { ...total, rate: (total.missed + total.falseAlarm + total.confusion) / Math.max(total.speech, Number.EPSILON) }
}

/** How many speakers too many (positive) or too few the result has, over all files. */
export function speakerCountError(
  reference: readonly Turn[],
  hypothesis: readonly Turn[],
): { reference: number; hypothesis: number; error: number } {
  const count = (turns: readonly Turn[]) => new Set(turns.map((turn) => `${turn.file} ${turn.speaker}`)).size
  const [expected, found] = [count(reference), count(hypothesis)]
  return { reference: expected, hypothesis: found, error: found - expected }
}

/** Share of speech given to the wrong person: names count as they stand, nothing is matched. */
export function attributionError(reference: readonly Turn[], hypothesis: readonly Turn[]): AttributionError {
  let [compared, wrong] = [0, 0]
  for (const { seconds, reference: expected, hypothesis: found } of spansOf(reference, hypothesis, 0)) {
    const both = Math.min(expected.size, found.size)
    const right = [...found].filter((speaker) => expected.has(speaker)).length
    compared += seconds * both
    wrong += seconds * Math.max(0, both - right)
  }
  return { compared, wrong, rate: compared === 0 ? 0 : wrong / compared }
}

/** The line of each file cut at every border, so that in a span nothing changes. */
function spansOf(reference: readonly Turn[], hypothesis: readonly Turn[], collar: number): Span[] {
  const files = new Set([...reference, ...hypothesis].map((turn) => turn.file))
  return [...files].flatMap((file) => {
    const expected = reference.filter((turn) => turn.file === file)
    const found = hypothesis.filter((turn) => turn.file === file)
    const unscored = expected.flatMap((turn) => [turn.start, turn.end]).map((at) => ({ start: at - collar, end: at + collar }))
    const borders = [...expected, ...found, ...unscored].flatMap((one) => [one.start, one.end])
    const cuts = [...new Set(borders)].sort((a, b) => a - b)
    const changes = sweep(expected, found, unscored)
    return changes(cuts).map((span) => ({ file, ...span }))
  })
}

/** Walks the cuts once, keeping who is speaking on each side. */
function sweep(expected: readonly Turn[], found: readonly Turn[], unscored: readonly { start: number; end: number }[]) {
  type Change = { at: number; side: 'reference' | 'hypothesis' | 'unscored'; speaker: string; by: 1 | -1 }
  const of = (side: Change['side'], turns: readonly { start: number; end: number; speaker?: string }[]): Change[] =>
    turns.flatMap(({ start, end, speaker = '' }) => [
      { at: start, side, speaker, by: 1 },
      { at: end, side, speaker, by: -1 },
    ])
  const changes = [...of('reference', expected), ...of('hypothesis', found), ...of('unscored', unscored)].sort((a, b) => a.at - b.at)
  return (cuts: readonly number[]): Omit<Span, 'file'>[] => {
    const active = { reference: new Map<string, number>(), hypothesis: new Map<string, number>(), unscored: new Map<string, number>() }
    const spans: Omit<Span, 'file'>[] = []
    let next = 0
    cuts.slice(0, -1).forEach((at, i) => {
      for (let change = changes[next]; change && change.at <= at; change = changes[++next]) {
        const count = (active[change.side].get(change.speaker) ?? 0) + change.by
        if (count > 0) active[change.side].set(change.speaker, count)
        else active[change.side].delete(change.speaker)
      }
      const seconds = (cuts[i + 1] ?? at) - at
      if (active.unscored.size > 0 || (active.reference.size === 0 && active.hypothesis.size === 0)) return
      spans.push({ seconds, reference: new Set(active.reference.keys()), hypothesis: new Set(active.hypothesis.keys()) })
    })
    return spans
  }
}

/** Which speaker of the reference each of the result's is, so that most time agrees. */
function bestNaming(spans: readonly Span[]): Map<string, string> {
  const expected = [...new Set(spans.flatMap((span) => [...span.reference]))]
  const found = [...new Set(spans.flatMap((span) => [...span.hypothesis]))]
  const size = Math.max(expected.length, found.length)
  const shared = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const [rowOf, columnOf] = [new Map(found.map((one, i) => [one, i])), new Map(expected.map((one, i) => [one, i]))]
  for (const span of spans) {
    for (const speaker of span.hypothesis) {
      const row = shared[rowOf.get(speaker) ?? 0]
      for (const other of span.reference) {
        const column = columnOf.get(other) ?? 0
        if (row) row[column] = (row[column] ?? 0) - span.seconds
      }
    }
  }
  const columns = assign(shared)
  return new Map(found.flatMap((speaker, i) => [[speaker, expected[columns[i] ?? -1] ?? ''] as const]))
}

function byFile(spans: readonly Span[]): Span[][] {
  const found = new Map<string, Span[]>()
  for (const span of spans) {
    const own = found.get(span.file)
    if (own) own.push(span)
    else found.set(span.file, [span])
  }
  return [...found.values()]
}
