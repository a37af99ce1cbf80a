import { z } from 'zod'
import { eventId, itemId, memberId, nanoseconds, sessionId, voteId } from './ids.ts'
import { agendaSection, itemKind, majority } from './session.ts'

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
  /** Event that this one corrects; nothing is ever deleted. `at` and `mediaMs` are then those of what happened, not of the correction. */
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
const cause = { cause: z.string().min(1).max(2000).optional() }
const inBothLanguages = z.object({ gl: z.string().min(1), es: z.string().min(1) })

/** Who conducts, attests and controls; each is taken and left in the course of a session (R80). */
export const conductingRole = z.enum(['presidency', 'secretary', 'intervention'])

/** How a session is attended; at a distance only for force majeure or collective risk, with its reason (LBRL 46.3; R81). */
export const attendanceMode = z.enum(['in-person', 'remote', 'mixed'])
/** How one member attends (R81). */
const attends = { ...member, mode: z.enum(['room', 'remote']).optional() }

/**
 * For what the floor is given (R19, R28): `presentation` by who defends the proposal, `justification` of an urgency or an inclusion
 * before its vote (R5), `order` also for how the presidency conducts, `question` and `answer` in the control part.
 */
export const floorTurn = z.enum([
  'first',
  'second',
  'allusion',
  'order',
  'explanation',
  'presentation',
  'justification',
  'question',
  'answer',
])

/** Why an item leaves the agenda without its vote: the presidency (ROF 91.3), who proposed it, or a vote on the request (ROF 92.1). */
const leaving = { ground: z.enum(['presidency', 'proposer', 'vote']).optional(), vote: voteId.optional(), ...cause }

/**
 * The append-only record of a session (contracts.md §1). What is true now is a function of it: session-state.ts. What is added to an
 * event is optional and never has a default in the schema: a default would change the bytes of old events, and so their hashes.
 */
export const sessionEvent = z.discriminatedUnion('type', [
  event('session.opened', {
    call: z.union([z.literal(1), z.literal(2)]),
    mode: attendanceMode.optional(),
    modeReason: z.string().min(1).max(2000).optional(),
  }),
  event('session.lifted', { cause: z.string().optional() }),
  event('session.not-held', {
    cause: z.string().min(1),
    ground: z.enum(['no-quorum', 'no-presidency', 'no-secretary', 'other']).optional(),
  }),
  event('role.taken', {
    role: conductingRole,
    person: memberId,
    capacity: z.string().min(1),
    /** Whose place is taken, and why (R80). */
    substitutes: memberId.optional(),
    ...cause,
  }),
  event('role.left', { role: conductingRole, person: memberId }),
  event('attendance.present', attends),
  event('attendance.excused', member),
  event('attendance.absent', member),
  event('attendance.arrived', attends),
  event('attendance.left', member),
  /** A member at a distance fell off the line, and came back (R81). */
  event('connection.lost', { ...member, ...cause }),
  event('connection.restored', member),
  event('item.opened', item),
  /** The secretary reads the proposal: from here on no authorised body speaks (R18). */
  event('item.read', item),
  event('item.closed', item),
  /** The items of `items` are debated together with `item`; each is voted apart. */
  event('item.joined', { ...item, items: z.array(itemId).min(1) }),
  event('item.withdrawn', { ...item, ...leaving }),
  event('item.postponed', { ...item, ...leaving }),
  event('item.added', {
    ...item,
    kind: itemKind,
    title: z.string().min(1),
    titles: inBothLanguages.optional(),
    section: agendaSection.optional(),
    majority: majority.optional(),
    matter: z.string().min(1).optional(),
    proposal: inBothLanguages.optional(),
    /** Group or member that brings it. */
    author: z.string().min(1).optional(),
  }),
  event('debate.began', item),
  event('debate.ended', item),
  /** `name`: of the authorised body and who speaks for it (ROF 228). `proposedBy`: an open microphone proposed it, a person confirmed (R29). */
  event('floor.given', {
    speaker,
    turn: floorTurn,
    name: z.string().min(1).max(200).optional(),
    proposedBy: z.literal('microphone').optional(),
  }),
  event('floor.ended', { speaker: speaker.optional(), ...cause }),
  event('vote.opened', {
    vote: voteId,
    ...item,
    purpose: votePurpose,
    kind: voteKind,
    majority,
    round: z.union([z.literal(1), z.literal(2)]),
    /** Group or member that asked for it. */
    requestedBy: z.string().min(1).optional(),
    /** What is voted, where it is not the item's proposal: an amendment, a request. */
    text: z.string().min(1).max(5000).optional(),
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
  /**
   * The exact limits of a closed part on the media line, confirmed by the secretary afterwards; `marks` are all the events that began
   * and ended it: one that arrives later makes the confirmation void (closed-parts.ts).
   */
  event('closed.confirmed', { marks: z.array(eventId).min(1).max(100), fromMs: z.int().nonnegative(), toMs: z.int().nonnegative() }),
  /** Citizens' turn, after the session was lifted: in no acta, in no official recording (ROF 88.3, 228.2; R18). */
  event('public-turn.began', {}),
  event('public-turn.ended', {}),
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

type ToldByDevice = 'v' | 'id' | 'session' | 'device' | 'seq' | 'by' | 'at' | 'mediaMs'
type WithoutEnvelope<E> = E extends SessionEvent ? Omit<E, ToldByDevice> : never
/** What an event says, without who, when and from which device: what the rules are asked about. */
export type EventContent = WithoutEnvelope<SessionEvent>
export type ContentOf<T extends SessionEventType> = Extract<EventContent, { type: T }>

/** Instant of an event on the recorder's clock, Unix ms. */
export function correctedMs(of: SessionEvent): number {
  return of.at.wallMs - (of.at.offsetMs ?? 0)
}

/** The order of contracts.md §1: corrected time, then device, then count. */
export function compareEvents(a: SessionEvent, b: SessionEvent): number {
  return correctedMs(a) - correctedMs(b) || (a.device < b.device ? -1 : a.device > b.device ? 1 : a.seq - b.seq)
}
