import type { StmLine } from '../formats/stm.ts'
import { assign } from './assignment.ts'
import { addEdits, countEdits, type EditCounts, editsOf, errorRate, noEdits } from './edit-distance.ts'

export interface WordError extends EditCounts {
  rate: number
}

/** Which words count as the same: `raw` as written; `normalised` without case and punctuation. */
export type Spelling = 'raw' | 'normalised'

export function wordsOf(text: string, spelling: Spelling): string[] {
  const known =
    spelling === 'raw'
      ? text
      : text
          .normalize('NFC')
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s]/gu, ' ')
  return known.split(/\s+/).filter(Boolean)
}

/** Word error rate of all that was said, whoever said it: lines of a file in order of time, files one by one. */
export function wordError(reference: readonly StmLine[], hypothesis: readonly StmLine[], spelling: Spelling): WordError {
  const [expected, found] = [byKey(reference, fileOf), byKey(hypothesis, fileOf)]
  let counts = noEdits
  for (const file of new Set([...expected.keys(), ...found.keys()])) {
    counts = addEdits(counts, countEdits(words(expected.get(file), spelling), words(found.get(file), spelling)))
  }
  return { ...counts, rate: errorRate(counts) }
}

/** Concatenated minimum-permutation word error rate: each speaker's words together, under the naming of speakers that errs least. */
export function speakerWordError(reference: readonly StmLine[], hypothesis: readonly StmLine[], spelling: Spelling): WordError {
  const [expected, found] = [byKey(reference, fileOf), byKey(hypothesis, fileOf)]
  let counts = noEdits
  for (const file of new Set([...expected.keys(), ...found.keys()])) {
    counts = addEdits(counts, leastEdits(streams(expected.get(file), spelling), streams(found.get(file), spelling)))
  }
  return { ...counts, rate: errorRate(counts) }
}

/** Each speaker of one side goes with one of the other, or with nobody. */
function leastEdits(expected: string[][], found: string[][]): EditCounts {
  const size = Math.max(expected.length, found.length)
  const table = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => countEdits(expected[i] ?? [], found[j] ?? [])),
  )
  const columns = assign(table.map((row) => row.map(editsOf)))
  return columns.reduce((sum, column, row) => addEdits(sum, table[row]?.[column] ?? noEdits), noEdits)
}

function streams(lines: StmLine[] | undefined, spelling: Spelling): string[][] {
  return [...byKey(lines ?? [], (line) => line.speaker).values()].map((own) => words(own, spelling))
}

function words(lines: readonly StmLine[] | undefined, spelling: Spelling): string[] {
  return [...(lines ?? [])].sort((a, b) => a.start - b.start || a.end - b.end).flatMap((line) => wordsOf(line.text, spelling))
}

function fileOf(line: StmLine): string {
  return line.file
}

function byKey(lines: readonly StmLine[], key: (line: StmLine) => string): Map<string, StmLine[]> {
  const found = new Map<string, StmLine[]>()
  for (const line of lines) found.set(key(line), [...(found.get(key(line)) ?? []), line])
  return found
}
