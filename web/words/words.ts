import type { Language } from '../../storage/model/council.ts'
import { commonEs } from './common-es.ts'
import { type CommonWords, commonGl } from './common-gl.ts'
import { importEs } from './import-es.ts'
import { type ImportWords, importGl } from './import-gl.ts'
import { portalEs } from './portal-es.ts'
import { type PortalWords, portalGl } from './portal-gl.ts'

/** One area's sentences in both languages. The Galician one gives the keys; TypeScript refuses a Spanish one that differs. */
export interface Dictionary<T> {
  gl: T
  es: T
}

export const commonWords: Dictionary<CommonWords> = { gl: commonGl, es: commonEs }
export const portalWords: Dictionary<PortalWords> = { gl: portalGl, es: portalEs }
/** Of the page that imports, and of what the public reads of an imported recording. */
export const importWords: Dictionary<ImportWords> = { gl: importGl, es: importEs }

export function inLanguage<T>(dictionary: Dictionary<T>, language: Language): T {
  return dictionary[language]
}

/** The other of the two, for the language switch. */
export function otherLanguage(language: Language): Language {
  return language === 'gl' ? 'es' : 'gl'
}

/** An address of ours in a language: Galician has no prefix, Spanish lives under `/es`. A stray `lang` is dropped: the prefix says it. */
export function href(path: string, language: Language): string {
  const [place = '/', query = ''] = path.split('?')
  const kept = new URLSearchParams(query)
  kept.delete('lang')
  const search = kept.size > 0 ? `?${kept}` : ''
  if (language === 'gl') return place + search
  return (place === '/' ? '/es/' : `/es${place}`) + search
}
