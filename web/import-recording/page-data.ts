import type { ImportWords } from '../words/import-gl.ts'

/** What the page of imports tells its browser code. */
export interface ImportPageData {
  /** Where uploads are made (tus). */
  endpoint: string
  language: 'gl' | 'es'
  say: ImportWords['state']
}
