import { type RecorderId, recorderId } from '../model/ids.ts'
import { type Rehearsal, rehearsal } from '../model/rehearsal.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** Keeps what a recorder found; the same told twice is once. */
export async function putRehearsal(tx: Tx, recorder: RecorderId, of: Rehearsal): Promise<void> {
  await tx
    .insertInto('rehearsals')
    .values({ recorder, at_ms: of.atMs, document: toJson(rehearsal.parse(of)) })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** The newest of each recorder. */
export async function readLastRehearsals(tx: Tx): Promise<{ recorder: RecorderId; rehearsal: Rehearsal }[]> {
  const rows = await tx
    .selectFrom('rehearsals')
    .select(['recorder', 'document'])
    .distinctOn('recorder')
    .orderBy('recorder')
    .orderBy('at_ms', 'desc')
    .execute()
  return rows.map((row) => ({
    recorder: recorderId.parse(row.recorder),
    rehearsal: fromStored(rehearsal, row.document, `a rehearsal of recorder ${row.recorder}`),
  }))
}
