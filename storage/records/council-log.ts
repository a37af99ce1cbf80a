import { z } from 'zod'
import { type LogEntry, logEntry } from '../custody/log.ts'
import { base64 } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, toJson, withoutNulls } from './stored-json.ts'

/** Another checkpoint of the log's size is kept. */
export class CheckpointConflictError extends Error {
  override readonly name = 'CheckpointConflictError'
}

export const checkpointRow = z.object({ size: z.int().nonnegative(), note: z.string().min(1), tokenBase64: base64.optional() })
export type CheckpointRow = z.infer<typeof checkpointRow>

/** Adds an entry to the council's log. @returns its index, from 0 without gaps */
export async function appendLogEntry(tx: Tx, entry: LogEntry): Promise<number> {
  await lockList(tx, 'log')
  const index = await countLogEntries(tx)
  await tx
    .insertInto('council_log')
    .values({ index, document: toJson(logEntry.parse(entry)) })
    .execute()
  return index
}

/** How many entries the log has. */
export async function countLogEntries(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('council_log')
    .select((of) => of.fn.max('index').as('last'))
    .executeTakeFirst()
  return typeof row?.last === 'number' ? row.last + 1 : 0
}

/** The entries from index `from` on. */
export async function readLogEntries(tx: Tx, from = 0): Promise<LogEntry[]> {
  const rows = await tx.selectFrom('council_log').select(['index', 'document']).where('index', '>=', from).orderBy('index').execute()
  return rows.map(({ index, document }) => fromStored(logEntry, document, `entry ${index} of the council's log`))
}

/** Keeps a signed checkpoint; the same note again is no error. @throws CheckpointConflictError */
export async function putCheckpoint(tx: Tx, of: CheckpointRow): Promise<void> {
  const { size, note, tokenBase64 } = checkpointRow.parse(of)
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('checkpoints')
    .values({ size, note, token: tokenBase64 ?? null })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 1n) return
  const kept = await tx.selectFrom('checkpoints').select('note').where('size', '=', size).executeTakeFirst()
  if (kept?.note !== note)
    throw new CheckpointConflictError(`another checkpoint of ${size} entries is kept; a log has one head of each size`)
}

/** Every checkpoint, growing. */
export async function readCheckpoints(tx: Tx): Promise<CheckpointRow[]> {
  const rows = await tx.selectFrom('checkpoints').select(['size', 'note', 'token']).orderBy('size').execute()
  return rows.map(({ size, note, token }) =>
    fromStored(checkpointRow, withoutNulls({ size, note, tokenBase64: token }), `checkpoint ${size}`),
  )
}
