import { z } from 'zod'
import type { Tx } from './database.ts'
import { fromStored, toJson, withoutNulls } from './stored-json.ts'

/** A passkey of an account (WebAuthn level 3, credential record). */
export const passkey = z.object({
  /** Credential id, base64url. */
  id: z.string().min(1).max(2000),
  account: z.string().min(1),
  name: z.string().min(1).max(60),
  /** COSE key, base64url. */
  publicKey: z.string().min(1),
  /** Signature counter: one that goes backwards tells of a copied authenticator. */
  counter: z.int().nonnegative(),
  transports: z.array(z.string().max(40)).max(10),
  createdAtMs: z.int(),
  usedAtMs: z.int().optional(),
})
export type Passkey = z.infer<typeof passkey>

export async function putPasskey(tx: Tx, of: Passkey): Promise<void> {
  const { id, account, name, publicKey, counter, transports, createdAtMs } = passkey.parse(of)
  const row = { id, account, name, public_key: publicKey, counter, created_at_ms: createdAtMs, used_at_ms: null }
  await tx
    .insertInto('passkeys')
    .values({ ...row, transports: toJson(transports) })
    .execute()
}

export async function readPasskey(tx: Tx, id: string): Promise<Passkey | undefined> {
  const row = await tx.selectFrom('passkeys').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toPasskey(row)
}

/** Those of an account, the oldest first. */
export async function listPasskeys(tx: Tx, account: string): Promise<Passkey[]> {
  const rows = await tx.selectFrom('passkeys').selectAll().where('account', '=', account).orderBy('created_at_ms').execute()
  return rows.map(toPasskey)
}

export async function notePasskeyUse(tx: Tx, id: string, of: { counter: number; usedAtMs: number }): Promise<void> {
  await tx.updateTable('passkeys').set({ counter: of.counter, used_at_ms: of.usedAtMs }).where('id', '=', id).execute()
}

/** @returns whether the account had it */
export async function removePasskey(tx: Tx, of: { id: string; account: string }): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('passkeys').where('id', '=', of.id).where('account', '=', of.account).executeTakeFirst()
  return numDeletedRows === 1n
}

/** Keeps what an authenticator is asked to sign. @param of.boundTo who alone may answer it */
export async function putChallenge(tx: Tx, of: { challenge: string; boundTo: string; expiresAtMs: number }): Promise<void> {
  await tx.deleteFrom('challenges').where('expires_at_ms', '<=', Date.now()).execute()
  await tx.insertInto('challenges').values({ challenge: of.challenge, bound_to: of.boundTo, expires_at_ms: of.expiresAtMs }).execute()
}

/** Takes a challenge away, so that it is answered once. @returns whether it stood, and for this one */
export async function takeChallenge(tx: Tx, of: { challenge: string; boundTo: string }, nowMs: number = Date.now()): Promise<boolean> {
  const row = await tx.deleteFrom('challenges').where('challenge', '=', of.challenge).returningAll().executeTakeFirst()
  return row !== undefined && row.bound_to === of.boundTo && row.expires_at_ms > nowMs
}

interface PasskeyRow {
  id: string
  account: string
  name: string
  public_key: string
  counter: number
  transports: unknown
  created_at_ms: number
  used_at_ms: number | null
}

function toPasskey(row: PasskeyRow): Passkey {
  const { id, account, name, public_key, counter, transports, created_at_ms, used_at_ms } = row
  return fromStored(
    passkey,
    withoutNulls({ id, account, name, publicKey: public_key, counter, transports, createdAtMs: created_at_ms, usedAtMs: used_at_ms }),
    `passkey ${id}`,
  )
}
