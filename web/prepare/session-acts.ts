import { z } from 'zod'
import { type AgendaRefusedError, agendaFor, moveItem, putItem, removeItem, usualSection } from '../../storage/model/agenda.ts'
import { proposedActaNumber, proposedSlug, sessionDay } from '../../storage/model/convocation.ts'
import type { Council } from '../../storage/model/council.ts'
import { momentOf, wallTime } from '../../storage/model/council-clock.ts'
import { itemId, newId, sessionId } from '../../storage/model/ids.ts'
import {
  type AgendaItem,
  agendaSection,
  type ItemKind,
  itemKind,
  majority,
  type Session,
  session,
  sessionKind,
} from '../../storage/model/session.ts'
import { prepareSessionEs } from '../words/prepare-session-es.ts'
import type { PrepareSessionWords } from '../words/prepare-session-gl.ts'
import { prepareSessionGl } from '../words/prepare-session-gl.ts'
import { FormRefusedError, line, optionalLine, type Values } from './form-state.ts'

/** One kind of change of a session: the part it rests on and what it does. */
export interface SessionAct {
  part: (current: Session) => unknown
  apply: (current: Session) => Session
}

/** What a session's form is judged beside: its council, its other sessions, the year's book. */
export interface Surroundings {
  council: Council
  others: readonly Session[]
  bound: (year: string) => readonly number[]
  words: PrepareSessionWords
}

const positive = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : Number(text)))
  .pipe(z.int().positive().max(9999).optional())
const facts = z.object({
  kind: sessionKind,
  call: z.enum(['1', '2']).transform((text) => (text === '2' ? 2 : 1) as 1 | 2),
  day: z.iso.date(),
  time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
  place: line(),
  language: z.enum(['gl', 'es']),
  actaNumber: positive.optional(),
  recorded: z
    .string()
    .optional()
    .transform((value) => value === 'yes'),
})
const text = z.string().trim().max(20_000).default('')
const item = z.object({
  item: z.string().default(''),
  itemKind,
  section: z.union([agendaSection, z.literal('')]).default(''),
  titleGl: text,
  titleEs: text,
  proposalGl: text,
  proposalEs: text,
  majority: majority.default('simple'),
  matter: optionalLine(),
  approves: z.union([sessionId, z.literal('')]).default(''),
})

/** A new session from its form: its number and its address are computed. @throws ZodError FormRefusedError */
export function newSession(values: Values, of: Surroundings): Session {
  const read = facts.parse(values)
  const draft = session.parse({
    id: newId(),
    council: of.council.id,
    kind: read.kind,
    call: read.call,
    convenedFor: momentWanted(read, of),
    actaNumber: read.actaNumber ?? proposedActaNumber(of.council, of.others, of.bound(read.day.slice(0, 4)), read.day.slice(0, 4)),
    slug: proposedSlug(read.day, slugs(of)),
    place: read.place,
    language: read.language,
    agenda: [],
    recorded: read.recorded,
  })
  expectFreeNumber(draft, of)
  return { ...draft, agenda: agendaFor(draft.kind, [], newItem) }
}

/** What each form of a session does. Reading one may throw ZodError or FormRefusedError, doing it AgendaRefusedError. */
export const sessionActs: Record<string, (values: Values, of: Surroundings) => SessionAct> = {
  facts: (values, of) => {
    const { day, time, actaNumber, ...read } = facts.parse(values)
    const convenedFor = momentWanted({ day, time }, of)
    return {
      part: factsOf,
      apply: (current) => {
        const moved = sessionDay(current, of.council) !== day
        const next: Session = {
          ...current,
          ...read,
          convenedFor,
          actaNumber: actaNumber ?? current.actaNumber,
          slug: moved ? proposedSlug(day, slugs(of)) : current.slug,
          agenda: agendaFor(read.kind, current.agenda, newItem),
        }
        expectFreeNumber(next, of)
        return next
      },
    }
  },
  item: (values, of) => {
    const read = item.parse(values)
    const title = inBoth(read.titleGl, read.titleEs)
    if (!title) throw new FormRefusedError(of.words.problems.noTitle)
    const proposal = inBoth(read.proposalGl, read.proposalEs)
    const id = itemId.parse(read.item === '' ? newId() : read.item)
    const next: AgendaItem = {
      id,
      number: 1,
      kind: read.itemKind,
      section: read.section === '' ? usualSection(read.itemKind) : read.section,
      title,
      majority: read.majority,
      ...(proposal ? { proposal } : {}),
      ...(read.matter ? { matter: read.matter } : {}),
      ...(read.approves !== '' && read.itemKind === 'approval-of-acta' ? { approves: read.approves } : {}),
    }
    return { part: (current) => itemOf(current, id), apply: (current) => ({ ...current, agenda: putItem(current.agenda, next) }) }
  },
  'remove-item': (values) => {
    const id = line().parse(values['item'])
    return {
      part: (current) => itemOf(current, id),
      apply: (current) => ({ ...current, agenda: removeItem(current.agenda, id, current.kind) }),
    }
  },
  move: (values) => {
    const wanted = z.object({ item: line(), by: z.enum(['up', 'down']) }).parse(values)
    return {
      part: orderOf,
      apply: (current) => ({ ...current, agenda: moveItem(current.agenda, wanted.item, wanted.by === 'up' ? -1 : 1) }),
    }
  },
}

/** What the form of day, hour and place is about. */
export function factsOf({ kind, call, convenedFor, place, language, actaNumber, recorded }: Session) {
  return { kind, call, convenedFor, place, language, actaNumber, recorded }
}

/** What the form of an item is about: all of it but its place. */
export function itemOf(of: Session, id: string) {
  const found = of.agenda.find((one) => one.id === id)
  if (!found) return undefined
  const { number: _, ...rest } = found
  return rest
}

/** The order of the agenda: whoever moves an item rests on it. */
export function orderOf(of: Session): string[] {
  return of.agenda.map((one) => one.id)
}

/** The fields of the session's own form. */
export function factsValues(of: Session, council: Council): Values {
  const { day, time } = wallTime(of.convenedFor, council.timeZone)
  return {
    kind: of.kind,
    call: String(of.call),
    day,
    time,
    place: of.place,
    language: of.language,
    actaNumber: String(of.actaNumber),
    recorded: of.recorded ? 'yes' : '',
  }
}

export function itemValues(of: AgendaItem | undefined): Values {
  if (!of) return { itemKind: 'ditame', section: '', majority: 'simple' }
  return {
    itemKind: of.kind,
    section: of.section,
    titleGl: of.title.gl,
    titleEs: of.title.es,
    proposalGl: of.proposal?.gl ?? '',
    proposalEs: of.proposal?.es ?? '',
    majority: of.majority,
    matter: of.matter ?? '',
    approves: of.approves ?? '',
  }
}

/** The item the law itself puts into an agenda, with its usual title. */
export function newItem(kind: ItemKind): AgendaItem {
  const title = { gl: prepareSessionGl.itemKinds[kind], es: prepareSessionEs.itemKinds[kind] }
  return { id: itemId.parse(newId()), number: 1, kind, section: usualSection(kind), title, majority: 'simple' }
}

export function refusalOf(error: AgendaRefusedError, words: PrepareSessionWords): string {
  return words.refusals[error.reason]
}

function momentWanted(wall: { day: string; time: string }, { council, words }: Surroundings): number {
  const moment = momentOf({ day: wall.day, time: wall.time }, council.timeZone)
  if (moment === undefined) throw new FormRefusedError(words.problems.noSuchHour)
  return moment
}

function expectFreeNumber(of: Session, { others, council, words, bound }: Surroundings): void {
  const year = sessionDay(of, council).slice(0, 4)
  const taken = others.some((one) => one.id !== of.id && one.actaNumber === of.actaNumber && sessionDay(one, council).startsWith(year))
  if (taken || bound(year).includes(of.actaNumber)) throw new FormRefusedError(words.problems.numberTaken(of.actaNumber))
}

/** A text in both languages; the one that was left empty is the other's. */
function inBoth(gl: string, es: string): { gl: string; es: string } | undefined {
  return gl === '' && es === '' ? undefined : { gl: gl === '' ? es : gl, es: es === '' ? gl : es }
}

const slugs = (of: Surroundings) => of.others.map((one) => one.slug)
