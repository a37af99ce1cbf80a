import type { Acta, ActaBlock, Sentence } from '../../storage/model/acta.ts'

/**
 * An acta with each of its sentences beside the same one in the other official language (R10). Blocks and sentences are met by their
 * ids: both drafts come of the same material. What the machine heard has one language, the one it was said in (ROF 86.2).
 */
export function inBothLanguages(first: Acta, second: Acta): Acta {
  const others = new Map(second.blocks.map((block) => [block.id, block]))
  return { ...first, bilingual: true, blocks: first.blocks.map((block) => besideOther(block, others.get(block.id))) }
}

function besideOther(block: ActaBlock, other: ActaBlock | undefined): ActaBlock {
  if (block.kind === 'item') return other?.kind === 'item' ? { ...block, otherHeading: other.heading } : block
  if (block.kind === 'list') {
    if (other?.kind !== 'list') return block
    return { ...block, otherHeading: other.heading, entries: sentencesBeside(block.entries, other.entries) }
  }
  return other && 'sentences' in other ? { ...block, sentences: sentencesBeside(block.sentences, other.sentences) } : block
}

function sentencesBeside(sentences: Sentence[], others: Sentence[]): Sentence[] {
  const byId = new Map(others.map((one) => [one.id, one]))
  return sentences.map((one) => {
    const other = byId.get(one.id)
    return one.origin === 'machine' || other === undefined || other.language === one.language ? one : { ...one, other: other.text }
  })
}
