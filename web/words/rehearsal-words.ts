import { gradeOf, type Rehearsal, type RehearsalFinding } from '../../storage/model/rehearsal.ts'
import { rehearsalEs } from './rehearsal-es.ts'
import { type RehearsalWords, rehearsalGl } from './rehearsal-gl.ts'
import type { Dictionary } from './words.ts'

export const rehearsalWords: Dictionary<RehearsalWords> = { gl: rehearsalGl, es: rehearsalEs }

type Language = keyof typeof rehearsalWords

export function rehearsalSentence({ code, name, value }: RehearsalFinding, language: Language): string {
  const words = rehearsalWords[language]
  // A disk that fills in 120.9 h fills in 120.
  const shown = code.startsWith('disk-') ? Math.floor(value ?? 0) : (value ?? 0)
  return words.findings[code](name ?? words.unnamed, String(shown).replace('.', ','))
}

/** Whether the chamber is ready, in one sentence. */
export function rehearsalSummary({ findings }: Rehearsal, language: Language): string {
  const words = rehearsalWords[language]
  const count = (grade: 'look' | 'bad') => findings.filter((one) => gradeOf(one) === grade).length
  if (count('bad') > 0) return words.notReady(count('bad'))
  return count('look') > 0 ? words.readyBut(count('look')) : words.ready
}
