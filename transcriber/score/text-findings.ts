import type { CtmWord } from '../formats/ctm.ts'
import type { StmLine } from '../formats/stm.ts'
import { align } from './edit-distance.ts'
import { wordsOf } from './spelling.ts'
import { inOrder, pairFiles } from './stm-groups.ts'

export interface Share {
  right: number
  of: number
  /** Null when there was nothing to judge. */
  rate: number | null
}

/** Language of an STM line by its label `<o,sex,language>`. */
export function languageOf(line: StmLine): string | undefined {
  return /^<[^,>]*,[^,>]*,([a-z]{2})>$/.exec(line.label ?? '')?.[1]
}

/** Lines of the reference whose language is that of most of what the hypothesis has at their time. Lines without any are left out. */
export function languageAccuracy(reference: readonly StmLine[], hypothesis: readonly StmLine[]): Share {
  let [right, of] = [0, 0]
  for (const [expected, found] of pairFiles(reference, hypothesis)) {
    for (const line of expected) {
      const wanted = languageOf(line)
      const seconds = new Map<string, number>()
      for (const other of found) {
        const shared = Math.min(line.end, other.end) - Math.max(line.start, other.start)
        const language = languageOf(other)
        if (shared > 0 && language !== undefined) seconds.set(language, (seconds.get(language) ?? 0) + shared)
      }
      const [most] = [...seconds].sort((a, b) => b[1] - a[1])
      if (wanted === undefined || most === undefined) continue
      of++
      if (most[0] === wanted) right++
    }
  }
  return share(right, of)
}

/** How many of the times that the reference says one of these names, all words of the name were heard there. */
export function nameRecall(reference: readonly StmLine[], hypothesis: readonly StmLine[], names: readonly string[]): Share {
  const wanted = [...new Set(names.map((name) => wordsOf(name, 'normalised').join(' ')))]
    .map((name) => name.split(' '))
    .filter((name) => name[0] !== '')
  let [right, of] = [0, 0]
  for (const [expected, found] of pairFiles(reference, hypothesis)) {
    const [own, other] = [textOf(expected), textOf(found)]
    const kept = new Set(align(own, other).flatMap(([i, j]) => (i !== null && j !== null && own[i] === other[j] ? [i] : [])))
    for (let at = 0; at < own.length; at++) {
      for (const name of wanted) {
        if (!name.every((word, k) => own[at + k] === word)) continue
        of++
        if (name.every((_, k) => kept.has(at + k))) right++
      }
    }
  }
  return share(right, of)
}

export interface InventedWords {
  /** Words whose middle lies more than `marginSeconds` from all speech of the reference. */
  words: number
  silenceSeconds: number
  /** Null without silence. */
  perHour: number | null
}

/**
 * Words where nobody spoke. The time of a word is its line's shared out evenly, unless the hypothesis comes word by word.
 * @param durationSeconds length of the recording: what lies after the last word is silence too
 */
export function inventedWords(
  reference: readonly { start: number; end: number }[],
  hypothesis: readonly { start: number; end: number; text: string }[],
  durationSeconds: number,
  marginSeconds = 0.5,
): InventedWords {
  const speech = union(reference.map((line) => ({ from: line.start - marginSeconds, to: line.end + marginSeconds })))
  const spoken = speech.reduce((total, one) => total + Math.max(0, Math.min(one.to, durationSeconds) - Math.max(0, one.from)), 0)
  const silenceSeconds = Math.max(0, durationSeconds - spoken)
  const middles = hypothesis.flatMap((line) => {
    const count = wordsOf(line.text, 'raw').length
    return Array.from({ length: count }, (_, i) => line.start + ((i + 0.5) / count) * (line.end - line.start))
  })
  const words = middles.filter((at) => !speech.some((one) => at >= one.from && at <= one.to)).length
  return { words, silenceSeconds, perHour: silenceSeconds > 0 ? (words / silenceSeconds) * 3600 : null }
}

export interface WordStartError {
  /** Words that both sides have. */
  words: number
  p50: number | null
  p90: number | null
}

/** Seconds between the starts of the words that both sides have in the same place (percentiles interpolated, as numpy does). */
export function wordStartError(reference: readonly CtmWord[], hypothesis: readonly CtmWord[]): WordStartError {
  const errors: number[] = []
  for (const [expected, found] of pairFiles(reference, hypothesis)) {
    const sides = [expected, found].map((side) =>
      [...side].sort((a, b) => a.start - b.start).map((one) => ({ start: one.start, text: wordsOf(one.word, 'normalised').join(' ') })),
    )
    const [own = [], other = []] = sides
    const texts = (side: { text: string }[]) => side.map((one) => one.text)
    for (const [i, j] of align(texts(own), texts(other))) {
      const [a, b] = [own[i ?? -1], other[j ?? -1]]
      if (a && b && a.text === b.text) errors.push(Math.abs(a.start - b.start))
    }
  }
  errors.sort((a, b) => a - b)
  return { words: errors.length, p50: percentile(errors, 0.5), p90: percentile(errors, 0.9) }
}

function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? 0
  return below + ((sorted[Math.ceil(at)] ?? 0) - below) * (at - Math.floor(at))
}

function union(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else found.push({ ...span })
  }
  return found
}

function textOf(lines: readonly StmLine[]): string[] {
  return inOrder(lines).flatMap((line) => wordsOf(line.text, 'normalised'))
}

function share(right: number, of: number): Share {
  return { right, of, rate: of === 0 ? null : right / of }
}
