import { type Acta, type ActaBlock, type Sentence, sentencesOf } from '../../storage/model/acta.ts'
import type { ItemState } from '../../storage/model/session-state.ts'

/** A stretch of the acta that is reviewed at once: what comes before the first item, an item, what comes after the last. */
export interface ActaSection {
  /** Stands in the address: `inicio`, `3`, `peche`. */
  key: string
  number?: number
  heading?: string
  item?: string
  blocks: ActaBlock[]
}

/** The acta cut at its items, in its own order. */
export function actaSections(of: Pick<Acta, 'blocks'>): ActaSection[] {
  const sections: ActaSection[] = [{ key: 'inicio', blocks: [] }]
  for (const block of of.blocks) {
    if (block.kind === 'item') {
      sections.push({ key: String(block.number), number: block.number, heading: block.heading, item: block.item, blocks: [] })
      continue
    }
    const last = sections.at(-1)
    if (last?.number !== undefined && block.kind === 'paragraph') sections.push({ key: 'peche', blocks: [block] })
    else last?.blocks.push(block)
  }
  return sections
}

/** Machine sentences of a section nobody has taken as theirs. */
export function waitingOf(section: ActaSection): Sentence[] {
  return section.blocks.flatMap(sentencesOf).filter((one) => one.origin === 'machine' && one.acceptedBy === undefined)
}

/** The section an address names; without a name, the first that waits for the secretary. */
export function chosenSection(sections: readonly ActaSection[], key: string | undefined): ActaSection | undefined {
  return sections.find((one) => one.key === key) ?? sections.find((one) => waitingOf(one).length > 0) ?? sections[0]
}

/** Key of the section that tells a place of the recording, ms; undefined between items, where it is not known. */
export function sectionAt(sections: readonly ActaSection[], items: readonly ItemState[], ms: number): string | undefined {
  const open = items.find(({ spans }) => spans.some((span) => span.fromMs <= ms && (span.toMs === undefined || ms < span.toMs)))
  const early = items.every(({ spans }) => spans.every((span) => ms < span.fromMs))
  return early ? sections[0]?.key : sections.find((one) => open && one.item === open.item.id)?.key
}

/** Where a sentence is heard first, on the media line, ms; undefined when nothing of it has a sound. */
export function soundOf(sentence: Sentence): number | undefined {
  const heard = sentence.sources.filter((one) => one.utterances.length > 0 || one.toMs > one.fromMs)
  return heard.length === 0 ? undefined : Math.min(...heard.map((one) => one.fromMs))
}
