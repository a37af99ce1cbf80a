import type { EditorWords } from '../words/editor-gl.ts'
import type { ReviewOutcome } from './review-way.ts'

/** Why something was not done, or why nothing can be. */
export function refusalOf(
  { outcome }: { outcome?: Exclude<ReviewOutcome, { kind: 'done' }> },
  of: { editable: boolean; stage: string; role: string; words: EditorWords },
): string | undefined {
  if (outcome?.kind === 'refused') return of.words.refusals[outcome.reason]
  if (outcome?.kind === 'frozen') return of.words.frozen
  if (outcome?.kind === 'stale') return of.words.conflict
  if (of.role !== 'secretary') return of.words.readOnly
  if (!of.editable) return of.words.frozen
  return of.stage === 'approved' ? of.words.approvedHelp : undefined
}
