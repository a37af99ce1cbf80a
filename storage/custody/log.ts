import { z } from 'zod'
import { sha256Hex } from '../model/ids.ts'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { leafHash, treeRoot } from './merkle-tree.ts'
import { type NoteKey, openNote, signNote } from './signed-note.ts'
import type { NoteSigner } from './signer.ts'
import { headText, parseHeadText, type TreeHead } from './tree-head.ts'

/** What a council's log records (contracts.md §4). */
export const logEntryKind = z.enum([
  'recording-closed',
  'extract-issued',
  'acta-version',
  'acta-signed',
  'acta-approved',
  'book-entry',
  'certificate',
  'published',
  'withdrawn',
  'restamped',
  'rehashed',
  'key-rotated',
  'restore-drill',
])
export type LogEntryKind = z.infer<typeof logEntryKind>

/** An entry: what happened, when, and to which bytes. `ref` names the session or object; hashes of personal data are salted before they come here. */
export const logEntry = z.strictObject({
  v: z.literal(1),
  time: z.iso.datetime(),
  kind: logEntryKind,
  hashes: z.array(sha256Hex).max(64),
  ref: z.string().min(1).max(256),
})
export type LogEntry = z.infer<typeof logEntry>

/** `escano/<DIR3>`: origin of the council's log and name of its key. */
export function logOrigin(dir3: string): string {
  return `escano/${dir3}`
}

/** Bytes of an entry in the log: its canonical JSON. @throws ZodError */
export function entryBytes(entry: LogEntry): Uint8Array<ArrayBuffer> {
  return canonicalJson(logEntry.parse(entry))
}

/** @throws CanonicalJsonError, ZodError */
export function parseEntry(bytes: Uint8Array): LogEntry {
  return logEntry.parse(parseCanonicalJson(bytes))
}

export function entryLeafHash(entry: LogEntry): Uint8Array {
  return leafHash(entryBytes(entry))
}

/** Signs the head of a log with these entries. */
export async function signCheckpoint(entries: LogEntry[], signer: NoteSigner): Promise<string> {
  return signNote(headText({ origin: signer.name, size: entries.length, root: treeRoot(entries.map(entryLeafHash)) }), signer)
}

/**
 * Opens a checkpoint signed by one of the keys under its own origin.
 * @throws NoteMalformedError, NoteUnknownKeyError, NoteSignatureError, TreeHeadError
 */
export async function openCheckpoint(note: string, keys: NoteKey[]): Promise<TreeHead> {
  const { text, signedBy } = await openNote(note, keys)
  const head = parseHeadText(text)
  if (!signedBy.some((key) => key.name === head.origin)) {
    throw new LogError(`checkpoint of ${head.origin} is signed under another name: ${signedBy.map((key) => key.name).join(', ')}`)
  }
  return head
}

export class LogError extends Error {
  override readonly name = 'LogError'
}
