import { z } from 'zod'
import { recorderId, type SessionId, sessionId } from '../model/ids.ts'
import { importedRecording } from '../model/imported-recording.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** A recording that somebody brought as a file, from when the whole of it was here. */
export const recordingImport = z.object({
  session: sessionId,
  /** Name of the upload (uploads/upload-store.ts). */
  upload: z.uuid(),
  receivedAtMs: z.int(),
  receivedBy: z.object({ account: z.string(), name: z.string(), role: z.string() }),
  file: z.object({ name: z.string(), bytes: z.int().positive() }),
  /** The recorder that read the file; its key is destroyed when the server has all. */
  recorder: recorderId.optional(),
  /** Custody statement, once the file was hashed. */
  statement: importedRecording.optional(),
  /** Everything is in the store; file and spool are gone from the disk. */
  delivered: z.boolean().default(false),
  /** Why nothing could be made of it; a person must look. */
  problem: z.string().optional(),
})
export type RecordingImport = z.infer<typeof recordingImport>

/** Writes how far an import has come. */
export async function putImport(tx: Tx, of: RecordingImport): Promise<void> {
  const document = toJson(recordingImport.parse(of))
  await tx
    .insertInto('imports')
    .values({ session: of.session, document })
    .onConflict((on) => on.columns(['council_id', 'session']).doUpdateSet({ document }))
    .execute()
}

export async function readImport(tx: Tx, session: SessionId): Promise<RecordingImport | undefined> {
  const row = await tx.selectFrom('imports').select('document').where('session', '=', session).executeTakeFirst()
  return row && fromStored(recordingImport, row.document, `import of session ${session}`)
}

/** Every import of the council, the latest first. */
export async function listImports(tx: Tx): Promise<RecordingImport[]> {
  const rows = await tx.selectFrom('imports').select('document').execute()
  const found = rows.map((row) => fromStored(recordingImport, row.document, 'an import'))
  return found.sort((a, b) => b.receivedAtMs - a.receivedAtMs)
}
