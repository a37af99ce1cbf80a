import { z } from 'zod'
import type { Council } from './council.ts'
import { holderOf } from './council.ts'
import { wallTime } from './council-clock.ts'
import { sessionId } from './ids.ts'
import { type Session, session } from './session.ts'
import { addMonths, firstDayForSession, type IsoDay, lastDayToConvene, workingDaysBetween } from './working-days.ts'

/** Working days that must lie between convocation and session (LBRL 46.2.b; Lei 5/1997 210.2.b; ROF 80.4). */
export const noticeDays = 2

/** A convocation as it was issued: what was convened, and to whom it was told. Issued again, it gets the next number. */
export const convocation = z.object({
  v: z.literal(1),
  number: z.int().positive(),
  issuedAtMs: z.int(),
  /** The session as the convocation says it, agenda included. */
  session,
  /** R6: the session whose draft acta travels with it. */
  previousActa: sessionId.optional(),
  /** R7: media it was told to. */
  media: z.array(z.object({ name: z.string(), email: z.string() })),
})
export type Convocation = z.infer<typeof convocation>

/** What the law says to a session that is being prepared. `bad` stands against it, `warn` should be looked at, `good` is as it must be. */
export type ConvocationFinding = { requirement: string; article: string; level: 'bad' | 'warn' | 'good' } & (
  | { code: 'notice-enough'; days: number }
  | { code: 'notice-short'; days: number; firstDay: IsoDay }
  | { code: 'notice-until'; lastDay: IsoDay }
  | { code: 'notice-urgent' }
  | { code: 'urgency-first' | 'urgency-missing' }
  | { code: 'sections-apart' | 'rogos-missing' | 'control-not-apart' }
  | { code: 'acta-travels' | 'acta-not-linked' | 'acta-none'; waiting: number }
  | { code: 'media-told'; count: number }
  | { code: 'media-none' }
  | { code: 'ordinary-in-time' | 'ordinary-late'; before: IsoDay; dueBy: IsoDay }
  | { code: 'offices-held' | 'no-mayor' | 'no-secretary' }
  | { code: 'agenda-empty' | 'agenda-changed' }
)

export interface ConvocationQuestion {
  council: Council
  session: Session
  /** Day of the convocation, or today while there is none. */
  convenedOn: IsoDay
  issued?: Convocation | undefined
  /** The council's other sessions. */
  others: readonly Session[]
  /** Sessions held whose acta waits for its approval. */
  waitingActas: readonly string[]
}

/** Everything the law says to a convocation (R2-R4, R6, R7, R9), in the order of its numbers. Pure. */
export function checkConvocation(of: ConvocationQuestion): ConvocationFinding[] {
  return [
    ...agendaFindings(of),
    noticeFinding(of),
    ...urgencyFindings(of.session),
    ...partFindings(of.session),
    actaFinding(of),
    mediaFinding(of.council),
    ...rhythmFindings(of),
    ...officeFindings(of),
  ]
}

function agendaFindings({ session: of, issued }: ConvocationQuestion): ConvocationFinding[] {
  const article = 'ROF 80.2, 82'
  if (of.agenda.length === 0) return [{ requirement: 'R4', article, level: 'bad', code: 'agenda-empty' }]
  const changed = issued !== undefined && whatIsConvened(issued.session) !== whatIsConvened(of)
  return changed ? [{ requirement: 'R6', article, level: 'bad', code: 'agenda-changed' }] : []
}

/** What a new convocation is needed for when it changes: when, where, what kind, and the points. */
export function whatIsConvened(of: Session): string {
  const points = of.agenda.map(({ number, kind, section, title, proposal }) => [number, kind, section, title.gl, title.es, proposal])
  return JSON.stringify([of.kind, of.call, of.convenedFor, of.place, points])
}

/** R2. */
function noticeFinding({ council, session: of, convenedOn, issued }: ConvocationQuestion): ConvocationFinding {
  const about = { requirement: 'R2', article: 'LBRL 46.2.b; ROF 80.4; Lei 5/1997 210.2.b' }
  if (of.kind === 'extraordinary-urgent') return { ...about, article: 'LBRL 46.2.b; ROF 79', level: 'good', code: 'notice-urgent' }
  const entered = enteredDays(council)
  const day = sessionDay(of, council)
  const days = workingDaysBetween(convenedOn, day, entered)
  if (days < noticeDays) {
    return { ...about, level: 'bad', code: 'notice-short', days, firstDay: firstDayForSession(convenedOn, noticeDays, entered) }
  }
  if (issued) return { ...about, level: 'good', code: 'notice-enough', days }
  return { ...about, level: 'good', code: 'notice-until', lastDay: lastDayToConvene(day, noticeDays, entered) }
}

/** R3: the first item of an urgent session is whether it is urgent. */
function urgencyFindings(of: Session): ConvocationFinding[] {
  if (of.kind !== 'extraordinary-urgent') return []
  const first = of.agenda[0]?.kind === 'urgency'
  return [{ requirement: 'R3', article: 'ROF 79', level: first ? 'good' : 'bad', code: first ? 'urgency-first' : 'urgency-missing' }]
}

/** R4: an ordinary session has its part of control, apart, with «rogos e preguntas». */
function partFindings(of: Session): ConvocationFinding[] {
  if (of.kind !== 'ordinary') return []
  const about = { requirement: 'R4', article: 'ROF 82.4; LBRL 46.2.e' }
  const rogos = of.agenda.find((one) => one.kind === 'rogos-e-preguntas')
  if (!rogos) return [{ ...about, level: 'bad', code: 'rogos-missing' }]
  const firstControl = of.agenda.findIndex((one) => one.section === 'control')
  const apart = rogos.section === 'control' && of.agenda.slice(firstControl).every((one) => one.section === 'control')
  return [{ ...about, level: apart ? 'good' : 'bad', code: apart ? 'sections-apart' : 'control-not-apart' }]
}

/** R6: the draft of the acta that the session approves travels with the convocation. */
function actaFinding({ session: of, waitingActas }: ConvocationQuestion): ConvocationFinding {
  const about = { requirement: 'R6', article: 'ROF 80.2, 84, 91.1', waiting: waitingActas.length }
  const approval = of.agenda.find((one) => one.kind === 'approval-of-acta')
  if (approval?.approves) return { ...about, level: 'good', code: 'acta-travels' }
  if (approval || waitingActas.length > 0) return { ...about, level: waitingActas.length > 0 ? 'warn' : 'good', code: 'acta-not-linked' }
  return { ...about, level: 'good', code: 'acta-none' }
}

/** R7: plenary convocations are told to the media. */
function mediaFinding(council: Council): ConvocationFinding {
  const about = { requirement: 'R7', article: 'Lei 5/1997 252.1' }
  const count = council.recipients.filter((one) => one.list === 'medios').length
  return count > 0 ? { ...about, level: 'good', code: 'media-told', count } : { ...about, level: 'warn', code: 'media-none' }
}

/** R9: an ordinary session at least every two months in Galicia; a reminder, never a refusal. */
function rhythmFindings({ council, session: of, others }: ConvocationQuestion): ConvocationFinding[] {
  if (of.kind !== 'ordinary') return []
  const last = lastOrdinary(others, of.convenedFor)
  if (!last) return []
  const before = sessionDay(last, council)
  const dueBy = addMonths(before, 2)
  const late = sessionDay(of, council) > dueBy
  const about = { requirement: 'R9', article: 'Lei 5/1997 210.2.a', before, dueBy }
  return [late ? { ...about, level: 'warn', code: 'ordinary-late' } : { ...about, level: 'good', code: 'ordinary-in-time' }]
}

/** Who presides and who gives faith hold their office on that day (R80). */
function officeFindings({ council, session: of }: ConvocationQuestion): ConvocationFinding[] {
  const about = { requirement: 'R80', article: 'LBRL 21.1.c; RD 128/2018 3.2' }
  const day = sessionDay(of, council)
  const missing = (['mayor', 'secretary'] as const).filter((office) => holderOf(council, office, day) === undefined)
  if (missing.length === 0) return [{ ...about, level: 'good', code: 'offices-held' }]
  return missing.map((office) => ({
    ...about,
    level: 'warn' as const,
    code: office === 'mayor' ? ('no-mayor' as const) : ('no-secretary' as const),
  }))
}

/** R9, seen from today: the day by which the next ordinary session is due, when one was held and none is prepared until then. */
export function ordinaryDue(council: Council, sessions: readonly Session[], today: IsoDay): { before: IsoDay; dueBy: IsoDay } | undefined {
  const days = sessions.filter((one) => one.kind === 'ordinary').map((one) => sessionDay(one, council))
  const before = days
    .filter((day) => day <= today)
    .sort()
    .at(-1)
  if (before === undefined) return undefined
  const dueBy = addMonths(before, 2)
  return days.some((day) => day > before && day <= dueBy) ? undefined : { before, dueBy }
}

/** The last ordinary session before a moment. */
function lastOrdinary(others: readonly Session[], beforeMs: number): Session | undefined {
  return others
    .filter((one) => one.kind === 'ordinary' && one.convenedFor < beforeMs)
    .sort((one, other) => one.convenedFor - other.convenedFor)
    .at(-1)
}

/** The number of the next acta in the year's book: after the highest that is prepared or bound. */
export function proposedActaNumber(council: Council, sessions: readonly Session[], bound: readonly number[], year: string): number {
  const taken = sessions.filter((one) => sessionDay(one, council).startsWith(year)).map((one) => one.actaNumber)
  return Math.max(0, ...taken, ...bound) + 1
}

/** The session's part of its public address: its day, with a number behind it when the day has one already. */
export function proposedSlug(day: IsoDay, taken: readonly string[]): string {
  if (!taken.includes(day)) return day
  let count = 2
  while (taken.includes(`${day}-${count}`)) count += 1
  return `${day}-${count}`
}

/** The day of a session on the council's calendar. */
export function sessionDay(of: Session, council: Council): IsoDay {
  return wallTime(of.convenedFor, council.timeZone).day
}

/** Days the council entered itself. */
export function enteredDays(council: Council): IsoDay[] {
  return council.holidays.map((one) => one.day)
}
