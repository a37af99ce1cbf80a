import type { Council } from '../../storage/model/council.ts'
import { newId, voteId } from '../../storage/model/ids.ts'
import { nextVote } from '../../storage/model/law/next-vote.ts'
import { nominalOrder } from '../../storage/model/law/nominal-order.ts'
import { majorityNeeded } from '../../storage/model/matters.ts'
import type { Session } from '../../storage/model/session.ts'
import type { EventOf, Sense } from '../../storage/model/session-events.ts'
import { nextAllowed, type Ruling } from '../../storage/model/session-rules.ts'
import { type SessionState, sessionState } from '../../storage/model/session-state.ts'
import type { Tally } from '../../storage/model/vote-rules.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import { type Mark, undoMarks } from './marks.ts'

export type VotePurpose = VoteState['purpose']
export type VoteKind = VoteState['kind']
type ItemId = EventOf<'item.opened'>['item']
type VoteId = EventOf<'vote.opened'>['vote']
type VoteMark = Extract<Mark, { type: 'vote.opened' }>
type VoteAnswer = { mark: VoteMark | undefined; ruling: Ruling }

/** Which majority a purpose asks for (R5, R17, R25). */
function majorityOf(purpose: VotePurpose, own: VoteMark['majority']): VoteMark['majority'] {
  if (purpose === 'main') return own
  return purpose === 'urgency' || purpose === 'secret-debate' ? 'absolute' : 'simple'
}

/** The vote that comes next on the current item, or why none may be opened (R5, R22, R25, R26). */
export function voteToOpen(state: SessionState, council: Council): VoteAnswer {
  const due = nextVote(state, council, voteId.parse(newId()))
  return { mark: due.ruling.allowed ? due.content : undefined, ruling: due.ruling }
}

/** A vote of one purpose on the current item, of the kind that was decided for it. */
export function voteOf(state: SessionState, council: Council, purpose: VotePurpose, wanted?: VoteKind): VoteAnswer {
  const current = state.items.find((one) => one.item.id === state.currentItem)?.item
  if (!current) return { mark: undefined, ruling: noItemOpen }
  const kind = wanted ?? decidedKind(state, current.id, purpose)
  let refusal: Ruling | undefined
  for (const round of [2, 1] as const) {
    const mark: VoteMark = {
      type: 'vote.opened',
      vote: voteId.parse(newId()),
      item: current.id,
      purpose,
      kind,
      majority: majorityOf(purpose, majorityNeeded(current, council)),
      round,
    }
    const ruling = nextAllowed(state, mark, council)
    const first = purpose !== 'urgency' && purpose !== 'ratify-inclusion' ? true : isFirst(purpose, current.kind)
    if (ruling.allowed && first && !isDone(state, mark)) return { mark, ruling }
    if (!ruling.allowed && round === 1) refusal = ruling
  }
  return { mark: undefined, ruling: refusal ?? alreadyVoted }
}

/** A nominal vote was asked for and approved on this item (R22): the main vote is held so. */
function decidedKind(state: SessionState, item: string, purpose: VotePurpose): VoteKind {
  const nominal = state.votes.some((one) => one.item === item && one.purpose === 'nominal-request' && one.outcome === 'approved')
  return purpose === 'main' && nominal ? 'nominal' : 'ordinary'
}

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

function isFirst(purpose: VotePurpose, kind: string): boolean {
  return ((kind === 'mocion' || kind === 'urgency') && purpose === 'urgency') || (kind === 'proposicion' && purpose === 'ratify-inclusion')
}

function isDone(state: SessionState, wanted: VoteMark): boolean {
  return state.votes.some((one) => one.item === wanted.item && one.purpose === wanted.purpose && one.round === wanted.round)
}

/** The open vote taken back, and another kind or purpose opened in its place; what the law says when it may not be. */
export function reopenMarks(
  of: { state: SessionState; council: Council; session: Session },
  open: VoteState,
  wanted: { purpose: VotePurpose; kind: VoteKind },
  note: string,
): { marks: Mark[]; ruling: Ruling } {
  const taken = of.state.events.filter((one) => open.events.includes(one.id))
  const without = sessionState(
    of.state.events.filter((one) => !open.events.includes(one.id)),
    of.council,
    of.session,
  )
  const { mark, ruling } = voteOf(without, of.council, wanted.purpose, wanted.kind)
  return { marks: mark ? [...undoMarks(taken, note), mark] : [], ruling }
}

export type Senses = Readonly<Record<string, Sense>>

/** What the presidency proclaimed: who voted what is kept wherever it is known, and never of a secret vote (R23). */
export function proclaimMarks(
  vote: VoteState,
  counted: { tally: Tally; senses: Senses },
  outcome: 'approved' | 'rejected' | 'tie',
  casting?: Sense,
): Mark[] {
  const id = vote.vote as VoteId
  const unanimous = counted.tally.favour === vote.voters.length && counted.tally.favour > 0
  const sense = (member: string) => counted.senses[member] ?? (unanimous ? 'favour' : undefined)
  const known = vote.kind !== 'secret' && vote.voters.every((member) => sense(member) !== undefined)
  const counts: Mark[] = known
    ? vote.voters
        .filter((member) => vote.ballots[member] !== sense(member))
        .map(
          (member): Mark => ({
            type: 'ballot.cast',
            vote: id,
            member: member as EventOf<'ballot.cast'>['member'],
            sense: sense(member) as Sense,
          }),
        )
    : [{ type: 'tally.entered', vote: id, ...counted.tally }]
  const left = outcome === 'approved' ? leavingOf(vote) : []
  return [...counts, { type: 'vote.proclaimed', vote: id, outcome, ...(casting ? { casting } : {}) }, ...left]
}

/** What the plenary agreed of the item itself happens with the proclamation: it stays on the table, or is withdrawn (R19). */
function leavingOf({ purpose, item, vote }: VoteState): Mark[] {
  const why = { item: item as ItemId, ground: 'vote', vote: vote as VoteId } as const
  if (purpose === 'postpone') return [{ type: 'item.postponed', ...why }]
  return purpose === 'withdraw' ? [{ type: 'item.withdrawn', ...why }] : []
}

/** Surname order, the presidency last (ROF 101; R22). */
export function rollCallOrder(vote: VoteState, council: Council, state: SessionState): string[] {
  return nominalOrder(vote.voters, council, state.presidency)
}
