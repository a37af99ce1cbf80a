import type { Session } from '../session.ts'
import { allowed, type Ruling, refused } from './ruling.ts'

/**
 * Whether a session may be shown to anybody: those of the plenary are public, those of the Xunta de Goberno and of the committees are
 * not, and neither is their recording nor their acta as such (LBRL 70.1; Lei 5/1997 253.1; R44, R82). What the plenary delegated to
 * the Xunta is debated in public (STC 161/2013), but the data do not say which items those are: until they do, nothing is shown.
 */
export function mayPublish(session: Pick<Session, 'body'>): Ruling {
  return session.body === 'pleno'
    ? allowed
    : refused(
        'R82',
        'LBRL 70.1; Lei 5/1997 253.1',
        'As sesións deste órgano non son públicas: nin a gravación nin a acta se publican. Os acordos danse a coñecer en extracto, sen datos persoais.',
        'Las sesiones de este órgano no son públicas: ni la grabación ni el acta se publican. Los acuerdos se dan a conocer en extracto, sin datos personales.',
      )
}

/** Whether anybody sees it: it was published, and the law lets it be. */
export function isPublic(session: Pick<Session, 'body'>, publishedAtMs: number | null | undefined): boolean {
  return typeof publishedAtMs === 'number' && mayPublish(session).allowed
}
