import { z } from 'zod'
import { differenceCode } from '../model/chamber-notes.ts'
import { recorderId, sessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** One thing that journal, receipts and store do not agree on. */
export const reconciliationFinding = z.object({
  code: differenceCode,
  session: sessionId,
  /** Public part of the session's address. */
  slug: z.string(),
  recorder: recorderId.optional(),
  line: z.int().nonnegative().optional(),
  key: z.string().optional(),
  detail: z.string(),
})
export type ReconciliationFinding = z.infer<typeof reconciliationFinding>

/** What a council's store and records were found to hold; `findings` is empty when they agree. */
export const reconciliation = z.object({
  atMs: z.int(),
  sessions: z.int().nonnegative(),
  segments: z.int().nonnegative(),
  objects: z.int().nonnegative(),
  /** Objects whose bytes were read and hashed; of the others name, version and size were looked at. */
  hashed: z.int().nonnegative(),
  /** At most the first 500. */
  findings: z.array(reconciliationFinding),
  findingsTotal: z.int().nonnegative(),
})
export type Reconciliation = z.infer<typeof reconciliation>

export async function putReconciliation(tx: Tx, of: Reconciliation): Promise<void> {
  await tx
    .insertInto('reconciliations')
    .values({ at_ms: of.atMs, document: toJson(reconciliation.parse(of)) })
    .onConflict((on) => on.doNothing())
    .execute()
}

export async function readLastReconciliation(tx: Tx): Promise<Reconciliation | undefined> {
  const row = await tx.selectFrom('reconciliations').select('document').orderBy('at_ms', 'desc').executeTakeFirst()
  return row && fromStored(reconciliation, row.document, 'a reconciliation')
}
