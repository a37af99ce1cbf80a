import { z } from 'zod'
import { base64, type RecorderId, recorderId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** A recorder this council has enrolled; it is known by its Ed25519 key. */
export const enrolledRecorder = z.object({
  id: recorderId,
  name: z.string().min(1),
  /** Raw public key, 32 bytes. */
  publicKeyBase64: base64,
  revokedAtMs: z.int().optional(),
})
export type EnrolledRecorder = z.infer<typeof enrolledRecorder>

/** Writes a recorder, new, renamed or revoked. */
export async function enrolRecorder(tx: Tx, of: EnrolledRecorder): Promise<void> {
  const { id, name, publicKeyBase64, revokedAtMs } = enrolledRecorder.parse(of)
  const row = { name, public_key: publicKeyBase64, revoked_at_ms: revokedAtMs ?? null }
  await tx
    .insertInto('recorders')
    .values({ id, ...row })
    .onConflict((on) => on.columns(['council_id', 'id']).doUpdateSet(row))
    .execute()
}

export async function readRecorder(tx: Tx, id: RecorderId): Promise<EnrolledRecorder | undefined> {
  const row = await tx.selectFrom('recorders').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toRecorder(row)
}

export async function listRecorders(tx: Tx): Promise<EnrolledRecorder[]> {
  const rows = await tx.selectFrom('recorders').selectAll().orderBy('name').execute()
  return rows.map(toRecorder)
}

function toRecorder(row: { id: string; name: string; public_key: string; revoked_at_ms: number | null }): EnrolledRecorder {
  const { id, name, public_key: publicKeyBase64, revoked_at_ms: revokedAtMs } = row
  return fromStored(enrolledRecorder, withoutNulls({ id, name, publicKeyBase64, revokedAtMs }), `recorder ${id}`)
}
