import { z } from 'zod'
import { councilId, itemId, sessionId } from './ids.ts'

/** R1. */
export const sessionKind = z.enum(['ordinary', 'extraordinary', 'extraordinary-urgent'])
export type SessionKind = z.infer<typeof sessionKind>

/** R5; `approval-of-acta` is the first item of nearly every ordinary session. */
export const itemKind = z.enum([
  'approval-of-acta',
  'ditame',
  'proposicion',
  'mocion',
  'dacion-de-conta',
  'rogo',
  'pregunta',
  'rogos-e-preguntas',
  'urgency',
])
export type ItemKind = z.infer<typeof itemKind>

/** The body that meets: the plenary is public, the other two are not (R44, R82). */
export const bodyKind = z.enum(['pleno', 'xunta-de-goberno', 'comision-informativa'])
export type BodyKind = z.infer<typeof bodyKind>

/** R4: the control part stands apart from the resolutive part. */
export const agendaSection = z.enum(['resolutive', 'control'])

/** Kind of majority a matter needs (R25). */
export const majority = z.enum(['simple', 'absolute', 'two-thirds'])
export type Majority = z.infer<typeof majority>

export const agendaItem = z.object({
  id: itemId,
  number: z.int().positive(),
  kind: itemKind,
  section: agendaSection,
  title: z.object({ gl: z.string().min(1), es: z.string().min(1) }),
  majority: majority.default('simple'),
  /** Key of the catalogue of matters (matters.ts) where the law asks for more than a simple majority or for a special kind of vote. */
  matter: z.string().min(1).optional(),
  /** Text put to the vote; the operative part of the acta is taken from it. */
  proposal: z.object({ gl: z.string(), es: z.string() }).optional(),
  /** Set when the item approves the acta of that session (R33). */
  approves: sessionId.optional(),
})
export type AgendaItem = z.infer<typeof agendaItem>

/** How far a session has come on the way of design.md §1. Each step is set by the part that did it. */
export const sessionStage = z.enum([
  'prepared',
  'recording',
  'recorded',
  'closed',
  'transcribed',
  'draft',
  'approved',
  'frozen',
  'signed',
  'kept',
  'published',
])
export type SessionStage = z.infer<typeof sessionStage>

export const session = z.object({
  id: sessionId,
  council: councilId,
  body: bodyKind.default('pleno'),
  kind: sessionKind,
  call: z.union([z.literal(1), z.literal(2)]),
  /** Announced start, Unix ms. */
  convenedFor: z.int(),
  /** Number of the acta in the year's book. */
  actaNumber: z.int().positive(),
  /** Path part of the public address, e.g. `2026-10-27`. */
  slug: z.string().regex(/^[a-z0-9-]+$/),
  place: z.string().min(1),
  language: z.enum(['gl', 'es']).default('gl'),
  agenda: z.array(agendaItem),
  /** A session that is held without recording (R21). */
  recorded: z.boolean().default(true),
  /** Its recording was brought as a file (imported-recording.ts), and nobody marked what happened. */
  imported: z.literal(true).optional(),
})
export type Session = z.infer<typeof session>

/** The session a tablet that is switched on is wanted for: the one whose hour is nearest. */
export function sessionToConduct(sessions: readonly Session[], nowMs: number): Session | undefined {
  return [...sessions].sort((a, b) => Math.abs(a.convenedFor - nowMs) - Math.abs(b.convenedFor - nowMs))[0]
}
