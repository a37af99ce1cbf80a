import { hiddenFromDrafts, lastDrafted } from '../storage/model/draft-transcript.ts'
import type { SessionId } from '../storage/model/ids.ts'
import type { SegmentLine } from '../storage/model/recording.ts'
import type { SessionState } from '../storage/model/session-state.ts'
import type { Utterance } from '../storage/model/transcript.ts'
import type { Tx } from '../storage/records/database.ts'
import { readDraftTurns } from '../storage/records/draft-transcripts.ts'

/** Turns that are looked at, and utterances that are shown: a few lines, the last three minutes at most. */
const [lookedAt, shown, recentMs] = [16, 4, 180_000]

/**
 * The last lines of the draft of a session that runs, by the events that are there now: a tap that comes late takes back what was drafted.
 * @param of.untilMs nothing later is shown; all when absent
 */
export async function readLastDrafted(
  tx: Tx,
  session: SessionId,
  of: { state: SessionState; segments: readonly SegmentLine[]; untilMs?: number },
): Promise<Utterance[]> {
  const turns = await readDraftTurns(tx, session, lookedAt)
  const untilMs = Math.min(of.untilMs ?? Number.POSITIVE_INFINITY, turns.at(-1)?.toMs ?? 0)
  const hidden = [
    ...hiddenFromDrafts(of.state, of.segments),
    { fromMs: untilMs + 1, toMs: Number.POSITIVE_INFINITY },
    { fromMs: 0, toMs: untilMs - recentMs },
  ]
  return lastDrafted(turns, hidden, shown)
}
