import { z } from 'zod'
import { eventId, itemId, memberId, nanoseconds, sessionId, voteId } from './ids.ts'
import { itemKind, majority } from './session.ts'

/** When something happened, on the clock of the device that saw it (contracts.md §1). */
export const eventTime = z.object({
  wallMs: z.int(),
  monotonicNs: nanoseconds,
  boot: z.string().min(1),
  /** Device clock minus recorder clock, when measured. */
  offsetMs: z.number().optional(),
})

/** Who did it: an office and a person, or the recorder itself. */
export const actor = z.union([z.literal('recorder'), z.object({ role: z.string().min(1), id: z.string().min(1) })])

const envelope = {
  v: z.literal(1),
  id: eventId,
  session: sessionId,
  device: z.string().min(1).max(64),
  /** Counts per device from 1. */
  seq: z.int().positive(),
  by: actor,
  at: eventTime,
  /** Place on the session's media line, when a recording runs. */
  mediaMs: z.int().nonnegative().optional(),
  /** Event that this one corrects; nothing is ever deleted. */
  corrects: eventId.optional(),
}

const speaker = z.union([memberId, z.enum(['secretary', 'intervention', 'authorised-body', 'public'])])
export type Speaker = z.infer<typeof speaker>

function event<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ ...envelope, type: z.literal(type), ...shape })
}

const member = { member: memberId }
const item = { item: itemId }
const part = {
  part: z.int().nonnegative(),
  fromMs: z.int().nonnegative().optional(),
  toMs: z.int().nonnegative().optional(),
  cause: z.string().optional(),
}

export const sense = z.enum(['favour', 'against', 'abstain'])
export type Sense = z.infer<typeof sense>
export const votePurpose = z.enum([
  'main',
  'urgency',
  'ratify-inclusion',
  'postpone',
  'withdraw',
  'amendment',
  'nominal-request',
  'secret-debate',
])
export const voteKind = z.enum(['ordinary', 'nominal', 'secret'])
const count = z.int().nonnegative()

/** The append-only record of a session (contracts.md §1). What is true now is a function of it: session-state.ts. */
export const sessionEvent = z.discriminatedUnion('type', [
  event('session.opened', { call: z.union([z.literal(1), z.literal(2)]) }),
  event('session.lifted', { cause: z.string().optional() }),
  event('session.not-held', { cause: z.string().min(1) }),
  event('role.taken', { role: z.enum(['presidency', 'secretary', 'intervention']), person: memberId, capacity: z.string().min(1) }),
  event('attendance.present', member),
  event('attendance.excused', member),
  event('attendance.absent', member),
  event('attendance.arrived', member),
  event('attendance.left', member),
  event('item.opened', item),
  event('item.closed', item),
  event('item.joined', { ...item, items: z.array(itemId).min(1) }),
  event('item.withdrawn', item),
  event('item.postponed', item),
  event('item.added', { ...item, kind: itemKind, title: z.string().min(1) }),
  event('floor.given', { speaker, turn: z.enum(['first', 'second', 'allusion', 'order', 'explanation']) }),
  event('floor.ended', { speaker: speaker.optional() }),
  event('vote.opened', {
    vote: voteId,
    ...item,
    purpose: votePurpose,
    kind: voteKind,
    majority,
    round: z.union([z.literal(1), z.literal(2)]),
  }),
  event('ballot.cast', { vote: voteId, ...member, sense }),
  event('tally.entered', { vote: voteId, favour: count, against: count, abstain: count }),
  event('vote.proclaimed', { vote: voteId, outcome: z.enum(['approved', 'rejected', 'tie']), casting: sense.optional() }),
  event('abstention.began', { ...member, ...item }),
  event('abstention.ended', { ...member, ...item }),
  event('recess.began', { cause: z.string().optional() }),
  event('recess.ended', {}),
  event('closed.began', { ground: z.string().min(1), vote: voteId.optional(), recording: z.enum(['none', 'restricted']) }),
  event('closed.ended', {}),
  event('incident', { text: z.string().min(1).max(2000), member: memberId.optional() }),
  event('order.called', { text: z.string().max(2000), ...member }),
  event('member.expelled', { text: z.string().max(2000), ...member }),
  event('note', { text: z.string().min(1).max(2000), member: memberId.optional() }),
  event('star', { text: z.string().max(2000).optional(), member: memberId.optional() }),
  event('recording.asked', part),
  event('recording.proven', part),
  event('recording.paused', part),
  event('recording.resumed', part),
  event('recording.stopped', part),
  event('recording.failed', part),
  event('recording.gap', part),
])
export type SessionEvent = z.infer<typeof sessionEvent>
export type SessionEventType = SessionEvent['type']
export type EventOf<T extends SessionEventType> = Extract<SessionEvent, { type: T }>

/** Instant of an event on the recorder's clock, Unix ms. */
export function correctedMs(of: SessionEvent): number {
  return of.at.wallMs - (of.at.offsetMs ?? 0)
}

/** The order of contracts.md §1: corrected time, then device, then count. */
export function compareEvents(a: SessionEvent, b: SessionEvent): number {
  return correctedMs(a) - correctedMs(b) || (a.device < b.device ? -1 : a.device > b.device ? 1 : a.seq - b.seq)
}
