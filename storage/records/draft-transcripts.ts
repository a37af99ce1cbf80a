import { type DraftTurn, draftTurn } from '../model/draft-transcript.ts'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { readStage } from './sessions.ts'
import { fromStored, toJson } from './stored-json.ts'

/** Keeps what was recognised in a chunk while the session runs; what is there stays. @returns whether it was kept: not once it is over */
export async function putDraftTurn(tx: Tx, session: SessionId, of: DraftTurn): Promise<boolean> {
  if ((await readStage(tx, session)) !== 'recording') return false
  const { key, fromMs } = draftTurn.parse(of)
  await tx
    .insertInto('draft_transcripts')
    .values({ session, key, from_ms: fromMs, document: toJson(of) })
    .onConflict((on) => on.doNothing())
    .execute()
  return true
}

/** The newest turns of a session's draft, in their order. */
export async function readDraftTurns(tx: Tx, session: SessionId, most: number): Promise<DraftTurn[]> {
  const rows = await tx
    .selectFrom('draft_transcripts')
    .select('document')
    .where('session', '=', session)
    .orderBy('from_ms', 'desc')
    .limit(most)
    .execute()
  return rows.reverse().map((row) => fromStored(draftTurn, row.document, `draft of session ${session}`))
}

/** Names of the chunks that are in a session's draft. */
export async function readDraftKeys(tx: Tx, session: SessionId): Promise<Set<string>> {
  const rows = await tx.selectFrom('draft_transcripts').select('key').where('session', '=', session).execute()
  return new Set(rows.map((row) => row.key))
}

/** The transcript is there: nobody needs the draft any more. */
export async function removeDraft(tx: Tx, session: SessionId): Promise<void> {
  await tx.deleteFrom('draft_transcripts').where('session', '=', session).execute()
}
