import { type Council, fullName, type Member } from '../../storage/model/council.ts'
import { newId, voteId } from '../../storage/model/ids.ts'
import { majorityNeeded } from '../../storage/model/matters.ts'
import type { Session } from '../../storage/model/session.ts'
import { type EventOf, type Sense, type SessionEvent, type Speaker, sessionEvent } from '../../storage/model/session-events.ts'
import { nextAllowed, type Ruling } from '../../storage/model/session-rules.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { Tally } from '../../storage/model/vote-rules.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import type { ControlWords } from '../words/control-gl.ts'
import { attestingMember, floorNow, presidingMember, sessionDay, speakerName } from './room.ts'

type Envelope = 'v' | 'id' | 'session' | 'device' | 'seq' | 'by' | 'at' | 'mediaMs'
type WithoutEnvelope<E> = E extends SessionEvent ? Omit<E, Envelope> : never

/** What a tap says happened, before it has its time and its number. */
export type Mark = WithoutEnvelope<SessionEvent>

export type Roll = Record<string, 'present' | 'excused' | 'absent'>

/** Who presides and who attests, who came, and the opening itself: one tap of «Abrir a sesión». */
export function openingMarks(council: Council, session: Session, state: SessionState, roll: Roll, words: ControlWords): Mark[] {
  const presiding = presidingMember(council, session, state)
  const attesting = attestingMember(council, session, state)
  const capacity = (member: Member) => officeTitle(member, sessionDay(council, session), words)
  return [
    ...(presiding ? [{ type: 'role.taken', role: 'presidency', person: presiding.id, capacity: capacity(presiding) } as const] : []),
    ...(attesting ? [{ type: 'role.taken', role: 'secretary', person: attesting.id, capacity: capacity(attesting) } as const] : []),
    ...council.members.filter((one) => one.legal).map((one): Mark => ({ type: `attendance.${roll[one.id] ?? 'present'}`, member: one.id })),
    { type: 'session.opened', call: session.call },
  ]
}

/** The office as the acta writes it beside the name; the words are those of the session's language. */
function officeTitle(member: Member, day: string, words: ControlWords): string {
  const held = member.roles.find((role) => role.from <= day && (role.until === undefined || day <= role.until))
  if (held?.capacity) return held.capacity
  const titles = words.offices[held?.office ?? 'member']
  return member.treatment === 'Sra.' ? titles[0] : titles[1]
}

/** One tap gives the floor; a tap on who has it takes it back. */
export function floorMark(state: SessionState, speaker: Speaker): Mark {
  if (floorNow(state)?.speaker === speaker) return { type: 'floor.ended', speaker }
  return { type: 'floor.given', speaker, turn: speaker === state.presidency ? 'order' : 'first' }
}

/**
 * The vote that may be opened on the current item, or why none may: the ratification or the urgency that must come first, the main
 * one, a second one after a tie (R5, R26).
 */
export function voteToOpen(state: SessionState, council: Council): { mark: VoteMark | undefined; ruling: Ruling } {
  const current = state.items.find((one) => one.item.id === state.currentItem)?.item
  if (!current) return { mark: undefined, ruling: noItemOpen }
  let refusal: Ruling | undefined
  for (const purpose of ['main', 'ratify-inclusion', 'urgency'] as const) {
    const majority = purpose === 'urgency' ? 'absolute' : purpose === 'main' ? majorityNeeded(current, council) : 'simple'
    for (const round of [2, 1] as const) {
      const mark: VoteMark = {
        type: 'vote.opened',
        vote: voteId.parse(newId()),
        item: current.id,
        purpose,
        kind: 'ordinary',
        majority,
        round,
      }
      const ruling = nextAllowed(state, asEvent(mark), council)
      const needed = purpose === 'main' || isFirst(purpose, current.kind)
      if (ruling.allowed && needed && !isDone(state, mark)) return { mark, ruling }
      if (!ruling.allowed && purpose === 'main' && round === 1) refusal = ruling
    }
  }
  return { mark: undefined, ruling: refusal ?? alreadyVoted }
}

type VoteMark = Extract<Mark, { type: 'vote.opened' }>

const noItemOpen: Ruling = {
  allowed: false,
  requirement: 'R15',
  article: 'ROF 98.1',
  reason: { gl: 'Abra primeiro o punto que se vai votar.', es: 'Abra primero el punto que se va a votar.' },
}

const alreadyVoted: Ruling = {
  allowed: false,
  requirement: 'R27',
  article: 'ROF 98',
  reason: { gl: 'Este punto xa se votou.', es: 'Este punto ya se votó.' },
}

function isFirst(purpose: string, kind: string): boolean {
  return (kind === 'mocion' && purpose === 'urgency') || (kind === 'proposicion' && purpose === 'ratify-inclusion')
}

function isDone(state: SessionState, wanted: VoteMark): boolean {
  return state.votes.some((one) => one.item === wanted.item && one.purpose === wanted.purpose && one.round === wanted.round)
}

/** A mark as the law is asked of it: the rules read what it says, not when nor by whom. */
function asEvent(mark: VoteMark): SessionEvent {
  return sessionEvent.parse({
    ...mark,
    ...{
      v: 1,
      id: newId(),
      session: newId(),
      device: 'question',
      seq: 1,
      by: 'recorder',
      at: { wallMs: 0, monotonicNs: '0', boot: 'question' },
    },
  })
}

/** What the presidency proclaimed: by unanimity every voter's sense is known and kept (R23), else the counts. */
export function proclaimMarks(vote: VoteState, tally: Tally, outcome: 'approved' | 'rejected' | 'tie', casting?: Sense): Mark[] {
  const id = vote.vote as EventOf<'vote.opened'>['vote']
  const unanimous = tally.favour === vote.voters.length && tally.favour > 0
  return [
    ...(unanimous
      ? vote.voters.map(
          (member): Mark => ({ type: 'ballot.cast', vote: id, member: member as EventOf<'ballot.cast'>['member'], sense: 'favour' }),
        )
      : [{ type: 'tally.entered', vote: id, ...tally } as const]),
    { type: 'vote.proclaimed', vote: id, outcome, ...(casting ? { casting } : {}) },
  ]
}

/** The mark that takes others back: a note in their place, nothing is deleted. */
export function undoMarks(events: readonly SessionEvent[], text: string): Mark[] {
  return events.map((event): Mark => ({ type: 'note', text, corrects: event.id }))
}

/** The last thing an act marked, in a few words. */
export function markSentence(
  events: readonly SessionEvent[],
  council: Council,
  state: SessionState,
  words: ControlWords,
  language: 'gl' | 'es',
): string {
  const of = events.find((one) => one.type === 'session.opened' || one.type === 'vote.proclaimed') ?? events[0]
  const name = (id: string) => {
    const member = council.members.find((one) => one.id === id)
    return member ? fullName(member) : ''
  }
  switch (of?.type) {
    case 'session.opened':
      return words.marks.opened
    case 'session.lifted':
      return words.marks.lifted
    case 'item.opened': {
      const item = state.items.find((one) => one.item.id === of.item)?.item
      return item ? words.marks.item(item.number, item.title[language]) : words.marks.other
    }
    case 'floor.given':
      return words.marks.floor(speakerName(of.speaker, council, words))
    case 'floor.ended':
      return words.marks.floorEnded
    case 'vote.opened':
      return words.marks.voteOpened
    case 'vote.proclaimed':
      return words.marks.proclaimed[of.outcome]
    case 'attendance.arrived':
      return words.marks.arrived(name(of.member))
    case 'attendance.left':
      return words.marks.left(name(of.member))
    case 'star':
      return words.marks.star
    default:
      return words.marks.other
  }
}
