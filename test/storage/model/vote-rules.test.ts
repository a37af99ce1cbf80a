import { describe, expect, test } from 'vitest'
import { absoluteMajority, favourNeeded, proposedOutcome, quorumNeeded } from '../../../storage/model/vote-rules.ts'
import { absoluteMajorities, quorums } from '../../fixtures/council/legal-numbers.ts'

describe('R13: quorum is a third of the legal number rounded up, never under three', () => {
  test.each([...quorums, [21, 7] as const])('a council of %i needs %i', (legal, needed) => {
    expect(quorumNeeded(legal)).toBe(needed)
  })
})

describe('R25: majorities', () => {
  test.each(absoluteMajorities)('the absolute majority of %i is %i', (legal, needed) => {
    expect(absoluteMajority(legal)).toBe(needed)
  })

  test('two thirds of those in fact are never fewer than the absolute majority of the legal number', () => {
    const none = { favour: 0, against: 0, abstain: 0 }
    expect(favourNeeded('two-thirds', none, { legalNumber: 11, deFactoNumber: 9 })).toBe(6)
    expect(favourNeeded('two-thirds', none, { legalNumber: 13, deFactoNumber: 13 })).toBe(9)
    expect(favourNeeded('two-thirds', none, { legalNumber: 13, deFactoNumber: 8 })).toBe(7)
  })

  test('a simple majority is more in favour than against, whatever abstains', () => {
    const council = { legalNumber: 13, deFactoNumber: 13 }
    expect(proposedOutcome('simple', { favour: 2, against: 1, abstain: 10 }, council)).toBe('approved')
    expect(proposedOutcome('simple', { favour: 5, against: 8, abstain: 0 }, council)).toBe('rejected')
    expect(proposedOutcome('absolute', { favour: 6, against: 1, abstain: 6 }, council)).toBe('rejected')
    expect(proposedOutcome('absolute', { favour: 7, against: 6, abstain: 0 }, council)).toBe('approved')
  })

  test('nobody for and nobody against approves nothing', () => {
    expect(proposedOutcome('simple', { favour: 0, against: 0, abstain: 13 }, { legalNumber: 13, deFactoNumber: 13 })).toBe('rejected')
  })
})

describe('R26: a tie', () => {
  const tied = { favour: 6, against: 6, abstain: 1 }
  const council = { legalNumber: 13, deFactoNumber: 13 }

  test('is a tie until the casting vote settles it', () => {
    expect(proposedOutcome('simple', tied, council)).toBe('tie')
    expect(proposedOutcome('simple', tied, council, 'favour')).toBe('approved')
    expect(proposedOutcome('simple', tied, council, 'against')).toBe('rejected')
  })
})
