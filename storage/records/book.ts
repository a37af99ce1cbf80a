import { z } from 'zod'
import { sessionId, sha256Hex } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored } from './stored-json.ts'

/** An acta would leave a gap in the book, or stand where another stands. */
export class BookOrderError extends Error {
  override readonly name = 'BookOrderError'
}

/** An acta in the year's book (R36): each names the hash of the one before. */
export const bookEntry = z.object({
  year: z.int(),
  number: z.int().positive(),
  session: sessionId,
  sha256: sha256Hex,
  /** Of the entry before; of the year's first, 64 zeros or the last of the year before. */
  previousHash: sha256Hex,
})
export type BookEntry = z.infer<typeof bookEntry>

/**
 * Binds an acta into the book; the same again is no error.
 * @throws BookOrderError its number is not the next of the year, or `previousHash` is not the hash of the acta before
 */
export async function putBookEntry(tx: Tx, of: BookEntry): Promise<void> {
  const { previousHash, ...entry } = bookEntry.parse(of)
  await lockList(tx, 'book')
  const bound = await readBook(tx, entry.year)
  const there = bound[entry.number - (bound[0]?.number ?? 1)]
  if (there?.session === entry.session && there.sha256 === entry.sha256 && there.previousHash === previousHash) return
  const last = bound.at(-1)
  // A council that starts with us in the middle of a year goes on from the number its paper book has reached.
  if (last !== undefined && entry.number !== last.number + 1) {
    throw new BookOrderError(`acta ${entry.number} of ${entry.year} came, expected ${last.number + 1}`)
  }
  if (last !== undefined && previousHash !== last.sha256) {
    throw new BookOrderError(`acta ${entry.number} of ${entry.year} names ${previousHash} as the one before it, expected ${last.sha256}`)
  }
  await tx
    .insertInto('book')
    .values({ ...entry, previous_hash: previousHash })
    .execute()
}

/** The actas of a year, by number. */
export async function readBook(tx: Tx, year: number): Promise<BookEntry[]> {
  const rows = await tx.selectFrom('book').selectAll().where('year', '=', year).orderBy('number').execute()
  return rows.map((row) => fromStored(bookEntry, { ...row, previousHash: row.previous_hash }, `the book of ${year}`))
}
