import { createHash } from 'node:crypto'
import type { CouncilId, SessionId } from '../storage/model/ids.ts'
import { sessionObjectKey } from '../storage/objects/object-keys.ts'
import type { PutOptions, StoredObject } from '../storage/objects/object-store.ts'
import { hashFile } from '../storage/programs/durable-file.ts'
import type { Tx } from '../storage/records/database.ts'
import { type DocumentKind, putDocument, readDocuments, type StoredDocument } from '../storage/records/documents.ts'
import type { Storage } from '../storage/storage.ts'

/** Which session's drawer a document goes to. */
export interface SessionPlace {
  council: CouncilId
  session: SessionId
}

const formats: Partial<Record<DocumentKind, { extension: string; contentType: string }>> = {
  master: { extension: 'mp4', contentType: 'video/mp4' },
  'acta-pdf': { extension: 'pdf', contentType: 'application/pdf' },
  'recording-seal': { extension: 'p7s', contentType: 'application/pkcs7-signature' },
  events: { extension: 'jsonl', contentType: 'application/jsonl' },
}
const json = { extension: 'json', contentType: 'application/json' }

/** A document whose bytes lie in the store and that no record names yet. */
export interface PlacedDocument {
  kind: DocumentKind
  key: string
  version: string
  sha256: string
  sizeBytes: number
}

/** Puts bytes, or the file at a path, into the store under a key that carries their hash. Twice is once. */
export async function placeDocument(
  storage: Storage,
  place: SessionPlace,
  kind: DocumentKind,
  content: Uint8Array | { path: string },
): Promise<PlacedDocument> {
  const { extension, contentType } = formats[kind] ?? json
  const sha256 = content instanceof Uint8Array ? createHash('sha256').update(content).digest('hex') : (await hashFile(content.path)).sha256
  const key = sessionObjectKey(place.council, place.session, kind, sha256, extension)
  const options: PutOptions = { sha256, contentType }
  const stored: StoredObject =
    content instanceof Uint8Array
      ? await storage.objects.put(key, content, options)
      : await storage.objects.putFile(key, content.path, options)
  return { kind, key, version: stored.version, sha256, sizeBytes: stored.sizeBytes }
}

/** Names placed documents in the records, each as the next revision of its kind; one that is the newest already stays as it is. */
export async function recordDocuments(tx: Tx, session: SessionId, placed: readonly PlacedDocument[]): Promise<void> {
  for (const document of placed) {
    const newest = await newestDocument(tx, session, document.kind)
    if (newest?.sha256 === document.sha256) continue
    await putDocument(tx, { session, revision: (newest?.revision ?? 0) + 1, createdAtMs: Date.now(), ...document })
  }
}

export async function newestDocument(tx: Tx, session: SessionId, kind: DocumentKind): Promise<StoredDocument | undefined> {
  return (await readDocuments(tx, session, kind)).at(-1)
}
