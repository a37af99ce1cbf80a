import { gradeOf, type Rehearsal, type RehearsalFinding } from '../../storage/model/rehearsal.ts'
import { rehearsalEs } from './rehearsal-es.ts'
import { type RehearsalWords, rehearsalGl } from './rehearsal-gl.ts'
import type { Dictionary } from './words.ts'

export const rehearsalWords: Dictionary<RehearsalWords> = { gl: rehearsalGl, es: rehearsalEs }

type Language = keyof typeof rehearsalWords

export function rehearsalSentence({ code, name, value }: RehearsalFinding, language: Language): string {
  const words = rehearsalWords[language]
  return words.findings[code](name ?? words.unnamed, String(value ?? 0).replace('.', ','))
}

/** Whether the chamber is ready, in one sentence. */
export function rehearsalSummary({ findings }: Rehearsal, language: Language): string {
  const words = rehearsalWords[language]
  const count = (grade: 'look' | 'bad') => findings.filter((one) => gradeOf(one) === grade).length
  if (count('bad') > 0) return words.notReady(count('bad'))
  return count('look') > 0 ? words.readyBut(count('look')) : words.ready
}
