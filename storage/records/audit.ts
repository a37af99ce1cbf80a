import { z } from 'zod'
import type { Tx } from './database.ts'
import { fromStored } from './stored-json.ts'

/** Who did what to what, and how it ended. No personal data beyond the account's id. */
export const auditEntry = z.object({ by: z.string(), action: z.string(), object: z.string(), result: z.string() })
export type AuditEntry = z.infer<typeof auditEntry>

export async function writeAudit(tx: Tx, of: AuditEntry): Promise<void> {
  const { by, action, object, result } = auditEntry.parse(of)
  await tx.insertInto('audit').values({ at_ms: Date.now(), by, action, object, result }).execute()
}

/** The latest entries, the newest first. */
export async function readAudit(tx: Tx, limit = 100): Promise<(AuditEntry & { atMs: number })[]> {
  const rows = await tx.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ ...fromStored(auditEntry, row, 'the audit'), atMs: row.at_ms }))
}

/** Whether something was done to an object already, whoever did it. */
export async function isAudited(tx: Tx, object: string): Promise<boolean> {
  return (await tx.selectFrom('audit').select('id').where('object', '=', object).limit(1).executeTakeFirst()) !== undefined
}
