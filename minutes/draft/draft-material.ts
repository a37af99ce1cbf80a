import type { ActaBlock, Sentence } from '../../storage/model/acta.ts'
import type { Council, Language } from '../../storage/model/council.ts'
import type { GapLength } from '../../storage/model/gap-length.ts'
import type { AgendaItem, Session } from '../../storage/model/session.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { Transcript } from '../../storage/model/transcript.ts'
import type { Takeover } from '../recording/takeovers.ts'

export interface DraftGap {
  fromMs: number
  toMs: number
  cause: string
  fromWallMs?: number
  toWallMs?: number
  /** What the clocks tell of its length, where the recorder could not tell it for sure. */
  length?: GapLength
}

/** What the acta says of its recording (law.md §3.5). */
export interface DraftRecording {
  durationMs: number
  format: string
  sha256: string
  /** Places on the media line; the hours of the recorder's clock stand beside them where they are known, Unix ms. */
  gaps: DraftGap[]
  /** Whose recording is of record from where on, when there were several recorders. */
  takeovers?: Takeover[]
}

export interface DraftMaterial {
  council: Council
  session: Session
  /** State after the last event of the session. */
  state: SessionState
  /** State when the session was opened: who was there for the constitution. */
  opening: SessionState
  transcript?: Transcript
  recording?: DraftRecording
}

/** One sentence, `id` unique in the acta. */
export function sentence(
  id: string,
  text: string,
  language: Language,
  origin: Sentence['origin'],
  sources: Sentence['sources'] = [],
): Sentence {
  return { id, text, language, origin, sources }
}

/** A fact of the session in one sentence, under the item it happened in, or under none. */
export function note(id: string, item: AgendaItem['id'] | undefined, text: string, { session }: DraftMaterial): ActaBlock {
  return {
    kind: 'incident',
    id,
    ...(item === undefined ? {} : { item }),
    sentences: [sentence(`${id}.1`, text, session.language, 'events')],
  }
}

/** «19:30» in the council's zone. */
export function hour(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('gl-ES', { hour: '2-digit', minute: '2-digit', timeZone }).format(atMs)
}

/** «19:30:05» in the council's zone. */
export function hourWithSeconds(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('gl-ES', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone }).format(atMs)
}

/** «27 de outubro de 2026» in the council's zone. */
export function longDay(atMs: number, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(`${language}-ES`, { dateStyle: 'long', timeZone }).format(atMs)
}

/** «1:48:05», hours always. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** The day in the council's zone, ISO 8601. */
export function isoDay(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(atMs)
}
