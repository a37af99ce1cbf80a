import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored } from './stored-json.ts'
import { objectReference } from './stored-object.ts'

/** What is kept of a session as bytes. Each kind has revisions, and no revision is ever changed. */
export const documentKind = z.enum([
  'master',
  /** The file that an imported recording was brought as. */
  'original',
  'recording-manifest',
  'recording-seal',
  'events',
  'transcript',
  'acta-manifest',
  'acta-blocks',
  'acta-pdf',
  'verify-report',
])
export type DocumentKind = z.infer<typeof documentKind>

export const storedDocument = objectReference.extend({
  kind: documentKind,
  /** Counts from 1 per kind. */
  revision: z.int().positive(),
  sizeBytes: z.int().nonnegative(),
  createdAtMs: z.int(),
})
export type StoredDocument = z.infer<typeof storedDocument>

/** A revision is there with other bytes, or one before it is missing. */
export class DocumentRevisionError extends Error {
  override readonly name = 'DocumentRevisionError'
}

/**
 * Names the next revision of a document; the same bytes under the same revision again are no error.
 * @throws DocumentRevisionError
 */
export async function putDocument(tx: Tx, of: { session: SessionId } & StoredDocument): Promise<void> {
  const { kind, revision, key, version, sha256, sizeBytes, createdAtMs } = storedDocument.parse(of)
  const { session } = of
  await lockList(tx, `documents ${session} ${kind}`)
  const kept = (await readDocuments(tx, session, kind)).at(-1)
  if (kept?.revision === revision && kept.sha256 === sha256) return
  const next = (kept?.revision ?? 0) + 1
  if (revision !== next) throw new DocumentRevisionError(`revision ${revision} of ${kind} of session ${session} came, expected ${next}`)
  await tx
    .insertInto('documents')
    .values({ session, kind, revision, key, version, sha256, size_bytes: sizeBytes, created_at_ms: createdAtMs })
    .execute()
}

/** Documents of a session, or of one kind, the oldest revision first. */
export async function readDocuments(tx: Tx, session: SessionId, kind?: DocumentKind): Promise<StoredDocument[]> {
  const rows = await tx
    .selectFrom('documents')
    .selectAll()
    .where('session', '=', session)
    .$if(kind !== undefined, (of) => of.where('kind', '=', kind ?? ''))
    .orderBy('kind')
    .orderBy('revision')
    .execute()
  return rows.map((row) =>
    fromStored(storedDocument, { ...row, sizeBytes: row.size_bytes, createdAtMs: row.created_at_ms }, `documents of session ${session}`),
  )
}
