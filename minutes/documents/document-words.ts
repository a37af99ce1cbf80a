import type { Language } from '../../storage/model/council.ts'
import { documentWordsEs } from './words-es.ts'
import { type DocumentWords, documentWordsGl } from './words-gl.ts'

export function documentWords(language: Language): DocumentWords {
  return language === 'es' ? documentWordsEs : documentWordsGl
}

/** «27 de outubro de 2026» in a zone. */
export function longDate(at: number | Date, words: DocumentWords, timeZone: string): string {
  return new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone }).format(at)
}

export function yearOf(at: number | Date, timeZone: string): string {
  return new Intl.DateTimeFormat('gl-ES', { year: 'numeric', timeZone }).format(at)
}

/** Day without hour (ISO 8601) as words: «27 de outubro de 2026». */
export function longDay(day: string, words: DocumentWords): string {
  return longDate(new Date(`${day}T12:00:00Z`), words, 'UTC')
}

/** Place on the media line: «0:01:02», hours always. */
export function mediaTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
