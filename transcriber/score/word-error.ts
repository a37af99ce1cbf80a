import type { StmLine } from '../formats/stm.ts'
import { assign } from './assignment.ts'
import { addEdits, align, countEdits, type EditCounts, editsOf, errorRate, noEdits } from './edit-distance.ts'
import { charactersOf, type Spelling, wordsOf } from './spelling.ts'
import { groupBy, inOrder, pairFiles } from './stm-groups.ts'

export interface WordError extends EditCounts {
  rate: number
}

/** Word error rate of all that was said, whoever said it: lines of a file in order of their start, files one by one. */
export function wordError(reference: readonly StmLine[], hypothesis: readonly StmLine[], spelling: Spelling): WordError {
  return sum(pairFiles(reference, hypothesis).map(([expected, found]) => countEdits(words(expected, spelling), words(found, spelling))))
}

/** Character error rate, spaces between words counted. */
export function characterError(reference: readonly StmLine[], hypothesis: readonly StmLine[], spelling: Spelling): WordError {
  const text = (lines: readonly StmLine[]) =>
    charactersOf(
      inOrder(lines)
        .map((line) => line.text)
        .join(' '),
      spelling,
    )
  return sum(pairFiles(reference, hypothesis).map(([expected, found]) => countEdits(text(expected), text(found))))
}

/**
 * Word error by group of the reference's lines (speaker, language). All is aligned once, as for the whole: a word lost or changed counts
 * for its own group, a word too many for the group of the word before it, so that the groups add up to the whole.
 */
export function wordErrorBy(
  reference: readonly StmLine[],
  hypothesis: readonly StmLine[],
  spelling: Spelling,
  groupOf: (line: StmLine) => string,
): Map<string, WordError> {
  const counts = new Map<string, EditCounts>()
  const add = (group: string, edits: Partial<EditCounts>) =>
    counts.set(group, addEdits(counts.get(group) ?? noEdits, { ...noEdits, ...edits }))
  for (const [expected, found] of pairFiles(reference, hypothesis)) {
    const groups = inOrder(expected).flatMap((line) => wordsOf(line.text, spelling).map(() => groupOf(line)))
    const lone = expected[0] ? groupOf(expected[0]) : ''
    const [own, other] = [words(expected, spelling), words(found, spelling)]
    let last = groups[0] ?? lone
    for (const [i, j] of align(own, other)) {
      if (i === null) add(last, { insertions: 1 })
      else {
        last = groups[i] ?? lone
        add(last, j === null ? { words: 1, deletions: 1 } : { words: 1, substitutions: own[i] === other[j] ? 0 : 1 })
      }
    }
  }
  return new Map([...counts].map(([group, edits]) => [group, { ...edits, rate: errorRate(edits) }]))
}

/**
 * Concatenated minimum-permutation word error rate (Watanabe et al., CHiME-6): each speaker's words together, under the naming of speakers
 * that errs least. Speakers without a partner count whole, as deletions or insertions; so does meeteval.
 */
export function speakerWordError(reference: readonly StmLine[], hypothesis: readonly StmLine[], spelling: Spelling): WordError {
  const streams = (lines: readonly StmLine[]) => [...groupBy(lines, (line) => line.speaker).values()].map((own) => words(own, spelling))
  return sum(pairFiles(reference, hypothesis).map(([expected, found]) => leastEdits(streams(expected), streams(found), [], countEdits)))
}

/** Each stream of one side goes with one of the other, or with nothing, as it errs least. */
export function leastEdits<T>(expected: T[], found: T[], nothing: T, count: (expected: T, found: T) => EditCounts): EditCounts {
  const size = Math.max(expected.length, found.length)
  const table = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => count(expected[i] ?? nothing, found[j] ?? nothing)),
  )
  const columns = assign(table.map((row) => row.map(editsOf)))
  return columns.reduce((total, column, row) => addEdits(total, table[row]?.[column] ?? noEdits), noEdits)
}

export function sum(counts: readonly EditCounts[]): WordError {
  const total = counts.reduce(addEdits, noEdits)
  return { ...total, rate: errorRate(total) }
}

function words(lines: readonly StmLine[], spelling: Spelling): string[] {
  return inOrder(lines).flatMap((line) => wordsOf(line.text, spelling))
}
