import { z } from 'zod'
import { base64, sha256Hex } from '../model/ids.ts'
import { type JournalLine, journalLine } from '../model/recording.ts'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from './frontier.ts'
import { leafHash } from './merkle-tree.ts'
import { sameBytes } from './sha256.ts'
import { type NoteKey, openNote, signNote } from './signed-note.ts'
import type { NoteSigner } from './signer.ts'
import { headText, parseHeadText, type TreeHead } from './tree-head.ts'

/** Longest journal one recording may have: 48 h of two tracks in 4 s segments, with room for events. */
export const mostJournalLines = 200_000

/** `tree.json`: the heads a recorder signed while it recorded, with their RFC 3161 tokens (contracts.md §2). */
export const treeFile = z.strictObject({
  v: z.literal(1),
  origin: z.string().min(1).max(200),
  size: z.int().nonnegative(),
  root: sha256Hex,
  heads: z
    .array(z.strictObject({ note: z.string().min(1).max(4096), token: base64.max(64_000).optional(), late: z.literal(true).optional() }))
    .max(100_000),
})
export type TreeFile = z.infer<typeof treeFile>

/** `escano/<DIR3>/<session>/<recorder>`: names the tree of one recorder's journal, and the key name of its heads. */
export function treeOrigin(dir3: string, session: string, recorder: string): string {
  return `escano/${dir3}/${session}/${recorder}`
}

/** A journal line as it is hashed and kept: canonical JSON without its line end. */
export function lineBytes(line: JournalLine): Uint8Array<ArrayBuffer> {
  return canonicalJson(line)
}

export function lineLeafHash(line: JournalLine): Uint8Array {
  return leafHash(lineBytes(line))
}

/** `journal.jsonl`: every line ended by LF. */
export function journalBytes(lines: JournalLine[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(lines.map((line) => `${new TextDecoder().decode(lineBytes(line))}\n`).join(''))
}

/** A journal read back: what each line says, and the hash of each as a leaf. */
export interface Journal {
  lines: JournalLine[]
  leafHashes: Uint8Array[]
}

/** @throws JournalError a line is not canonical, not of the journal, or the last has no end; its number stands in the message */
export function parseJournal(bytes: Uint8Array): Journal {
  const journal: Journal = { lines: [], leafHashes: [] }
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from)
    const number = journal.lines.length + 1
    if (to < 0) throw new JournalError(`line ${number} of the journal has no end`)
    if (number > mostJournalLines) throw new JournalError(`the journal has more than ${mostJournalLines} lines`)
    const line = bytes.subarray(from, to)
    try {
      journal.lines.push(journalLine.parse(parseCanonicalJson(line)))
    } catch (cause) {
      throw new JournalError(`line ${number} of the journal is no canonical journal line`, { cause })
    }
    journal.leafHashes.push(leafHash(line))
    from = to + 1
  }
  return journal
}

/** Signs the head of a journal as it stands. */
export async function signHead(tree: Frontier, signer: NoteSigner): Promise<string> {
  return signNote(headText({ origin: signer.name, size: tree.size, root: frontierRoot(tree) }), signer)
}

/**
 * Opens a head that the recorder's key signed for `origin`.
 * @throws NoteMalformedError, NoteUnknownKeyError, NoteSignatureError, TreeHeadError; HeadError of another tree
 */
export async function openHead(note: string, origin: string, publicKeys: Uint8Array[]): Promise<TreeHead> {
  const keys: NoteKey[] = publicKeys.map((publicKey) => ({ name: origin, publicKey }))
  const head = parseHeadText((await openNote(note, keys)).text)
  if (head.origin !== origin) throw new HeadError(`head of ${head.origin}, expected ${origin}`)
  return head
}

/** Walks heads along the leaves, oldest first. @throws HeadError a head shrinks, runs ahead of the leaves, or has another root than they give */
export function expectHeadsAlong(heads: TreeHead[], leafHashes: Uint8Array[]): void {
  let tree = emptyFrontier
  for (const head of heads) {
    if (head.size < tree.size) throw new HeadError(`head of ${head.size} leaves comes after one of ${tree.size}`)
    if (head.size > leafHashes.length) throw new HeadError(`head of ${head.size} leaves, but the journal has ${leafHashes.length}`)
    for (const leaf of leafHashes.slice(tree.size, head.size)) tree = appendLeaf(tree, leaf)
    if (!sameBytes(frontierRoot(tree), head.root))
      throw new HeadError(`head of ${head.size} leaves has another root than the journal gives`)
  }
}

export class JournalError extends Error {
  override readonly name = 'JournalError'
}

export class HeadError extends Error {
  override readonly name = 'HeadError'
}
