import type { Logger } from 'pino'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import type { RecorderSight } from '../control/room.ts'
import type { Pages } from '../pages.ts'
import type { ChamberBook } from './chamber-book.ts'
import type { ChamberRecorder } from './chamber-recorder.ts'
import type { LocalSignIn } from './local-sign-in.ts'

/** What the chamber page is made from while there is no line. */
export interface LocalParts {
  book: ChamberBook
  recorder: ChamberRecorder
  signIn: LocalSignIn
  pages: Pages
  log: Logger
  /** The server's clock, as far as it is known. */
  serverNow: () => number
  /** Events were taken: the other tablets hear of them. */
  tell: (session: string, rows: { row: number; event: SessionEvent }[]) => void
}

/** What a request brought, when it is JSON; anything else is undefined, which no schema takes. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body of a request as text; the server has read it (chamber-server.ts). */
export function bodyOf({ body }: { body?: unknown }): string {
  return Buffer.isBuffer(body) ? body.toString('utf8') : ''
}

/** What is told of the recorder by the machine it runs on. */
export function localSight({ recorder, serverNow }: Pick<LocalParts, 'recorder' | 'serverNow'>): RecorderSight {
  const { session = null, proof } = recorder.proof
  const preview = recorder.preview === undefined ? {} : { preview: true }
  return { name: null, connected: true, session, proof, sightMs: serverNow(), ...preview }
}
