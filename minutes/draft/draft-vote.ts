import type { ActaBlock } from '../../storage/model/acta.ts'
import { formalName, fullName, type Member } from '../../storage/model/council.ts'
import type { ItemState } from '../../storage/model/session-state.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import { type DraftMaterial, sentence } from './draft-material.ts'
import type { DraftWords } from './draft-words-gl.ts'

/**
 * A vote as the acta tells it: kind, counts, who voted what, result. Members gone since the deliberation began are in the count as
 * abstaining, so they are named as such and stand among the ballots: counts and names agree (R23, R24).
 */
export function voteBlock(
  id: string,
  item: ItemState['item']['id'],
  vote: VoteState,
  material: DraftMaterial,
  words: DraftWords,
): ActaBlock {
  const { language } = material.session
  const { favour, against, abstain } = vote.tally ?? { favour: 0, against: 0, abstain: 0 }
  const outcome = vote.outcome ?? 'rejected'
  const unanimous = outcome === 'approved' && against === 0 && abstain === 0
  const absent = membersOf(vote.absent, material)
  const texts = [
    words.vote(vote.kind, vote.round),
    words.counts(favour, against, abstain),
    ...(absent.length > 0 ? [words.absentees(absent.map(formalName).join(', '), absent.length)] : []),
    unanimous ? words.unanimous : words.outcome[outcome],
    ...(vote.casting ? [words.casting] : []),
  ]
  const at = vote.atMediaMs ?? 0
  const sources = [{ fromMs: at, toMs: at, utterances: [], events: vote.events }]
  const sentences = texts.map((text, n) => sentence(`${id}.${n + 1}`, text, language, 'events', n === 1 ? sources : []))
  const ballots = ballotsOf(vote, absent, material)
  return { kind: 'vote', id, item, vote: vote.vote, favour, against, abstain, outcome, ballots, sentences }
}

function ballotsOf(vote: VoteState, absent: Member[], material: DraftMaterial): Extract<ActaBlock, { kind: 'vote' }>['ballots'] {
  const cast = Object.entries(vote.ballots).flatMap(([member, sense]) =>
    membersOf([member], material).map((who) => ({ name: fullName(who), sense })),
  )
  // Where only counts were taken no name stands in the table: those of the absent alone would look like all who abstained.
  if (cast.length === 0) return []
  return [...cast, ...absent.map((who) => ({ name: fullName(who), sense: 'abstain' as const, absent: true as const }))]
}

function membersOf(ids: readonly string[], { council }: DraftMaterial): Member[] {
  return ids.flatMap((id) => council.members.find((one) => one.id === id) ?? [])
}
