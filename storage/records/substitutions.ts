import { z } from 'zod'
import { type SessionId, sessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** Who conducts one session in the secretary's place, between two instants (R11, R80). */
export const substitution = z.object({
  id: z.uuid(),
  account: z.string().min(1),
  session: sessionId,
  fromMs: z.int(),
  toMs: z.int(),
  /** As the acta writes it: «Secretaria accidental». */
  capacity: z.string().trim().min(1).max(200),
  /** The decision that names them: «Decreto 34/2026, do 20 de outubro». */
  ground: z.string().trim().min(1).max(500),
  /** Id of the account of who wrote it down. */
  namedBy: z.string().min(1),
  revokedAtMs: z.int().optional(),
})
export type Substitution = z.infer<typeof substitution>

export async function putSubstitution(tx: Tx, of: Substitution): Promise<void> {
  const { id, account, session, fromMs, toMs, capacity, ground, namedBy } = substitution.parse(of)
  const times = { from_ms: fromMs, to_ms: toMs, revoked_at_ms: null }
  await tx
    .insertInto('substitutions')
    .values({ id, account, session, capacity, ground, named_by: namedBy, ...times })
    .execute()
}

/** All of them, the last to begin first; what ended stays. */
export async function listSubstitutions(tx: Tx): Promise<Substitution[]> {
  const rows = await tx.selectFrom('substitutions').selectAll().orderBy('from_ms', 'desc').execute()
  return rows.map(({ id, account, session, from_ms, to_ms, capacity, ground, named_by, revoked_at_ms }) =>
    fromStored(
      substitution,
      withoutNulls({
        ...{ id, account, session, fromMs: from_ms, toMs: to_ms, capacity, ground },
        ...{ namedBy: named_by, revokedAtMs: revoked_at_ms },
      }),
      `substitution ${id}`,
    ),
  )
}

/** What an account may conduct now. */
export async function substitutionsNow(tx: Tx, account: string, nowMs: number = Date.now()): Promise<Substitution[]> {
  const all = await listSubstitutions(tx)
  return all.filter((one) => one.account === account && one.revokedAtMs === undefined && one.fromMs <= nowMs && nowMs < one.toMs)
}

/** @returns the session it was for; undefined when there was none to revoke */
export async function revokeSubstitution(tx: Tx, id: string, nowMs: number = Date.now()): Promise<SessionId | undefined> {
  const row = await tx
    .updateTable('substitutions')
    .set({ revoked_at_ms: nowMs })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .returning('session')
    .executeTakeFirst()
  return row && sessionId.parse(row.session)
}

/** Keeps an invitation to set the password of an account, once. @param of.tokenHash SHA-256 of the token in its address */
export async function putInvitation(tx: Tx, of: { tokenHash: string; account: string; expiresAtMs: number }): Promise<void> {
  const row = { token_hash: of.tokenHash, account: of.account, expires_at_ms: of.expiresAtMs, used_at_ms: null }
  await tx.insertInto('invitations').values(row).execute()
}

/** The account an invitation is for, while it stands. */
export async function readInvitation(tx: Tx, tokenHash: string, nowMs: number = Date.now()): Promise<string | undefined> {
  const row = await tx
    .selectFrom('invitations')
    .select('account')
    .where('token_hash', '=', tokenHash)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  return row?.account
}

/** Uses an invitation up. @returns the account it was for; undefined when it is none, was used, or is past its time */
export async function useInvitation(tx: Tx, tokenHash: string, nowMs: number = Date.now()): Promise<string | undefined> {
  const row = await tx
    .updateTable('invitations')
    .set({ used_at_ms: nowMs })
    .where('token_hash', '=', tokenHash)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning('account')
    .executeTakeFirst()
  return row?.account
}
