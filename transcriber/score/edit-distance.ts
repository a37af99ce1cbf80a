export interface EditCounts {
  substitutions: number
  deletions: number
  insertions: number
  /** Words of the reference. */
  words: number
}

const cell = { keep: 0, substitute: 1, drop: 2, insert: 3 } as const
/** Bound of the table: 24,000 words against 24,000. */
const mostCells = 600_000_000

/** The texts are too long to be compared in bounded memory. */
export class TooLongToScoreError extends Error {
  override readonly name = 'TooLongToScoreError'
}

/** Fewest substitutions, deletions and insertions that turn `reference` into `hypothesis` (Levenshtein over words). */
export function countEdits(reference: readonly string[], hypothesis: readonly string[]): EditCounts {
  const width = hypothesis.length + 1
  if ((reference.length + 1) * width > mostCells) {
    throw new TooLongToScoreError(`${reference.length} words against ${hypothesis.length} are too many to compare at once`)
  }
  const steps = new Uint8Array((reference.length + 1) * width)
  steps.fill(cell.insert, 1, width)
  let above = Uint32Array.from({ length: width }, (_, j) => j)
  for (let i = 1; i <= reference.length; i++) {
    const row = new Uint32Array(width)
    row[0] = i
    steps[i * width] = cell.drop
    for (let j = 1; j < width; j++) {
      const same = reference[i - 1] === hypothesis[j - 1]
      const diagonal = (above[j - 1] ?? 0) + (same ? 0 : 1)
      const drop = (above[j] ?? 0) + 1
      const insert = (row[j - 1] ?? 0) + 1
      const least = Math.min(diagonal, drop, insert)
      row[j] = least
      steps[i * width + j] = least === diagonal ? (same ? cell.keep : cell.substitute) : least === drop ? cell.drop : cell.insert
    }
    above = row
  }
  return walkBack(steps, reference.length, hypothesis.length)
}

function walkBack(steps: Uint8Array, rows: number, columns: number): EditCounts {
  const counts: EditCounts = { substitutions: 0, deletions: 0, insertions: 0, words: rows }
  let [i, j] = [rows, columns]
  while (i > 0 || j > 0) {
    const step = steps[i * (columns + 1) + j]
    if (step === cell.substitute) counts.substitutions++
    if (step === cell.drop) counts.deletions++
    if (step === cell.insert) counts.insertions++
    if (step !== cell.insert) i--
    if (step !== cell.drop) j--
  }
  return counts
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
