import { z } from 'zod'
import { itemId, sessionId } from './ids.ts'

/** Where a sentence of the acta was heard or marked (R32): a span of the media line and the utterances in it, or events. */
export const source = z.object({
  fromMs: z.int().nonnegative(),
  toMs: z.int().nonnegative(),
  utterances: z.array(z.string()),
  events: z.array(z.string()),
})
export type Source = z.infer<typeof source>

/** A sentence. `origin` tells who wrote it; machine text binds nobody until `acceptedBy` names a person (R32). */
export const sentence = z.object({
  id: z.string().min(1),
  text: z.string().min(1),
  language: z.enum(['gl', 'es']),
  /** The same in the other official language, where the acta stands in both (R10). What was said in the debate stays as it was said. */
  other: z.string().min(1).optional(),
  origin: z.enum(['template', 'events', 'machine', 'person']),
  sources: z.array(source),
  acceptedBy: z.string().optional(),
  acceptedAtMs: z.int().optional(),
})
export type Sentence = z.infer<typeof sentence>

/** The blocks of law.md §3, in their legal order; each is one leaf of the block tree (contracts.md §3). */
export const actaBlock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('title'), id: z.string(), sentences: z.array(sentence) }),
  z.object({
    kind: z.literal('paragraph'),
    id: z.string(),
    section: z.enum(['opening', 'attendance', 'constitution', 'recording', 'agenda', 'closing']),
    sentences: z.array(sentence),
  }),
  z.object({
    kind: z.literal('list'),
    id: z.string(),
    section: z.enum(['attendance', 'agenda']),
    heading: z.string(),
    otherHeading: z.string().optional(),
    entries: z.array(sentence),
  }),
  z.object({
    kind: z.literal('item'),
    id: z.string(),
    item: itemId,
    number: z.int(),
    heading: z.string(),
    otherHeading: z.string().optional(),
    fromMs: z.int().optional(),
    toMs: z.int().optional(),
  }),
  z.object({
    kind: z.literal('turn'),
    id: z.string(),
    item: itemId,
    speaker: z.string(),
    group: z.string().optional(),
    fromMs: z.int().optional(),
    /** A person said who spoke here, where the evidence did not tell; absent while it is the machine's word. */
    attributedBy: z.string().min(1).optional(),
    attributedAtMs: z.int().optional(),
    sentences: z.array(sentence),
  }),
  z.object({
    kind: z.literal('vote'),
    id: z.string(),
    item: itemId,
    vote: z.string(),
    favour: z.int(),
    against: z.int(),
    abstain: z.int(),
    outcome: z.enum(['approved', 'rejected', 'tie']),
    /** `absent`: gone since the deliberation began, so counted as abstaining (R24). */
    ballots: z.array(z.object({ name: z.string(), sense: z.enum(['favour', 'against', 'abstain']), absent: z.literal(true).optional() })),
    sentences: z.array(sentence),
  }),
  z.object({ kind: z.literal('agreement'), id: z.string(), item: itemId, sentences: z.array(sentence) }),
  z.object({ kind: z.literal('incident'), id: z.string(), item: itemId.optional(), sentences: z.array(sentence) }),
])
export type ActaBlock = z.infer<typeof actaBlock>

/** The acta as a document: R30's content in law.md §3's order. */
export const acta = z.object({
  v: z.literal(1),
  session: sessionId,
  version: z.int().positive(),
  language: z.enum(['gl', 'es']),
  /** ENI document type (NTI): a diligence of a session that was not held (R14); an acta, TD10, where absent. */
  documentType: z.literal('TD12').optional(),
  /** It stands in both official languages, in two columns (ROF 110.1, 201; R10); `language` is the first. */
  bilingual: z.literal(true).optional(),
  blocks: z.array(actaBlock),
  /** Set by the session that approved it (R33). */
  approval: z.object({ session: sessionId, date: z.iso.date(), rectifications: z.string().optional() }).optional(),
})
export type Acta = z.infer<typeof acta>

/** Every sentence of a block, whatever its kind. */
export function sentencesOf(block: ActaBlock): Sentence[] {
  if (block.kind === 'item') return []
  return block.kind === 'list' ? block.entries : block.sentences
}

/** Machine sentences nobody has taken as theirs; while there is one, nothing may be signed (R32). */
export function unaccepted(of: Acta): Sentence[] {
  return of.blocks.flatMap(sentencesOf).filter((one) => one.origin === 'machine' && one.acceptedBy === undefined)
}

/** A diligence stands in the place of an acta: the secretary alone signs it and no session approves it (ROF 109.2; R14). */
export function isNotHeld(of: Pick<Acta, 'documentType'>): boolean {
  return of.documentType === 'TD12'
}
