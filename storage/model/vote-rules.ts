import type { Majority } from './session.ts'
import type { Sense } from './session-events.ts'

export interface Tally {
  favour: number
  against: number
  abstain: number
}

/** What majorities are counted by: members the body has by law, and in fact (LBRL 47.1; R25). */
export interface VotingNumbers {
  legalNumber: number
  deFactoNumber: number
}

export type Outcome = 'approved' | 'rejected' | 'tie'

/** Members needed for a valid session: a third of the legal number rounded up, never under three (LBRL 46.2.c; R13). */
export function quorumNeeded(legalNumber: number): number {
  return Math.max(3, Math.ceil(legalNumber / 3))
}

/** More than half of the legal number (LBRL 47.2; R25). */
export function absoluteMajority(legalNumber: number): number {
  return Math.floor(legalNumber / 2) + 1
}

/** Votes in favour that a matter needs; for a simple majority, one more than those against (R25). */
export function favourNeeded(majority: Majority, tally: Tally, council: VotingNumbers): number {
  switch (majority) {
    case 'simple':
      return tally.against + 1
    case 'absolute':
      return absoluteMajority(council.legalNumber)
    case 'two-thirds':
      return Math.max(Math.ceil((council.deFactoNumber * 2) / 3), absoluteMajority(council.legalNumber))
  }
}

/**
 * The outcome the software proposes; the presidency proclaims it (R29). A tie in the first round asks for a second vote; in the
 * second the presidency's casting vote settles it (ROF 100.2; R26).
 */
export function proposedOutcome(majority: Majority, tally: Tally, council: VotingNumbers, casting?: Sense): Outcome {
  if (majority === 'simple' && tally.favour === tally.against && tally.favour > 0) {
    if (casting === 'favour') return 'approved'
    return casting === 'against' ? 'rejected' : 'tie'
  }
  return tally.favour >= favourNeeded(majority, tally, council) ? 'approved' : 'rejected'
}

/** Counts of the ballots cast. */
export function tallyOf(ballots: Iterable<Sense>): Tally {
  const tally: Tally = { favour: 0, against: 0, abstain: 0 }
  for (const sense of ballots) tally[sense]++
  return tally
}
