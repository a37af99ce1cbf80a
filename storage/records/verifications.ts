import { z } from 'zod'
import type { Verification } from '../custody/trust.ts'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** What `verify` answered, as a record keeps it. */
export const verification: z.ZodType<Verification> = z.object({
  authentic: z.boolean(),
  trust: z.enum(['installation', 'demo', 'file', 'none']),
  checks: z.array(z.object({ code: z.string(), ok: z.boolean(), detail: z.string() })),
})

/** Keeps the latest answer of `verify` on a session. */
export async function putVerification(tx: Tx, session: SessionId, answer: Verification, atMs: number): Promise<void> {
  const row = { document: toJson(verification.parse(answer)), at_ms: atMs }
  await tx
    .insertInto('verifications')
    .values({ session, ...row })
    .onConflict((on) => on.columns(['council_id', 'session']).doUpdateSet(row))
    .execute()
}

export async function readVerification(tx: Tx, session: SessionId): Promise<(Verification & { atMs: number }) | undefined> {
  const row = await tx.selectFrom('verifications').select(['document', 'at_ms']).where('session', '=', session).executeTakeFirst()
  return row && { ...fromStored(verification, row.document, `the verification of session ${session}`), atMs: row.at_ms }
}
