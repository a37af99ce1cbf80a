import type { Glossary } from './glossary.ts'
import type { Word } from './transcript.ts'

/** A word that was heard without being sure, and what of the glossary it may be. What was heard stays; a person decides. */
export interface TermSuggestion {
  /** Id of the first word. */
  word: string
  heard: string
  term: string
}

/** Above it a word was heard well enough to be left alone. */
const unsureBelow = 0.6
/** Shorter words are too easily like one another. */
const shortestTerm = 4

/**
 * Which of the words that were heard with little probability sound like a term of the glossary. Words without probability give none: it is
 * not known how sure the engine was. Pure.
 */
export function suggestTerms(words: readonly Word[], glossary: Glossary): TermSuggestion[] {
  const terms = singleTerms(glossary)
  const known = new Set(terms.map((one) => plainOf(one.text)))
  const found: TermSuggestion[] = []
  for (let at = 0; at < words.length; at++) {
    const one = words[at]
    if (!one || !isUnsure(one)) continue
    const next = words[at + 1]
    const pair = next && isUnsure(next) && !/[.,;:?!]$/.test(one.text) ? `${one.text} ${next.text}` : undefined
    const suggestion = closest(one.text, terms, known) ?? (pair === undefined ? undefined : closest(pair, terms, known))
    if (suggestion === undefined) continue
    found.push({ word: one.id, ...suggestion })
    if (suggestion.heard.includes(' ')) at++
  }
  return found
}

const isUnsure = (word: Word) => word.probability !== null && word.probability < unsureBelow

interface Term {
  text: string
  sound: string
}

/** Each word of a term by itself: «Lestrigo» of «Noela Lestrigo». */
function singleTerms({ people, groups, places, agenda }: Glossary): Term[] {
  const words = [...people, ...groups, ...places, ...agenda].flatMap((term) => term.split(/\s+/))
  const named = words.filter((one) => one.length >= shortestTerm && /^\p{Lu}/u.test(one))
  return [...new Set(named)].map((text) => ({ text, sound: soundOf(text) }))
}

/** The one term that a heard form is nearest to, near enough; none when it is a term already, or two are as near. */
function closest(heardAs: string, terms: readonly Term[], known: ReadonlySet<string>): Omit<TermSuggestion, 'word'> | undefined {
  const heard = heardAs.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
  const sound = soundOf(heard)
  if (sound.length < shortestTerm - 1 || known.has(plainOf(heard))) return undefined
  const most = Math.max(1, Math.floor(sound.length / 4))
  const near = terms.map((term) => ({ term, distance: editDistance(sound, term.sound, most) })).filter((one) => one.distance <= most)
  near.sort((a, b) => a.distance - b.distance)
  const [first, second] = near
  if (!first || (second && second.distance === first.distance)) return undefined
  return { heard, term: first.term.text }
}

/** How a word sounds in Galician and Spanish, roughly: one letter for those that are heard alike. */
function soundOf(text: string): string {
  return plainOf(text)
    .replace(/[^a-z0-9ɲ]/g, '')
    .replace(/qu(?=[ei])|c(?![ehi])|k/g, 'k')
    .replace(/c(?=[ei])|z|ss?/g, 's')
    .replace(/gu(?=[ei])/g, 'g')
    .replace(/g(?=[ei])|j|x|sh/g, 'x')
    .replace(/v/g, 'b')
    .replace(/ll|y/g, 'i')
    .replace(/(?<!c)h/g, '')
    .replace(/(.)\1/g, '$1')
}

/** Without capitals and accents. */
function plainOf(text: string): string {
  return text.toLowerCase().replaceAll('ñ', 'ɲ').normalize('NFD').replace(/\p{M}/gu, '')
}

/** Levenshtein's, given up above `most`. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? most + 1
}
