import { isEditable } from '../../minutes/review-acta.ts'
import type { Council } from '../../storage/model/council.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import { compareEvents, type SessionEvent } from '../../storage/model/session-events.ts'
import { nextAllowed, type Ruling } from '../../storage/model/session-rules.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import type { Staff } from '../visitor.ts'
import type { RefusedEvent } from './room-protocol.ts'

/**
 * Splits what a tablet sent into what may be appended and what is refused. Each event is asked of the law at its own place in time,
 * so that marks of a tablet that was offline are judged by what was true then. Who and which session are the signed-in person's,
 * whatever the event says.
 */
export function judgeEvents(
  sent: readonly SessionEvent[],
  kept: readonly SessionEvent[],
  of: { council: Council; session: Session; stage: SessionStage; staff: Staff; closedMarks: readonly SessionEvent[] },
): JudgedEvents {
  const by = { role: of.staff.role, id: of.staff.member ?? of.staff.account }
  const known = new Set(kept.map((one) => one.id))
  const standing = [...kept]
  const append: SessionEvent[] = []
  const refused: RefusedEvent[] = []
  const closures: JudgedEvents['closures'] = []
  for (const event of sent.map((one): SessionEvent => ({ ...one, by, session: of.session.id }))) {
    if (known.has(event.id)) {
      append.push(event)
      continue
    }
    const ruling = ruleOn(event, standing, of)
    if (!ruling.allowed) {
      const { requirement, article, reason } = ruling
      if (isClosure(event, [...standing, ...of.closedMarks])) {
        closures.push({ event, reason: requirement })
        refused.push({ id: event.id, requirement, article, reason: withheldAllTheSame(reason) })
      } else refused.push({ id: event.id, requirement, article, reason })
      continue
    }
    append.push(event)
    standing.push(event)
    known.add(event.id)
  }
  return { append, refused, closures }
}

export interface JudgedEvents {
  append: SessionEvent[]
  refused: RefusedEvent[]
  /** Refused marks of closed parts: they withhold all the same, since what the public once heard is not taken back. */
  closures: { event: SessionEvent; reason: string }[]
}

/** Whether an event closes or opens, or corrects one that does. */
function isClosure(event: SessionEvent, known: readonly SessionEvent[]): boolean {
  const corrected = event.corrects === undefined ? undefined : known.find((one) => one.id === event.corrects)
  return /^closed\.(?:began|ended)$/.test((corrected ?? event).type)
}

function withheldAllTheSame(reason: RefusedEvent['reason']): RefusedEvent['reason'] {
  return {
    gl: `${reason.gl} Aínda así, o público non recibe nada desa parte ata que a secretaría confirme os seus límites.`,
    es: `${reason.es} Aun así, el público no recibe nada de esa parte hasta que la secretaría confirme sus límites.`,
  }
}

function ruleOn(
  event: SessionEvent,
  standing: readonly SessionEvent[],
  { council, session, stage }: { council: Council; session: Session; stage: SessionStage },
): Ruling {
  if (!isEditable(stage)) return actaFrozen
  if (event.type.startsWith('recording.')) return recordersOwn
  if (event.corrects !== undefined) {
    const corrected = standing.find((one) => one.id === event.corrects)
    if (!corrected) return nothingToCorrect
    return corrected.type.startsWith('recording.') ? recordersOwn : { allowed: true }
  }
  const before = standing.filter((one) => compareEvents(one, event) < 0)
  return nextAllowed(sessionState(before, council, session), event, council)
}

const recordersOwn: Ruling = {
  allowed: false,
  requirement: 'R11',
  article: 'ENS op.exp.8.1',
  reason: {
    gl: 'O que fai o gravador só o di o gravador.',
    es: 'Lo que hace el grabador solo lo dice el grabador.',
  },
}

/** The events the signed acta names by their hash are all the events there are. */
const actaFrozen: Ruling = {
  allowed: false,
  requirement: 'R33',
  article: 'ROF 110.2',
  reason: {
    gl: 'A acta desta sesión xa está pechada para asinar: as marcas non cambian.',
    es: 'El acta de esta sesión ya está cerrada para firmar: las marcas no cambian.',
  },
}

const nothingToCorrect: Ruling = {
  allowed: false,
  requirement: 'R15',
  article: 'ROF 109.1.h',
  reason: { gl: 'A marca que se quería corrixir non está no servidor.', es: 'La marca que se quería corregir no está en el servidor.' },
}
