import type { Council, Member } from '../../storage/model/council.ts'
import { memberId } from '../../storage/model/ids.ts'
import { turnOf } from '../../storage/model/law/floor.ts'
import type { Session } from '../../storage/model/session.ts'
import type { EventContent, SessionEvent, Speaker } from '../../storage/model/session-events.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { ControlWords } from '../words/control-gl.ts'
import { type Attesting, attestingMember, floorNow, presidingMember, sessionDay } from './room.ts'

/** What a tap says happened, before it has its number. It happens at the tap, unless it says its own time. */
export type Mark = EventContent & Partial<Pick<SessionEvent, 'at' | 'mediaMs'>>

export type Roll = Record<string, 'present' | 'excused' | 'absent'>

/** Who presides and who attests, who came, and the opening itself: one tap of «Abrir a sesión». */
export function openingMarks(
  council: Council,
  session: Session,
  state: SessionState,
  { roll, call, attests }: { roll: Roll; call: 1 | 2; attests?: Attesting | undefined },
  words: ControlWords,
): Mark[] {
  return [...rollMarks(council, session, state, { roll, attests }, words), { type: 'session.opened', call }]
}

/** Who came and who presides: also what is kept of a session that could not be held (R14). */
export function rollMarks(
  council: Council,
  session: Session,
  state: SessionState,
  { roll, attests }: { roll: Roll; attests?: Attesting | undefined },
  words: ControlWords,
): Mark[] {
  const presiding = presidingMember(council, session, state)
  const attesting = attestingMember(council, session, state)
  const capacity = (member: Member) => officeTitle(member, sessionDay(council, session), words)
  return [
    ...(presiding ? [{ type: 'role.taken', role: 'presidency', person: presiding.id, capacity: capacity(presiding) } as const] : []),
    ...attestingMarks(attesting && { person: attesting.id, capacity: capacity(attesting) }, attests),
    ...council.members
      .filter((one) => state.body.members.includes(one.id))
      .map((one): Mark => ({ type: `attendance.${roll[one.id] ?? 'present'}`, member: one.id })),
  ]
}

/** Who conducts in the secretary's place takes the office when they come into an open session and somebody else attests (R80). */
export function takeOverMarks(state: SessionState, attests: Attesting | undefined): Mark[] {
  if (!attests || !['open', 'recess', 'closed-part'].includes(state.phase) || state.secretary === attests.person) return []
  const { secretary } = state
  return attestingMarks(secretary === undefined ? undefined : { person: memberId.parse(secretary), capacity: '' }, attests)
}

/** The secretary attests, or who conducts in their place, in the capacity and by the decision that named them (R80). */
function attestingMarks(holder: { person: Member['id']; capacity: string } | undefined, attests: Attesting | undefined): Mark[] {
  if (!attests) return holder ? [{ type: 'role.taken', role: 'secretary', ...holder }] : []
  const substitutes = holder && holder.person !== attests.person ? { substitutes: holder.person } : {}
  return [{ type: 'role.taken', role: 'secretary', ...attests, ...substitutes }]
}

/** The office as the acta writes it beside the name; the words are those of the session's language. */
function officeTitle(member: Member, day: string, words: ControlWords): string {
  const held = member.roles.find((role) => role.from <= day && (role.until === undefined || day <= role.until))
  if (held?.capacity) return held.capacity
  const titles = words.offices[held?.office ?? 'member']
  return member.treatment === 'Sra.' ? titles[0] : titles[1]
}

/** Somebody takes an office in the course of the session, in their own capacity and in whose place (R80). */
export function officeMark(
  role: 'presidency' | 'secretary',
  member: Member,
  { council, session, state }: { council: Council; session: Session; state: SessionState },
  words: ControlWords,
): Mark {
  const first = state.offices.find((one) => one.role === role)?.person
  const place = first === undefined || first === member.id ? undefined : council.members.find((one) => one.id === first)?.id
  const capacity = officeTitle(member, sessionDay(council, session), words)
  return { type: 'role.taken', role, person: member.id, capacity, ...(place === undefined ? {} : { substitutes: place }) }
}

/** One tap gives the floor; a tap on who has it takes it back. Which turn it is, is proposed: another is one tap away (R19, R28). */
export function floorMark(state: SessionState, speaker: Speaker): Mark {
  if (floorNow(state)?.speaker === speaker) return { type: 'floor.ended', speaker }
  return { type: 'floor.given', speaker, turn: turnOf(state, speaker) }
}

/** The floor for who seems to speak, as the open microphone proposed and the person confirmed; none when they have it. */
export function heardMarks(state: SessionState, speaker: Speaker): Mark[] {
  if (floorNow(state)?.speaker === speaker) return []
  return [{ type: 'floor.given', speaker, turn: turnOf(state, speaker), proposedBy: 'microphone' }]
}

/** The mark that takes others back: a note in their place, nothing is deleted. */
export function undoMarks(events: readonly SessionEvent[], text: string): Mark[] {
  return events.map((event): Mark => ({ type: 'note', text, corrects: event.id }))
}

/** The same again a little earlier or later, in the place of what was marked. */
export function nudgeMarks(events: readonly SessionEvent[], byMs: number): Mark[] {
  return events.map((event) => {
    const { v: _v, id, session: _session, device: _device, seq: _seq, by: _by, at, mediaMs, ...said } = event
    const monotonicNs = String(BigInt(at.monotonicNs) + BigInt(byMs) * 1_000_000n).replace('-', '')
    return {
      ...said,
      corrects: id,
      at: { ...at, wallMs: at.wallMs + byMs, monotonicNs },
      ...(mediaMs === undefined ? {} : { mediaMs: Math.max(0, mediaMs + byMs) }),
    } as Mark
  })
}

/** What one tap too many must not take back: the limits of a closed part are set right in the editor, never opened by an undo. */
export function isForGood(event: SessionEvent): boolean {
  return event.type === 'closed.began' || event.type === 'closed.ended'
}
