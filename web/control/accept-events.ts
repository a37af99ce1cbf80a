import { isEditable } from '../../minutes/review-acta.ts'
import type { Council } from '../../storage/model/council.ts'
import { judge } from '../../storage/model/law/judge.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import type { Ruling } from '../../storage/model/session-rules.ts'
import { isSameJson } from '../../storage/records/stored-json.ts'
import type { Conductor } from '../sign-in/conductor.ts'
import type { RefusedEvent } from './room-protocol.ts'

interface Room {
  council: Council
  session: Session
  stage: SessionStage
  conductor: Conductor
  /** Marks of closed parts that were refused and withhold all the same. */
  closedMarks: readonly SessionEvent[]
}

/**
 * Splits what a tablet sent into what may be appended and what is refused. Each event is asked of the law at its own place in time,
 * so that marks of a tablet that was offline are judged by what was true then. Marks that hold
 * together are taken together: an act is judged whole before each alone (`law/judge.ts` says what a late one may do).
 * Who, from which device and in which session are those of the credential it came with, whatever the event says (R11). An event that
 * is kept already keeps who first brought it: the same marks sent again under another account are known, and stop nothing.
 */
export function judgeEvents(sent: readonly SessionEvent[], kept: readonly SessionEvent[], of: Room): JudgedEvents {
  const { by, device } = of.conductor
  const before = new Map(kept.map((one) => [one.id, one]))
  const own = sent.map((one): SessionEvent => {
    const first = before.get(one.id)
    return first && saysTheSame(first, one) ? first : { ...one, by, device, session: of.session.id }
  })
  const known = new Set(before.keys())
  const fresh = own.filter((one) => !known.has(one.id))
  const standing = [...kept]
  const accepted = new Set<string>(known)
  const refused: RefusedEvent[] = []
  const closures: JudgedEvents['closures'] = []
  for (const group of holdTogether(fresh, standing, of) ? [fresh] : fresh.map((one) => [one])) {
    const ruling = ruleOn(group, standing, of)
    if (ruling.allowed) {
      standing.push(...group)
      for (const event of group) accepted.add(event.id)
    } else {
      const { requirement, article, reason } = ruling
      for (const event of group) {
        const closure = isClosure(event, [...standing, ...of.closedMarks])
        if (closure) closures.push({ event, reason: requirement })
        refused.push({ id: event.id, requirement, article, reason: closure ? withheldAllTheSame(reason) : reason })
      }
    }
  }
  return { append: own.filter((one) => accepted.has(one.id)), refused, closures }
}

export interface JudgedEvents {
  append: SessionEvent[]
  refused: RefusedEvent[]
  /** Refused marks of closed parts: they withhold all the same, since what the public once heard is not taken back. */
  closures: { event: SessionEvent; reason: string }[]
}

/** Whether two events say the same, whoever brought them. */
function saysTheSame(one: SessionEvent, other: SessionEvent): boolean {
  const said = ({ by: _by, device: _device, session: _session, ...rest }: SessionEvent) => rest
  return isSameJson(said(one), said(other))
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

function holdTogether(events: readonly SessionEvent[], standing: readonly SessionEvent[], of: Room): boolean {
  return events.length > 1 && ruleOn(events, standing, of).allowed
}

function ruleOn(events: readonly SessionEvent[], standing: readonly SessionEvent[], of: Room): Ruling {
  if (!isEditable(of.stage)) return actaFrozen
  const byId = new Map([...standing, ...events].map((one) => [one.id as string, one]))
  for (const event of events) {
    const corrected = event.corrects === undefined ? undefined : byId.get(event.corrects)
    if (event.corrects !== undefined && !corrected) return nothingToCorrect
    if ([event, corrected].some((one) => one?.type.startsWith('recording.'))) return recordersOwn
  }
  return judge(events, standing, of)
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
