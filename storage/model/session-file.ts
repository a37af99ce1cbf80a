import { z } from 'zod'

/** The fixed slots of the expediente of a session (ROF 81.1.a-g), in the order of their letters. */
export const fileSlot = z.enum(['finished-files', 'agenda', 'notifications', 'notice-board', 'acta', 'remittance', 'publication'])
export type FileSlot = z.infer<typeof fileSlot>

/** A paper that somebody filed: what it is and where it is kept, e.g. its number in the register. */
export const fileEntry = z.object({
  id: z.string().min(1),
  slot: fileSlot,
  text: z.string().trim().min(1).max(500),
  /** Set when this entry takes another back: nothing is erased. */
  annuls: z.string().optional(),
})
export type FileEntry = z.infer<typeof fileEntry>

/** What the product itself knows to be in the expediente. */
export interface KnownPapers {
  /** Number of the last convocation issued, which carries the agenda; 0 before. */
  convocations: number
  actaDrafted: boolean
  published: boolean
}

export interface SlotState {
  slot: FileSlot
  /** Letter of ROF 81.1. */
  letter: string
  /** Entries that stand. */
  entries: FileEntry[]
  /** The product holds the paper itself. */
  known: boolean
  complete: boolean
}

/** R8: each slot with what is in it. A slot is complete when a paper stands in it or the product holds one. Pure. */
export function sessionFile(entries: readonly FileEntry[], known: KnownPapers): SlotState[] {
  const annulled = new Set(entries.map((one) => one.annuls))
  const standing = entries.filter((one) => one.annuls === undefined && !annulled.has(one.id))
  const held: Partial<Record<FileSlot, boolean>> = { agenda: known.convocations > 0, acta: known.actaDrafted, publication: known.published }
  return fileSlot.options.map((slot, index) => {
    const inSlot = standing.filter((one) => one.slot === slot)
    const knownHere = held[slot] ?? false
    return { slot, letter: 'abcdefg'[index] ?? '', entries: inSlot, known: knownHere, complete: knownHere || inSlot.length > 0 }
  })
}

/** The slots where nothing is. */
export function fileGaps(file: readonly SlotState[]): FileSlot[] {
  return file.filter((one) => !one.complete).map((one) => one.slot)
}
