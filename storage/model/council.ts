import { z } from 'zod'
import { councilId, memberId } from './ids.ts'
import { matter } from './matters.ts'
import { bodyKind } from './session.ts'

/** DIR3 code of a public body: nine characters, `L01` + INE code for a council (NTI Documento electrónico). */
export const dir3 = z.string().regex(/^[A-Z0-9]{9}$/, 'expected a DIR3 code of nine characters')

/** A day without hour, ISO 8601. */
export const isoDate = z.iso.date()

export const language = z.enum(['gl', 'es'])
export type Language = z.infer<typeof language>

/** Offices that sign or conduct; a councillor without office has none. */
export const office = z.enum(['mayor', 'deputy-mayor', 'secretary', 'intervention', 'spokesperson'])
export type Office = z.infer<typeof office>

/** An office held from a day, until a day (R80): a substitution is a new dated role, never a change. */
export const datedRole = z.object({ office, from: isoDate, until: isoDate.optional(), capacity: z.string().optional() })

/** A political group of the corporation. */
export const group = z.object({ id: z.string().min(1), name: z.string().min(1), short: z.string().min(1) })
export type Group = z.infer<typeof group>

/** A councillor (`legal: true`, counts for quorum and votes), or the secretary and intervention officer (`legal: false`). */
export const member = z.object({
  id: memberId,
  name: z.string().min(1),
  surname: z.string().min(1),
  treatment: z.enum(['Sr.', 'Sra.']),
  group: z.string().optional(),
  legal: z.boolean(),
  roles: z.array(datedRole),
  /** Key of the files of evidence (contracts.md §7): `speaker` of seats.json, STM and RTTM. */
  speaker: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
})
export type Member = z.infer<typeof member>

/** A seat of the chamber, with the microphone channel that hears it. A seat is not a person: who sits there has dates. */
export const seat = z.object({
  seat: z.int().positive(),
  channel: z.int().positive().optional(),
  member: memberId,
  from: isoDate,
  until: isoDate.optional(),
})
export type Seat = z.infer<typeof seat>

/** Another resolutive or advisory body of the council, with members of its own (R82). */
export const body = z.object({ kind: bodyKind.exclude(['pleno']), name: z.string().min(1), members: z.array(memberId).min(1) })
export type Body = z.infer<typeof body>

/** A day on which no term runs here that the State's and Galicia's fixed days (working-days.ts) do not say: local, or of one year. */
export const enteredHoliday = z.object({ day: isoDate, name: z.string().min(1), scope: z.enum(['state', 'galicia', 'local']) })
export type EnteredHoliday = z.infer<typeof enteredHoliday>

/** Somebody outside the corporation who is told of each session: the media (R7). */
export const recipient = z.object({ id: z.string().min(1), list: z.literal('medios'), name: z.string().min(1), email: z.email() })
export type Recipient = z.infer<typeof recipient>

export const council = z.object({
  id: councilId,
  name: z.string().min(1),
  dir3,
  /** Number of members the corporation has by law (R13, R25). */
  legalNumber: z.int().min(3),
  municipality: z.string().min(1),
  room: z.string().min(1),
  timeZone: z.string().default('Europe/Madrid'),
  languages: z.array(language).min(1),
  /** Actas are written in both official languages, in two columns (R10). */
  bilingualActa: z.boolean().default(false),
  /** Norm that enables the video-acta (R79); without it the recording is «gravación de apoio». */
  enablingNorm: z.string().optional(),
  /** Whether the session can be followed by anybody while it runs (design.md §2 "closed parts and live"). */
  liveView: z.boolean().default(true),
  /** What the council lets be recorded of a part that is closed to the public (R17): nothing, or a copy for the secretary alone. */
  closedPartRecording: z.enum(['none', 'restricted']).default('none'),
  /**
   * Who can open what is recorded so: public keys `age1…` of the secretary and of the council's recovery, whose private halves no machine
   * of ours holds. Without any, nothing is recorded of a closed part.
   */
  closedPartKeys: z
    .array(z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/))
    .max(10)
    .default([]),
  /** A council of invented people: its signatures carry no legal value and the product says so everywhere. */
  demo: z.boolean().default(false),
  groups: z.array(group),
  members: z.array(member),
  seats: z.array(seat),
  bodies: z.array(body).default([]),
  /** Matters of the council's own, and those of the catalogue that it reads otherwise: the same key replaces (R25). */
  matters: z.array(matter).default([]),
  /** Words said here that a recognizer does not know: parishes, streets, firms, one each. */
  vocabulary: z.array(z.string().min(1).max(80)).max(500).default([]),
  holidays: z.array(enteredHoliday).default([]),
  recipients: z.array(recipient).default([]),
})
export type Council = z.infer<typeof council>

/** The member who holds an office on a day, or undefined. */
export function holderOf(of: Council, wanted: Office, day: string): Member | undefined {
  return of.members.find((one) =>
    one.roles.some((role) => role.office === wanted && role.from <= day && (role.until === undefined || day <= role.until)),
  )
}

/** Who sits where on a day. */
export function seatsOnDay(of: Council, day: string): Seat[] {
  return of.seats.filter((one) => one.from <= day && (one.until === undefined || day <= one.until))
}

/** Name as the acta writes it: «Sra. Castro Reboredo». */
export function formalName(one: Member): string {
  return `${one.treatment} ${one.surname}`
}

/** Name in full: «Uxía Castro Reboredo». */
export function fullName(one: Member): string {
  return `${one.name} ${one.surname}`
}
