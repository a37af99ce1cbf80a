import type { CommandLanguage } from '../command-io.ts'
import { recordEs } from './record-es.ts'
import { type RecordWords, recordGl } from './record-gl.ts'

export function recordWords(language: CommandLanguage): RecordWords {
  return language === 'es' ? recordEs : recordGl
}
