import { z } from 'zod'
import type { WithheldSpan } from './closed-parts.ts'
import { sha256Hex } from './ids.ts'
import { isWithheld, withheldSpans } from './public-view.ts'
import type { SegmentLine } from './recording.ts'
import type { SessionState } from './session-state.ts'
import { type Utterance, utterance } from './transcript.ts'

const ms = z.int().nonnegative()

/**
 * What was recognised in one chunk while the session still ran: a draft, by a machine, reviewed by nobody. It lies apart from the
 * transcript, so that nothing that signs, publishes or exports can take it for one; the final pass writes version 1 and removes it.
 */
export const draftTurn = z.object({
  draft: z.literal(true),
  /** Name of the chunk's checkpoint: where the final pass has the same, it is not recognised again. */
  key: sha256Hex,
  fromMs: ms,
  toMs: ms,
  engine: z.object({ name: z.string().min(1), build: z.string().min(1) }),
  model: z.object({ name: z.string().min(1), sha256: sha256Hex }),
  utterances: z.array(utterance),
})
export type DraftTurn = z.infer<typeof draftTurn>

/** A draft is made and shown of sound at least this old: the tap that closes the session may come so late (design.md §2). */
export const draftDelayMs = 30_000

type Told = Pick<SessionState, 'events' | 'recesses'>

/** Where the session was opened, on the media line; Infinity before. What was said earlier is of no session. */
export function openedMsOf({ events }: Pick<Told, 'events'>): number {
  return events.find((one) => one.type === 'session.opened')?.mediaMs ?? Number.POSITIVE_INFINITY
}

/**
 * The places that no draft hears: closed parts with their margins, and recesses.
 * @param segments place a tap that carries no media time
 */
export function unheardByDrafts(state: Told, segments: readonly SegmentLine[]): WithheldSpan[] {
  const recesses = state.recesses.map((one) => ({ fromMs: one.fromMs, toMs: one.toMs ?? Number.POSITIVE_INFINITY }))
  return [...withheldSpans(state.events, segments), ...recesses]
}

/** The places of which no draft shows a word: those, and what was said before the session was opened. */
export function hiddenFromDrafts(state: Told, segments: readonly SegmentLine[]): WithheldSpan[] {
  const openedMs = openedMsOf(state)
  return [...(openedMs > 0 ? [{ fromMs: 0, toMs: openedMs - 1 }] : []), ...unheardByDrafts(state, segments)]
}

/** The last of a draft's utterances that have words, in the order they were said; none that touches a hidden span. */
export function lastDrafted(turns: readonly DraftTurn[], hidden: readonly WithheldSpan[], most: number): Utterance[] {
  return turns
    .flatMap((turn) => turn.utterances)
    .filter((one) => one.words.length > 0 && !isWithheld(one.fromMs, one.toMs, hidden))
    .sort((a, b) => a.fromMs - b.fromMs)
    .slice(-most)
}
