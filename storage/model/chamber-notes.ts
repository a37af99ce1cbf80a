import { z } from 'zod'
import { sessionId } from './ids.ts'
import { rehearsal } from './rehearsal.ts'

/** What journal, receipts, store and the recorders' disks can disagree on. */
export const differenceCode = z.enum([
  'object-missing',
  'object-altered',
  'object-double',
  'object-unknown',
  'receipt-missing',
  /** At a recorder: a segment is not on its disk. */
  'spool-missing',
  /** At a recorder: it is not what was journalled. */
  'spool-altered',
  /** Fewer receipts are here than the recorder keeps. */
  'spool-receipts',
  /** It has more to tell, or to deliver, and is not heard. */
  'spool-silent',
])
export type DifferenceCode = z.infer<typeof differenceCode>

/** What the last reconciliation found wrong of one session, each kind once. */
const sessionDifference = z.object({
  code: differenceCode,
  session: sessionId,
  convenedFor: z.int(),
  count: z.int().positive(),
})
export type SessionDifference = z.infer<typeof sessionDifference>

/** What is known of a chamber besides what its recorder says each second. */
export const chamberNotes = z.object({
  /** The last one of the recorder that is to record, and its name. */
  rehearsal: z.object({ name: z.string(), last: rehearsal }).optional(),
  differences: z.object({ atMs: z.int(), of: z.array(sessionDifference) }).optional(),
})
export type ChamberNotes = z.infer<typeof chamberNotes>

/** What stands in the way of a proof first, what only wants a look last. */
const gravity = differenceCode.options.toSorted((a, b) => graver(a) - graver(b))

function graver(code: DifferenceCode): number {
  const order: DifferenceCode[] = ['object-altered', 'object-missing', 'spool-altered', 'receipt-missing', 'spool-silent']
  const at = order.indexOf(code)
  return at < 0 ? order.length : at
}

/**
 * Those to show to who conducts a session: its own always; of other sessions only while nothing goes on in the chamber, where somebody has
 * the time for them. The gravest first, its own before others'.
 */
export function differencesToShow(notes: ChamberNotes | undefined, of: { session: string; busy: boolean }): SessionDifference[] {
  const own = (one: SessionDifference) => one.session === of.session
  return (notes?.differences?.of ?? [])
    .filter((one) => own(one) || !of.busy)
    .toSorted((a, b) => Number(own(b)) - Number(own(a)) || gravity.indexOf(a.code) - gravity.indexOf(b.code))
}
