import type { Acta } from '../../storage/model/acta.ts'
import type { Glossary } from '../../storage/model/glossary.ts'
import type { ActaVersion } from '../../storage/records/actas.ts'
import type { SessionView } from '../portal/session-view.ts'
import type { Staff, Visitor } from '../visitor.ts'
import type { EditorWords } from '../words/editor-gl.ts'
import type { ActaSection } from './acta-sections.ts'

/** What was just done, to be said once. */
export type Done = { kind: 'accepted'; count: number } | { kind: 'rewritten' | 'undone' | 'nothing' | 'attributed' }

/** Everything the editor page shows. */
export interface EditorView {
  visitor: Visitor
  words: EditorWords
  staff: Staff
  /** What was said and recorded, as the staff may see it. */
  session: SessionView
  acta: Acta
  /** Names that may have been misheard. */
  glossary: Glossary
  versions: ActaVersion[]
  sections: ActaSection[]
  section: ActaSection
  /** Whether this person may change this acta now. */
  editable: boolean
  mayUndo: boolean
  /** Of whom the evidence does not tell who spoke: how many are left to be asked. */
  questions: number
  /** Where the address asks the sound to begin, on the media line, ms. */
  startMs: number | undefined
  done: Done | undefined
  refusal: string | undefined
  conflict: { sentence: string; theirs: string; yours: string } | undefined
}

/** What the page shows while there is no draft. */
export interface WaitingView {
  visitor: Visitor
  words: EditorWords
  session: Pick<SessionView, 'session' | 'stage' | 'council' | 'councilSlug'>
  progress: { percent: number; leftMs: number | undefined } | undefined
}

/** The words of a language other than the acta's stand in their own `lang`. */
export function otherLang(language: 'gl' | 'es', page: 'gl' | 'es'): { lang?: 'gl' | 'es' } {
  return language === page ? {} : { lang: language }
}
