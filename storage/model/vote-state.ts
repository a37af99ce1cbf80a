import type { EventOf, Sense, SessionEvent } from './session-events.ts'
import { type Tally, tallyOf } from './vote-rules.ts'

/** A vote as it stands: opened, counted, proclaimed (R22-R29). */
export interface VoteState {
  vote: string
  item: string
  purpose: EventOf<'vote.opened'>['purpose']
  kind: EventOf<'vote.opened'>['kind']
  majority: EventOf<'vote.opened'>['majority']
  round: 1 | 2
  status: 'open' | 'proclaimed'
  /** Members present and not bound to abstain when the vote opened (R20, R24). */
  voters: string[]
  /** Never filled for a secret vote (R23). */
  ballots: Record<string, Sense>
  tally?: Tally
  outcome?: 'approved' | 'rejected' | 'tie'
  casting?: Sense
  atMediaMs?: number
  events: string[]
}

export function openedVote(event: EventOf<'vote.opened'>, voters: string[]): VoteState {
  return {
    vote: event.vote,
    item: event.item,
    purpose: event.purpose,
    kind: event.kind,
    majority: event.majority,
    round: event.round,
    status: 'open',
    voters,
    ballots: {},
    events: [event.id],
    ...(event.mediaMs === undefined ? {} : { atMediaMs: event.mediaMs }),
  }
}

/** Enters a ballot, a count or the proclamation into its vote; other events are none of its business. */
export function applyToVote(votes: VoteState[], event: SessionEvent): void {
  if (event.type !== 'ballot.cast' && event.type !== 'tally.entered' && event.type !== 'vote.proclaimed') return
  const vote = votes.find((one) => one.vote === event.vote)
  if (!vote) return
  vote.events.push(event.id)
  if (event.type === 'ballot.cast') {
    if (vote.kind !== 'secret') vote.ballots[event.member] = event.sense
    vote.tally = tallyOf(Object.values(vote.ballots))
  } else if (event.type === 'tally.entered') {
    vote.tally = { favour: event.favour, against: event.against, abstain: event.abstain }
  } else {
    vote.status = 'proclaimed'
    vote.outcome = event.outcome
    if (event.casting) vote.casting = event.casting
  }
}
