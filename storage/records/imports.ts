import { z } from 'zod'
import { recorderId, type SessionId, sessionId, sha256Hex } from '../model/ids.ts'
import { importedRecording } from '../model/imported-recording.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

const person = z.object({ account: z.string(), name: z.string(), role: z.string() })

/** A recording that somebody brought as a file, from when the whole of it was here. */
export const recordingImport = z.object({
  session: sessionId,
  /** Name of the upload (uploads/upload-store.ts). */
  upload: z.uuid(),
  receivedAtMs: z.int(),
  receivedBy: person,
  file: z.object({ name: z.string(), bytes: z.int().positive() }),
  /** The recorder that read the file; its key is destroyed when the server has all. */
  recorder: recorderId.optional(),
  /** SHA-256 of the file, told before its bytes go to the store: from then on they may lie there, and stay. */
  original: sha256Hex.optional(),
  /** Custody statement, once the file was hashed. */
  statement: importedRecording.optional(),
  /** Everything is in the store; file and spool are gone from the disk. */
  delivered: z.boolean().default(false),
  /** Why nothing could be made of it; a person must look. */
  problem: z.string().optional(),
  /** Somebody took it back: nothing is made of it any more. `convenedFor` is the plenary's, Unix ms. */
  withdrawn: z.object({ atMs: z.int(), by: person, convenedFor: z.int() }).optional(),
})
export type RecordingImport = z.infer<typeof recordingImport>

/** SHA-256 of the file, when bytes of it may lie in the store. */
export function originalOf({ original, statement }: RecordingImport): string | undefined {
  return original ?? statement?.file.sha256
}

/** An import was withdrawn: whoever works on it stops. */
export class ImportWithdrawnError extends Error {
  override readonly name = 'ImportWithdrawnError'
}

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

/** Adds to what is known of an import; two who do it at once both keep theirs. @throws ImportWithdrawnError */
export async function changeImport(tx: Tx, session: SessionId, change: Partial<RecordingImport>): Promise<RecordingImport> {
  await tx.selectFrom('imports').select('session').where('session', '=', session).forUpdate().execute()
  const next = { ...(await readStandingImport(tx, session)), ...change }
  await putImport(tx, next)
  return next
}

/** An import that nobody took back: whoever works on one looks here at each step. @throws ImportWithdrawnError */
export async function readStandingImport(tx: Tx, session: SessionId): Promise<RecordingImport> {
  const known = await readImport(tx, session)
  if (known === undefined) throw new Error(`session ${session} has no import`)
  if (known.withdrawn) throw new ImportWithdrawnError(`the import of session ${session} was withdrawn`)
  return known
}

/** Every import of the council, the latest first. */
export async function listImports(tx: Tx): Promise<RecordingImport[]> {
  const rows = await tx.selectFrom('imports').select('document').execute()
  const found = rows.map((row) => fromStored(recordingImport, row.document, 'an import'))
  return found.sort((a, b) => b.receivedAtMs - a.receivedAtMs)
}
