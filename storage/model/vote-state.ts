import type { EventOf, Sense, SessionEvent } from './session-events.ts'
import { type Outcome, proposedOutcome, type Tally, tallyOf, type VotingNumbers } from './vote-rules.ts'

/** A vote as it stands: opened, counted, proposed by the software, proclaimed by the presidency (R22-R29). */
export interface VoteState {
  vote: string
  item: string
  purpose: EventOf<'vote.opened'>['purpose']
  kind: EventOf<'vote.opened'>['kind']
  majority: EventOf<'vote.opened'>['majority']
  round: 1 | 2
  /** What is voted, where it is not the item's proposal. */
  text?: string
  requestedBy?: string
  status: 'open' | 'proclaimed'
  /** Members present and not bound to abstain (R20). In a nominal vote, in the order of the roll call (R22). */
  voters: string[]
  /** Members gone since the deliberation began, who count as abstaining (R24). */
  absent: string[]
  /** Never filled for a secret vote (R23). */
  ballots: Record<string, Sense>
  /** Votes of those in the room. */
  counted?: Tally
  /** The count as the law reads it: that of the room, and the absent of R24 as abstentions. */
  tally?: Tally
  /** What the counts give, once they are complete; it binds nobody until the presidency proclaims it (R29). */
  proposed?: Outcome
  outcome?: Outcome
  casting?: Sense
  atMediaMs?: number
  events: string[]
}

export function openedVote(event: EventOf<'vote.opened'>, { voters, absent }: { voters: string[]; absent: string[] }): VoteState {
  return {
    vote: event.vote,
    item: event.item,
    purpose: event.purpose,
    kind: event.kind,
    majority: event.majority,
    round: event.round,
    ...(event.text === undefined ? {} : { text: event.text }),
    ...(event.requestedBy === undefined ? {} : { requestedBy: event.requestedBy }),
    status: 'open',
    voters,
    absent,
    ballots: {},
    events: [event.id],
    ...(event.mediaMs === undefined ? {} : { atMediaMs: event.mediaMs }),
  }
}

/** Enters a ballot, a count or the proclamation into its vote; other events are none of its business. */
export function applyToVote(votes: VoteState[], event: SessionEvent, numbers: VotingNumbers): void {
  if (event.type !== 'ballot.cast' && event.type !== 'tally.entered' && event.type !== 'vote.proclaimed') return
  const vote = votes.find((one) => one.vote === event.vote)
  if (!vote) return
  vote.events.push(event.id)
  if (event.type === 'ballot.cast') {
    if (vote.kind !== 'secret') vote.ballots[event.member] = event.sense
    const entered = vote.counted
    count(vote, entered && holdsBallots(entered, vote) ? entered : tallyOf(Object.values(vote.ballots)), numbers)
  } else if (event.type === 'tally.entered') {
    count(vote, { favour: event.favour, against: event.against, abstain: event.abstain }, numbers)
  } else {
    vote.status = 'proclaimed'
    vote.outcome = event.outcome
    if (event.casting) vote.casting = event.casting
  }
}

/** A voter who attends at a distance fell off the line before voting, and is absent; or came back in time and votes (R24, R81). */
export function moveVoter(vote: VoteState, member: string, to: 'absent' | 'voting', numbers: VotingNumbers): void {
  const [from, into] = to === 'absent' ? (['voters', 'absent'] as const) : (['absent', 'voters'] as const)
  if (!vote[from].includes(member) || vote.ballots[member]) return
  vote[from] = vote[from].filter((one) => one !== member)
  vote[into] = [...vote[into], member]
  if (vote.counted) count(vote, vote.counted, numbers)
}

function count(vote: VoteState, counted: Tally, numbers: VotingNumbers): void {
  vote.counted = counted
  vote.tally = { ...counted, abstain: counted.abstain + vote.absent.length }
  if (sumOf(counted) === vote.voters.length) vote.proposed = proposedOutcome(vote.majority, counted, numbers)
  else delete vote.proposed
}

/** A count cannot be smaller than the ballots that are known (R23). */
export function holdsBallots(tally: Tally, vote: Pick<VoteState, 'ballots'>): boolean {
  const known = tallyOf(Object.values(vote.ballots))
  return tally.favour >= known.favour && tally.against >= known.against && tally.abstain >= known.abstain
}

export function sumOf(tally: Tally): number {
  return tally.favour + tally.against + tally.abstain
}
