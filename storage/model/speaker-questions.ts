import type { Acta, Sentence } from './acta.ts'
import type { Transcript, Utterance } from './transcript.ts'

/** A sentence of a turn of the acta of which the evidence does not tell who said it, and nobody has said so yet. */
export interface SpeakerQuestion {
  sentence: Sentence
  /** Who the turn has now, as the acta writes it. */
  speaker: string
  fromMs: number
  toMs: number
  heard: Utterance['speaker']
  /** The questions that follow at once in the same turn, by their sentences. */
  following: string[]
}

/** Below this a person says who it was (study-transcriber.md §7). */
const sureEnough = 0.8

export function isUncertain({ id, confidence, review }: Utterance['speaker']): boolean {
  return review !== undefined || id === 'unknown' || confidence < sureEnough
}

/**
 * Who speaks here? The questions an acta still has for a person, in its order: sources that disagreed, or of which none was sure. Answered,
 * a turn says who answered (`attributedBy`) and is not asked for again.
 */
export function speakerQuestions(of: Pick<Acta, 'blocks'>, transcript: Transcript | undefined): SpeakerQuestion[] {
  const utterances = new Map((transcript?.utterances ?? []).map((one) => [one.id, one]))
  return of.blocks.flatMap((block) => {
    if (block.kind !== 'turn' || block.attributedBy !== undefined) return []
    const asked = block.sentences.map((sentence): SpeakerQuestion | undefined => {
      const heard = sentence.sources.flatMap((source) => source.utterances.flatMap((id) => utterances.get(id) ?? []))
      const uncertain = heard.find((one) => isUncertain(one.speaker))
      if (!uncertain) return undefined
      const [fromMs, toMs] = [Math.min(...heard.map((one) => one.fromMs)), Math.max(...heard.map((one) => one.toMs))]
      return { sentence, speaker: block.speaker, fromMs, toMs, heard: uncertain.speaker, following: [] }
    })
    return asked.flatMap((one, at) => {
      if (!one) return []
      const end = asked.findIndex((later, i) => i > at && later === undefined)
      const after = asked.slice(at + 1, end === -1 ? undefined : end)
      return [{ ...one, following: after.flatMap((later) => (later ? [later.sentence.id] : [])) }]
    })
  })
}
