import { z } from 'zod'
import { language } from '../../storage/model/council.ts'
import { eventId } from '../../storage/model/ids.ts'
import { sessionEvent } from '../../storage/model/session-events.ts'

/** What travels between a tablet and the server, besides the events themselves. */

/** With what a tablet asks into the live line of a session. */
export const roomRequest = z.object({
  council: z.string().max(100),
  session: z.string().max(100),
  device: z.string().min(1).max(64).optional(),
  claims: z.boolean().default(false),
})

/** What a tablet sends at once. */
export const eventsRequest = z.object({ events: z.array(sessionEvent).min(1).max(500) })

const refusedEvent = z.object({
  id: z.string(),
  requirement: z.string(),
  article: z.string(),
  reason: z.object({ gl: z.string(), es: z.string() }),
})
/** An event that may not enter the record, with what the law says of it. */
export type RefusedEvent = z.infer<typeof refusedEvent>

/** The answer to a tablet: every id it sent stands in exactly one list. `kept`: by the chamber's recorder while there is no line. */
export const eventsAnswer = z.object({
  accepted: z.array(z.string()),
  known: z.array(z.string()),
  refused: z.array(refusedEvent),
  kept: z.array(z.string()).default([]),
})
export type EventsAnswer = z.infer<typeof eventsAnswer>

/** Asked of the recorder; what comes of it shows in its proof. */
export const commandRequest = z.object({
  action: z.enum(['start', 'pause', 'resume', 'stop']),
  /** Of the tablet: while there is no line the recorder obeys it once. */
  id: eventId.optional(),
  /** Another source than the recorder's own: in a demo council only. */
  source: z.string().min(1).max(1000).optional(),
})

/** What was understood last while the session runs; reviewed by nobody. */
export const draftedAnswer = z.object({ lines: z.array(z.object({ speaker: z.string(), text: z.string(), language })) })

const tablet = z.object({ device: z.string().min(1).max(64), name: z.string().max(200) })

/** Which tablet of a session leads, and who asks to. The others follow live. */
export const leadView = z.object({
  leader: tablet.extend({ connected: z.boolean(), sinceMs: z.number() }).nullable(),
  asking: tablet.nullable(),
})
export type LeadView = z.infer<typeof leadView> & {
  /** This tablet leads, or nobody does. */
  mine: boolean
  /** This tablet is the one that asks. */
  asked: boolean
}
/** A tablet asks for the server's clock each second, and says whether marks of its own are still on the way. */
export const clockQuestion = z.object({ waits: z.boolean() })
export const leadAct = z.enum(['ask', 'give', 'keep'])
export type LeadAct = z.infer<typeof leadAct>

/** What one tablet knows of it: without a word from the server it leads. */
export function leadOf(device: string | undefined, said: z.infer<typeof leadView> | undefined): LeadView {
  const { leader, asking } = said ?? { leader: null, asking: null }
  return { leader, asking, mine: leader === null || leader.device === device, asked: asking !== null && asking.device === device }
}
