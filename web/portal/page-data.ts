import type { Piece } from './playlist.ts'

/** What page/session-page.ts is told by the page it runs in. */
export interface SessionPageData {
  /** Address of the media playlist. */
  playlist: string
  pieces: Piece[]
  /** Where to begin, ms on the media line. */
  startMs: number
  /** Number of the section shown. */
  section: number
  /** When each item was opened, in order; what lies before the first is section 0. */
  starts: { number: number; fromMs: number }[]
  /** «1 fragmento comprobado», «2 fragmentos comprobados» */
  counts: { one: string; many: string }
}

/** A heading and the sentence under it. */
export type Answer = [heading: string, sentence: string]

/** What page/verify-page.ts is told by the page it runs in. */
export interface VerifyPageData {
  language: 'gl' | 'es'
  title: string
  playlist: string
  pieces: Piece[]
  acta?: { sha256: string; href: string }
  master?: { sha256: string }
  demo: boolean
  /** Address of the installation's trust anchors. */
  trust: string
  say: Record<'details' | 'file' | 'hash' | 'checking' | 'reading' | 'demo', string> &
    Record<'acta' | 'master' | 'segment' | 'unknown' | 'bad' | 'unread' | 'failed', Answer>
}
