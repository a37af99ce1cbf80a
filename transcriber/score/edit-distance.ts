export interface EditCounts {
  substitutions: number
  deletions: number
  insertions: number
  /** Words (or characters) of the reference. */
  words: number
}

/** Places of one alignment: a pair is kept or substituted, a null is a deletion (right) or an insertion (left). */
export type Aligned = readonly [reference: number | null, hypothesis: number | null]

/** Whether word `i` of the reference may be paired with word `j` of the hypothesis at all. */
export type MayPair = (reference: number, hypothesis: number) => boolean

/** Bound of the work: 100,000 words against 100,000, minutes of one core. Memory does not grow with it. */
const mostCells = 10_000_000_000
/** Below this many cells the whole table is kept; above it the reference is cut in the middle (Hirschberg 1975). */
const tableCells = 4_000_000

/** The texts are too long to be compared in bounded time. */
export class TooLongToScoreError extends Error {
  override readonly name = 'TooLongToScoreError'
}

/** Fewest substitutions, deletions and insertions that turn `reference` into `hypothesis` (Levenshtein over words). */
export function countEdits(reference: readonly string[], hypothesis: readonly string[], mayPair?: MayPair): EditCounts {
  const counts: EditCounts = { substitutions: 0, deletions: 0, insertions: 0, words: reference.length }
  for (const [i, j] of align(reference, hypothesis, mayPair)) {
    if (i === null) counts.insertions++
    else if (j === null) counts.deletions++
    else if (reference[i] !== hypothesis[j]) counts.substitutions++
  }
  return counts
}

/** An alignment of fewest edits, in order. @throws TooLongToScoreError */
export function align(reference: readonly string[], hypothesis: readonly string[], mayPair?: MayPair): Aligned[] {
  const [a, b] = numbered(reference, hypothesis)
  if (a.length * b.length > mostCells) {
    throw new TooLongToScoreError(`${a.length} words against ${b.length} are too many to compare at once`)
  }
  const found: Aligned[] = []
  alignSpan(a, b, { from: 0, to: a.length }, { from: 0, to: b.length }, mayPair, found)
  return found
}

/** Words as numbers: comparing them is what takes the time. */
function numbered(reference: readonly string[], hypothesis: readonly string[]): [Uint32Array, Uint32Array] {
  const numbers = new Map<string, number>()
  const of = (words: readonly string[]) =>
    Uint32Array.from(words, (word) => {
      const known = numbers.get(word) ?? numbers.size
      numbers.set(word, known)
      return known
    })
  return [of(reference), of(hypothesis)]
}

interface Range {
  from: number
  to: number
}

function alignSpan(a: Uint32Array, b: Uint32Array, rows: Range, columns: Range, mayPair: MayPair | undefined, found: Aligned[]): void {
  const [height, width] = [rows.to - rows.from, columns.to - columns.from]
  if (height < 2 || (height + 1) * (width + 1) <= tableCells) {
    alignTable(a, b, rows, columns, mayPair, found)
    return
  }
  const middle = rows.from + (height >> 1)
  const above = lastRow(a, b, { from: rows.from, to: middle }, columns, mayPair, false)
  const below = lastRow(a, b, { from: middle, to: rows.to }, columns, mayPair, true)
  let cut = 0
  for (let j = 1; j <= width; j++) {
    if ((above[j] ?? 0) + (below[width - j] ?? 0) < (above[cut] ?? 0) + (below[width - cut] ?? 0)) cut = j
  }
  alignSpan(a, b, { from: rows.from, to: middle }, { from: columns.from, to: columns.from + cut }, mayPair, found)
  alignSpan(a, b, { from: middle, to: rows.to }, { from: columns.from + cut, to: columns.to }, mayPair, found)
}

/** Fewest edits of all rows against each number of columns, from the front or (`backwards`) from the end. */
function lastRow(
  a: Uint32Array,
  b: Uint32Array,
  rows: Range,
  columns: Range,
  mayPair: MayPair | undefined,
  backwards: boolean,
): Uint32Array {
  const width = columns.to - columns.from
  const row = Uint32Array.from({ length: width + 1 }, (_, j) => j)
  for (let step = 0; step < rows.to - rows.from; step++) {
    const i = backwards ? rows.to - 1 - step : rows.from + step
    let diagonal = row[0] ?? 0
    row[0] = step + 1
    for (let k = 1; k <= width; k++) {
      const j = backwards ? columns.to - k : columns.from + k - 1
      const up = row[k] ?? 0
      const pair = mayPair === undefined || mayPair(i, j) ? diagonal + (a[i] === b[j] ? 0 : 1) : Number.POSITIVE_INFINITY
      row[k] = Math.min(pair, up + 1, (row[k - 1] ?? 0) + 1)
      diagonal = up
    }
  }
  return row
}

const cell = { pair: 0, drop: 1, insert: 2 } as const

function alignTable(a: Uint32Array, b: Uint32Array, rows: Range, columns: Range, mayPair: MayPair | undefined, found: Aligned[]): void {
  const [height, width] = [rows.to - rows.from, columns.to - columns.from + 1]
  const steps = new Uint8Array((height + 1) * width)
  steps.fill(cell.insert, 1, width)
  let above = Uint32Array.from({ length: width }, (_, j) => j)
  for (let i = 1; i <= height; i++) {
    const row = new Uint32Array(width)
    row[0] = i
    steps[i * width] = cell.drop
    const word = a[rows.from + i - 1]
    for (let j = 1; j < width; j++) {
      const allowed = mayPair === undefined || mayPair(rows.from + i - 1, columns.from + j - 1)
      const pair = allowed ? (above[j - 1] ?? 0) + (word === b[columns.from + j - 1] ? 0 : 1) : Number.POSITIVE_INFINITY
      const drop = (above[j] ?? 0) + 1
      const insert = (row[j - 1] ?? 0) + 1
      const least = Math.min(pair, drop, insert)
      row[j] = least
      steps[i * width + j] = least === pair ? cell.pair : least === drop ? cell.drop : cell.insert
    }
    above = row
  }
  walkBack(steps, rows, columns, found)
}

function walkBack(steps: Uint8Array, rows: Range, columns: Range, found: Aligned[]): void {
  const width = columns.to - columns.from + 1
  const way: Aligned[] = []
  let [i, j] = [rows.to - rows.from, width - 1]
  while (i > 0 || j > 0) {
    const step = steps[i * width + j]
    if (step !== cell.insert) i--
    if (step !== cell.drop) j--
    way.push([step === cell.insert ? null : rows.from + i, step === cell.drop ? null : columns.from + j])
  }
  for (const pair of way.reverse()) found.push(pair)
}

export function editsOf(counts: EditCounts): number {
  return counts.substitutions + counts.deletions + counts.insertions
}

export function addEdits(a: EditCounts, b: EditCounts): EditCounts {
  return {
    substitutions: a.substitutions + b.substitutions,
    deletions: a.deletions + b.deletions,
    insertions: a.insertions + b.insertions,
    words: a.words + b.words,
  }
}

export const noEdits: EditCounts = { substitutions: 0, deletions: 0, insertions: 0, words: 0 }

/** Share of the reference's words; against an empty reference, 0 when nothing was invented, else 1 for each word. */
export function errorRate(counts: EditCounts): number {
  return editsOf(counts) / Math.max(1, counts.words)
}
