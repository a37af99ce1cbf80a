import fc from 'fast-check'
import type { Council } from '../../../../storage/model/council.ts'
import { newId } from '../../../../storage/model/ids.ts'
import type { ItemKind, Session } from '../../../../storage/model/session.ts'
import { type SessionEvent, sessionEvent } from '../../../../storage/model/session-events.ts'
import { councilOf, sessionWith } from '../../../fixtures/council/marked-session.ts'

/** A step of a random session, by numbers: what it means depends on the council and session it is played in. */
export interface Step {
  act: number
  one: number
  two: number
  three: number
  /** Milliseconds since the step before; some marks come late and stand earlier. */
  afterMs: number
  device: number
}

export const steps = (maxLength: number) =>
  fc.array(
    fc.record({
      act: fc.nat(999),
      one: fc.nat(40),
      two: fc.nat(40),
      three: fc.nat(40),
      afterMs: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 4000 }) },
        { weight: 1, arbitrary: fc.integer({ min: -20_000, max: -1 }) },
      ),
      device: fc.nat(2),
    }),
    { minLength: 5, maxLength },
  )

export interface World {
  council: Council
  session: Session
}

const kinds: ItemKind[] = ['ditame', 'proposicion', 'mocion', 'rogos-e-preguntas']

/** A council of 7 and one session with an item of each kind that the law treats in its own way; the second ditame is about persons. */
export function world(): World {
  const council = councilOf(7)
  const plain = sessionWith(council, ['ditame', ...kinds])
  const agenda = plain.agenda.map((item, index) => (index === 1 ? { ...item, matter: 'election-of-persons' } : item))
  return { council, session: { ...plain, agenda } }
}

type Fields = Record<string, unknown>

/** The events of a random session: the usual opening, then the steps; what they mean is as often unlawful as lawful. */
export function eventsOf(of: World, taken: readonly Step[]): SessionEvent[] {
  const maker = eventMaker(of.session)
  const { members } = of.council
  const opening: Fields[] = [
    ...members.slice(0, 6).map((one, index) => ({ type: 'attendance.present', member: one.id, mode: index === 5 ? 'remote' : 'room' })),
    { type: 'role.taken', role: 'presidency', person: members[0]?.id, capacity: 'Alcaldesa' },
    { type: 'role.taken', role: 'secretary', person: members.at(-1)?.id, capacity: 'Secretaria' },
    { type: 'session.opened', call: 1, mode: 'mixed', modeReason: 'temporal' },
    { type: 'item.opened', item: of.session.agenda[0]?.id },
  ]
  let atMs = 1_790_000_000_000
  const made = opening.map((fields, index) => maker(fields, atMs + index * 1000, 0))
  atMs += opening.length * 1000
  for (const step of taken) {
    atMs += step.afterMs
    for (const [index, fields] of fieldsOf(of, step, made).entries()) made.push(maker(fields, atMs + index, step.device))
  }
  return made
}

function eventMaker(session: Session) {
  const seq = [0, 0, 0]
  return (fields: Fields, atMs: number, device: number): SessionEvent => {
    seq[device] = (seq[device] ?? 0) + 1
    return sessionEvent.parse({
      v: 1,
      id: newId(),
      session: session.id,
      device: `tablet-${device}`,
      seq: seq[device],
      by: { role: 'secretary', id: 'x' },
      at: { wallMs: atMs, monotonicNs: '1', boot: 'b' },
      mediaMs: atMs - 1_790_000_000_000 < 0 ? 0 : atMs - 1_790_000_000_000,
      ...fields,
    })
  }
}

const purposes = [
  'main',
  'main',
  'main',
  'urgency',
  'ratify-inclusion',
  'postpone',
  'withdraw',
  'amendment',
  'nominal-request',
  'secret-debate',
]
const turns = ['first', 'second', 'allusion', 'order', 'explanation', 'justification']
const outcomes = ['approved', 'approved', 'rejected', 'tie']
const majorities = ['simple', 'absolute', 'absolute', 'two-thirds']
const voteKinds = ['ordinary', 'ordinary', 'ordinary', 'nominal', 'secret']

/** A vote from its opening to its proclamation: everybody's ballot and every outcome are tried, the law takes those that are true. */
function wholeVote(of: World, { one, two, three }: Step, vote: string, members: readonly string[]): Fields[] {
  const item = pick(of.session.agenda, one).id
  const senses = ['favour', 'favour', 'against', 'favour', 'abstain', 'against', 'favour']
  const kind = pick(voteKinds, three)
  const majority = pick(majorities, one + two)
  return [
    { type: 'item.opened', item },
    { type: 'vote.opened', vote, item, purpose: pick(purposes, two), kind, majority, round: one % 5 === 0 ? 2 : 1 },
    ...members.map((member, index) => ({ type: 'ballot.cast', vote, member, sense: pick(senses, index * (three + 1) + two) })),
    { type: 'tally.entered', vote, favour: (three % 4) + 2, against: two % 4, abstain: 0 },
    ...['tie', 'rejected', 'approved'].map((outcome) => ({ type: 'vote.proclaimed', vote, outcome })),
    { type: 'vote.proclaimed', vote, outcome: 'approved', casting: 'favour' },
  ]
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

function fieldsOf(of: World, step: Step, made: readonly SessionEvent[]): Fields[] {
  const { act, one, two, three } = step
  const item = pick(of.session.agenda, one).id
  const person = pick(of.council.members, two).id
  const members = of.council.members.slice(0, 7).map((each): string => each.id)
  const member = pick(members, two)
  const lastVote = made.findLast((event) => event.type === 'vote.opened')
  const vote = lastVote?.type === 'vote.opened' ? lastVote.vote : item
  const kind = act % 100
  if (act >= 700) return wholeVote(of, step, newId(), members)
  if (kind < 12) {
    const asked = { purpose: pick(purposes, two), kind: pick(voteKinds, three), majority: pick(majorities, two + three) }
    return [{ type: 'vote.opened', vote: newId(), item, ...asked, round: two % 5 === 0 ? 2 : 1 }]
  }
  if (kind < 30) return [{ type: 'ballot.cast', vote, member, sense: pick(['favour', 'against', 'abstain'], three) }]
  if (kind < 38) return [{ type: 'tally.entered', vote, favour: one % 7, against: two % 4, abstain: three % 2 }]
  if (kind < 48) {
    const counts = { type: 'tally.entered', vote, favour: (one % 4) + 3, against: two % 4, abstain: 0 }
    return [counts, { type: 'vote.proclaimed', vote, outcome: pick(outcomes, three), ...(one % 9 === 0 ? { casting: 'favour' } : {}) }]
  }
  if (kind < 54) return [{ type: 'vote.proclaimed', vote, outcome: pick(outcomes, three) }]
  if (kind < 62) return [{ type: 'item.opened', item }]
  if (kind < 68) return [{ type: pick(['attendance.left', 'attendance.arrived'], one), member }]
  if (kind < 72) return [{ type: pick(['connection.lost', 'connection.restored'], one), member: pick(of.council.members, 5).id }]
  if (kind < 76) return [{ type: pick(['abstention.began', 'abstention.ended'], one), member, item }]
  if (kind < 82)
    return [
      { type: 'floor.given', speaker: pick([member, person, 'secretary', 'public', 'authorised-body'], one), turn: pick(turns, three) },
    ]
  if (kind < 84) return [{ type: pick(['item.closed', 'item.postponed', 'item.withdrawn', 'item.read', 'debate.began'], two), item }]
  if (kind < 86) return [{ type: 'item.joined', item, items: [pick(of.session.agenda, two).id] }]
  if (kind < 88) return [{ type: pick(['recess.began', 'recess.ended'], one) }]
  if (kind < 90) return [one % 2 === 0 ? { type: 'closed.began', ground: 'x', recording: 'none' } : { type: 'closed.ended' }]
  if (kind < 92) return [{ type: 'role.taken', role: pick(['presidency', 'secretary'], one), person, capacity: 'x' }]
  if (kind < 94) return [{ type: pick(['order.called', 'member.expelled', 'incident'], one), member, text: 'x' }]
  if (kind < 95) return [{ type: pick(['session.lifted', 'public-turn.began'], one) }]
  if (kind < 97) return [{ type: 'note', text: 'desfeito', corrects: pick(made, one * two + three).id }]
  return [{ type: 'recording.gap', part: 0, fromMs: 1, toMs: 2 }]
}
