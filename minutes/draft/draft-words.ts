import type { Language } from '../../storage/model/council.ts'
import { draftWordsEs } from './draft-words-es.ts'
import { type DraftWords, draftWordsGl } from './draft-words-gl.ts'

/** Formulas of the acta (law.md §3) in its language. */
export function draftWords(language: Language): DraftWords {
  return language === 'gl' ? draftWordsGl : draftWordsEs
}
