import { type Acta, type ActaBlock, acta as actaSchema, type Sentence, sentencesOf } from '../storage/model/acta.ts'
import type { SessionStage } from '../storage/model/session.ts'

/** The acta may not be touched any more: it was frozen for signature (R32-R34). */
export class ActaFrozenError extends Error {
  override readonly name = 'ActaFrozenError'
}

/** What was asked of a sentence cannot be done: it is not there, it has no words, or it is not the secretary's to write. */
export class SentenceRefusedError extends Error {
  override readonly name = 'SentenceRefusedError'
  readonly reason: 'missing' | 'empty' | 'too-long' | 'from-the-vote' | 'agreement-approved'

  constructor(reason: SentenceRefusedError['reason'], sentence: string) {
    super(`sentence ${sentence} of the acta was to be changed: ${reason}`)
    this.reason = reason
  }
}

/** Another person changed the same sentences since they were read; nothing was written. */
export class ReviewConflictError extends Error {
  override readonly name = 'ReviewConflictError'
  /** The sentences as they stand now. */
  readonly current: Sentence[]

  constructor(current: Sentence[]) {
    super(`the acta changed since it was read, in ${current.length} of the sentences that were to be changed`)
    this.current = current
  }
}

const frozenStages: readonly SessionStage[] = ['frozen', 'signed', 'kept', 'published']
const longestSentence = 4000

export function isEditable(stage: SessionStage): boolean {
  return !frozenStages.includes(stage)
}

/** @throws ActaFrozenError */
export function expectEditable(stage: SessionStage): void {
  if (!isEditable(stage)) throw new ActaFrozenError(`the acta was to be changed: its session is ${stage}, expected one not yet frozen`)
}

/** How much of what the machine wrote a person has taken as theirs. Sentences a person wrote count as reviewed. */
export function reviewProgress(of: Pick<Acta, 'blocks'>): { reviewed: number; total: number } {
  const reviewable = of.blocks.flatMap(sentencesOf).filter((one) => one.origin === 'machine' || one.origin === 'person')
  return { reviewed: reviewable.filter((one) => one.acceptedBy !== undefined).length, total: reviewable.length }
}

/**
 * The next version of the acta, in which `by` takes machine sentences as theirs (R32). Those that somebody accepted already stay as
 * they are; when nothing would change, the same acta comes back.
 * @throws SentenceRefusedError a sentence is not there
 */
export function acceptSentences(of: Acta, ids: readonly string[], by: string, atMs: number): Acta {
  expectAll(of, ids)
  return changed(of, (one) =>
    ids.includes(one.id) && one.origin === 'machine' && one.acceptedBy === undefined ? { ...one, acceptedBy: by, acceptedAtMs: atMs } : one,
  )
}

/**
 * The next version of the acta, with one sentence in the secretary's own words. It keeps its sources; whose it was before stands in
 * the version before. `at.other` is the same in the other language of a bilingual acta; without it that column is left without it,
 * since the one it had says something else (R10). Votes say what was marked in the room: they are corrected there. Once the plenary approved the acta, the
 * operative part of an agreement stands (R33).
 * @throws SentenceRefusedError
 */
export function rewriteSentence(
  of: Acta,
  id: string,
  text: string,
  by: string,
  at: { ms: number; stage: SessionStage; other?: string },
): Acta {
  const both = at.other === undefined ? undefined : tidy(at.other) || undefined
  const block = blockOf(of, id)
  const clean = tidy(text)
  if (clean === '') throw new SentenceRefusedError('empty', id)
  if (Math.max(clean.length, both?.length ?? 0) > longestSentence) throw new SentenceRefusedError('too-long', id)
  if (block.kind === 'vote') throw new SentenceRefusedError('from-the-vote', id)
  if (block.kind === 'agreement' && at.stage === 'approved') throw new SentenceRefusedError('agreement-approved', id)
  return changed(of, (one) => {
    if (one.id !== id) return one
    if (one.text === clean && both === one.other)
      return one.acceptedBy === undefined && one.origin === 'machine' ? { ...one, acceptedBy: by, acceptedAtMs: at.ms } : one
    const { other: _stale, ...rest } = one
    return { ...rest, text: clean, ...(both === undefined ? {} : { other: both }), origin: 'person', acceptedBy: by, acceptedAtMs: at.ms }
  })
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

/** The next version of `current` with the content `earlier` had: undoing is a version too, nothing is taken away. */
export function restoreVersion(current: Acta, earlier: Acta): Acta {
  return { ...current, version: current.version + 1, blocks: structuredClone(earlier.blocks) }
}

/**
 * Lets a change made on an older version pass when the sentences it touches still read as they were read.
 * @throws ReviewConflictError
 */
export function expectUnchanged(read: Acta, current: Acta, ids: readonly string[]): void {
  if (read.version === current.version) return
  const now = sentencesById(current)
  const then = sentencesById(read)
  const differing = ids.flatMap((id) => {
    const [before, after] = [then.get(id), now.get(id)]
    return after && (before?.text !== after.text || before.other !== after.other) ? [after] : []
  })
  if (differing.length > 0) throw new ReviewConflictError(differing)
}

function sentencesById(of: Acta): Map<string, Sentence> {
  return new Map(of.blocks.flatMap(sentencesOf).map((one) => [one.id, one]))
}

function expectAll(of: Acta, ids: readonly string[]): void {
  const known = sentencesById(of)
  const missing = ids.find((id) => !known.has(id))
  if (missing !== undefined) throw new SentenceRefusedError('missing', missing)
}

function blockOf(of: Acta, id: string): ActaBlock {
  const found = of.blocks.find((block) => sentencesOf(block).some((one) => one.id === id))
  if (!found) throw new SentenceRefusedError('missing', id)
  return found
}

function changed(of: Acta, change: (one: Sentence) => Sentence): Acta {
  let touched = false
  const blocks = of.blocks.map((block) => {
    const after = sentencesOf(block).map(change)
    if (after.every((one, index) => one === sentencesOf(block)[index])) return block
    touched = true
    return block.kind === 'list' ? { ...block, entries: after } : { ...block, sentences: after }
  })
  return touched ? actaSchema.parse({ ...of, version: of.version + 1, blocks }) : of
}
