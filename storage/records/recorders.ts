import { z } from 'zod'
import { base64, type RecorderId, recorderId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson, withoutNulls } from './stored-json.ts'

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

/** Where a recorder serves the chamber page, as it told last. @param page its own document, of a shape the web knows */
export async function putChamberPage(tx: Tx, id: RecorderId, page: object): Promise<void> {
  await tx
    .updateTable('recorders')
    .set({ chamber_page: toJson(page) })
    .where('id', '=', id)
    .execute()
}

/** The recorders that serve a chamber page and were not revoked. */
export async function listChamberPages(tx: Tx): Promise<{ id: RecorderId; name: string; page: unknown }[]> {
  const rows = await tx.selectFrom('recorders').selectAll().where('chamber_page', 'is not', null).orderBy('name').execute()
  return rows.filter((row) => row.revoked_at_ms === null).map((row) => ({ ...toRecorder(row), page: row.chamber_page }))
}

function toRecorder(row: { id: string; name: string; public_key: string; revoked_at_ms: number | null }): EnrolledRecorder {
  const { id, name, public_key: publicKeyBase64, revoked_at_ms: revokedAtMs } = row
  return fromStored(enrolledRecorder, withoutNulls({ id, name, publicKeyBase64, revokedAtMs }), `recorder ${id}`)
}

/** Whether a credential's nonce was never seen before; it is spent from now on, and forgotten when the credential is too old anyway. */
export async function spendNonce(tx: Tx, of: { recorder: RecorderId; nonce: string; untilMs: number }, nowMs: number): Promise<boolean> {
  await tx.deleteFrom('spent_nonces').where('recorder', '=', of.recorder).where('until_ms', '<', nowMs).execute()
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('spent_nonces')
    .values({ recorder: of.recorder, nonce: of.nonce, until_ms: of.untilMs })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Keeps a code by which one recorder may be enrolled, once. @param of.codeHash SHA-256 of the code: the code itself is kept nowhere */
export async function putEnrolmentCode(tx: Tx, of: { codeHash: string; by: string; expiresAtMs: number }): Promise<void> {
  await tx
    .insertInto('enrolment_codes')
    .values({ code_hash: of.codeHash, by: of.by, expires_at_ms: of.expiresAtMs, recorder: null })
    .execute()
}

/** Uses up a code for a recorder. @returns who made it; undefined when there is no such code, it is past its time, or was used */
export async function useEnrolmentCode(tx: Tx, codeHash: string, recorder: RecorderId, nowMs: number): Promise<string | undefined> {
  const row = await tx
    .updateTable('enrolment_codes')
    .set({ recorder })
    .where('code_hash', '=', codeHash)
    .where('recorder', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning('by')
    .executeTakeFirst()
  return row?.by
}
