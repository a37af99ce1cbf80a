import type { DocumentWords } from './words-gl.ts'

type Said = string | ((...args: never[]) => string) | { [key: string]: Said }

/** The short words around a text that stands in both languages: «Orde do día / Orden del día», once where both say the same (R10). */
export function bilingualWords(first: DocumentWords, second: DocumentWords): DocumentWords {
  return { ...(together(first, second) as DocumentWords), locale: first.locale }
}

function together(first: Said, second: Said): Said {
  if (typeof first === 'string' && typeof second === 'string') return twice(first, second)
  if (typeof first === 'function' && typeof second === 'function') return (...args) => twice(first(...args), second(...args))
  if (typeof first === 'object' && typeof second === 'object') {
    return Object.fromEntries(Object.entries(first).map(([key, said]) => [key, together(said, second[key] ?? said)]))
  }
  return first
}

export function twice(first: string, second: string | undefined): string {
  return second === undefined || first === second ? first : `${first} / ${second}`
}
