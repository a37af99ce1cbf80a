import type { ActaBlock, Sentence } from '../../storage/model/acta.ts'
import { type Council, formalName, type Member } from '../../storage/model/council.ts'
import type { ItemState } from '../../storage/model/session-state.ts'
import { type Transcript, type Utterance, utteranceText } from '../../storage/model/transcript.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import { type DraftMaterial, note, sentence } from './draft-material.ts'
import { voteBlock } from './draft-vote.ts'
import type { DraftWords } from './draft-words-gl.ts'
import { recessesOf } from './recesses.ts'

/** Blocks of one item: heading, debate by speaker, votes, agreement (law.md §3.7). */
export function draftItem(state: ItemState, material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { item, spans } = state
  const id = `item-${item.number}`
  const [first] = spans
  const last = spans.at(-1)
  const language = material.session.language
  const heading: ActaBlock = {
    kind: 'item',
    id,
    item: item.id,
    number: item.number,
    heading: item.title[language],
    ...(first ? { fromMs: first.fromMs } : {}),
    ...(last?.toMs === undefined ? {} : { toMs: last.toMs }),
  }
  const turns = debateTurns(state, material, words)
  const votes = material.state.votes.filter((vote) => vote.item === item.id && vote.status === 'proclaimed')
  const ended = endOf(state, turns.length === 0 && votes.length === 0, words)
  const incidents = material.state.incidents.filter((one) => one.item === item.id)
  const recesses = recessesOf(material, words).filter((one) => one.item === item.id)
  return [
    heading,
    ...boundToAbstain(item.id, material).map((who, n) => note(`${id}-bound-${n + 1}`, item.id, words.bound(formalName(who)), material)),
    ...turns,
    ...[...recesses, ...incidents].map((one, n) => note(`${id}-incident-${n + 1}`, item.id, one.text, material)),
    ...votes.map((vote, n) => voteBlock(`${id}-vote-${n + 1}`, item.id, vote, material, words)),
    ...(ended === undefined ? [] : [note(`${id}-end`, item.id, ended, material)]),
    ...agreement(id, state, votes, material, words),
  ]
}

/** How an item ended where it was not by its own vote. */
function endOf({ status, item }: ItemState, silent: boolean, words: DraftWords): string | undefined {
  if (status === 'withdrawn') return words.withdrawn
  if (status === 'postponed') return words.postponed
  if (!silent) return undefined
  if (status === 'pending') return words.notReached
  return item.kind === 'rogos-e-preguntas' ? words.noQuestions : words.noInterventions
}

/** Who left the room for the item by a legal duty to abstain: no abstention in its votes (ROF 96; R20). */
function boundToAbstain(item: string, { council, state }: DraftMaterial): Member[] {
  const bound = new Set(state.events.flatMap((event) => (event.type === 'abstention.began' && event.item === item ? [event.member] : [])))
  return council.members.filter((one) => bound.has(one.id))
}

/** Interventions of members, one block a turn; the presidency's and the secretary's handling of the debate is no opinion. */
function debateTurns(state: ItemState, material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { council, transcript, state: session } = material
  if (!transcript) return []
  const blocks: Extract<ActaBlock, { kind: 'turn' }>[] = []
  let previous: string | undefined
  for (const utterance of utterancesIn(state, transcript)) {
    const member = memberOf(council, utterance.speaker.id)
    const text = utteranceText(utterance)
    const conducts = member !== undefined && (member.id === session.presidency || !member.legal)
    const key = member?.id ?? utterance.speaker.id
    if (conducts || text === '') {
      previous = conducts ? undefined : previous
      continue
    }
    if (key !== previous || !blocks.at(-1)) {
      const group = council.groups.find((one) => one.id === member?.group)
      blocks.push({
        kind: 'turn',
        id: `item-${state.item.number}-turn-${blocks.length + 1}`,
        item: state.item.id,
        speaker: member ? formalName(member) : words.unknownSpeaker,
        fromMs: utterance.fromMs,
        sentences: [],
        ...(group ? { group: group.short } : {}),
      })
    }
    previous = key
    const block = blocks.at(-1)
    block?.sentences.push(heard(`${block.id}.${block.sentences.length + 1}`, utterance, text))
  }
  return blocks
}

function heard(id: string, utterance: Utterance, text: string): Sentence {
  const source = { fromMs: utterance.fromMs, toMs: utterance.toMs, utterances: [utterance.id], events: [] }
  return sentence(id, text, utterance.language, 'machine', [source])
}

function utterancesIn(state: ItemState, transcript: Transcript): Utterance[] {
  const within = (atMs: number) => state.spans.some((span) => atMs >= span.fromMs && (span.toMs === undefined || atMs < span.toMs))
  return transcript.utterances.filter((one) => within((one.fromMs + one.toMs) / 2))
}

/** The member behind a speaker key of the transcript: the key itself, or the seat's occupant. */
function memberOf(council: Council, speaker: string): Member | undefined {
  const seat = /^seat-(\d+)$/.exec(speaker)?.[1]
  const occupant = council.seats.find((one) => String(one.seat) === seat)?.member
  return council.members.find((one) => one.speaker === speaker || one.id === speaker || one.id === occupant)
}

function agreement(id: string, state: ItemState, votes: VoteState[], material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const main = votes.findLast((vote) => vote.purpose === 'main')
  const text = state.item.proposal?.[material.session.language]
  if (main?.outcome !== 'approved' || !text) return []
  const language = material.session.language
  const sentences = [
    sentence(`${id}-agreement.1`, words.agreement(material.session.body), language, 'template'),
    sentence(`${id}-agreement.2`, text, language, 'events'),
  ]
  return [{ kind: 'agreement', id: `${id}-agreement`, item: state.item.id, sentences }]
}
