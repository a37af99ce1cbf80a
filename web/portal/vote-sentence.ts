import type { Language } from '../../storage/model/council.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import { list } from '../words/dates.ts'
import type { PortalWords } from '../words/portal-gl.ts'

/** «Aprobado», «Aprobado por unanimidade», «Rexeitado», «Empate». */
export function outcomeWord(vote: VoteState, words: PortalWords): string {
  const { tally, outcome } = vote
  if (!outcome) return words.noVote
  if (outcome === 'approved' && tally && tally.favour > 0 && tally.against === 0 && tally.abstain === 0) return words.unanimous
  return words.outcome[outcome]
}

/** «14 votos a favor, 1 en contra e 3 abstencións» */
export function tallySentence(vote: VoteState, words: PortalWords, language: Language): string {
  const { tally } = vote
  if (!tally) return ''
  const parts = [
    words.votesFavour(tally.favour),
    ...(tally.against > 0 ? [words.votesAgainst(tally.against)] : []),
    ...(tally.abstain > 0 ? [words.votesAbstain(tally.abstain)] : []),
  ]
  return list(parts, language)
}

/** «Aprobado 14 – 1 – 3», for a list. */
export function shortResult(vote: VoteState, words: PortalWords): string {
  const word = outcomeWord(vote, words)
  const { tally } = vote
  return tally && word !== words.unanimous ? words.shortOutcome(word, tally.favour, tally.against, tally.abstain) : word
}

/** «Aprobado: 14 votos a favor, 1 en contra e 3 abstencións» */
export function resultSentence(vote: VoteState, words: PortalWords, language: Language): string {
  return vote.tally ? `${outcomeWord(vote, words)}: ${tallySentence(vote, words, language)}` : outcomeWord(vote, words)
}

/** The vote that settles an item: the last on the matter itself, else the last of all. */
export function decidingVote(votes: readonly VoteState[]): VoteState | undefined {
  return votes.findLast((vote) => vote.purpose === 'main') ?? votes.at(-1)
}
