import type { StmLine } from '../formats/stm.ts'
import { countEdits, type EditCounts } from './edit-distance.ts'
import { type Spelling, wordsOf } from './spelling.ts'
import { groupBy, inOrder, pairFiles } from './stm-groups.ts'
import { leastEdits, sum, type WordError } from './word-error.ts'

interface TimedWord {
  text: string
  from: number
  to: number
}

/**
 * Time-constrained cpWER (von Neumann et al. 2023, tcpWER), with the conventions of meeteval: a line's words get pseudo times in proportion
 * to their characters; the reference's are intervals, the hypothesis' the middles of theirs, widened by the collar; two words may be paired
 * only where these overlap.
 * @param collar seconds before and after a word of the hypothesis
 */
export function timedSpeakerWordError(
  reference: readonly StmLine[],
  hypothesis: readonly StmLine[],
  spelling: Spelling,
  collar = 5,
): WordError {
  const intervals = (lines: readonly StmLine[]) => streams(lines, (line) => characterIntervals(line, spelling))
  const points = (lines: readonly StmLine[]) =>
    streams(lines, (line) =>
      characterIntervals(line, spelling).map(({ text, from, to }) => {
        const middle = (from + to) / 2
        return { text, from: middle - collar, to: middle + collar }
      }),
    )
  return sum(pairFiles(reference, hypothesis).map(([expected, found]) => leastEdits(intervals(expected), points(found), [], countTimed)))
}

function countTimed(expected: TimedWord[], found: TimedWord[]): EditCounts {
  const texts = (words: TimedWord[]) => words.map((word) => word.text)
  const [from, to] = [Float64Array.from(expected, (one) => one.from), Float64Array.from(expected, (one) => one.to)]
  const [otherFrom, otherTo] = [Float64Array.from(found, (one) => one.from), Float64Array.from(found, (one) => one.to)]
  return countEdits(texts(expected), texts(found), (i, j) => (from[i] ?? 0) < (otherTo[j] ?? 0) && (to[i] ?? 0) > (otherFrom[j] ?? 0))
}

function streams(lines: readonly StmLine[], timed: (line: StmLine) => TimedWord[]): TimedWord[][] {
  return [...groupBy(lines, (line) => line.speaker).values()].map((own) => inOrder(own).flatMap(timed))
}

/** The line's time shared out among its words by their number of characters. */
function characterIntervals(line: StmLine, spelling: Spelling): TimedWord[] {
  const words = wordsOf(line.text, spelling)
  const lengths = words.map((word) => [...word].length)
  const character =
    (line.end - line.start) /
    Math.max(
      1,
      lengths.reduce((total, one) => total + one, 0),
    )
  let before = 0
  return words.map((text, i) => {
    const from = line.start + before * character
    before += lengths[i] ?? 0
    return { text, from, to: line.start + before * character }
  })
}
