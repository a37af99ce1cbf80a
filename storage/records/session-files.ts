import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import { type FileEntry, fileEntry } from '../model/session-file.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

export const keptFileEntry = fileEntry.extend({ by: z.string(), atMs: z.int() })
export type KeptFileEntry = z.infer<typeof keptFileEntry>

/** Files a paper in a session's expediente, or takes one back (R8). */
export async function putFileEntry(tx: Tx, session: SessionId, of: FileEntry, by: string): Promise<void> {
  const entry = fileEntry.parse(of)
  await tx
    .insertInto('file_entries')
    .values({ session, id: entry.id, slot: entry.slot, document: toJson(entry), by, at_ms: Date.now() })
    .execute()
}

/** All entries, those taken back too, the oldest first. */
export async function readFileEntries(tx: Tx, session: SessionId): Promise<KeptFileEntry[]> {
  const rows = await tx.selectFrom('file_entries').selectAll().where('session', '=', session).orderBy('at_ms').orderBy('id').execute()
  return rows.map((row) => fromStored(keptFileEntry, { ...Object(row.document), by: row.by, atMs: row.at_ms }, `the file of ${session}`))
}
