import { z } from 'zod'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** A tablet that was enrolled: it opens the chamber page for one account, without a password, until it is revoked. */
export const tablet = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(60),
  /** Id of the account it acts for. */
  account: z.string().min(1),
  /** SHA-256 of the secret its cookie holds, hexadecimal: the secret itself is nowhere. */
  credentialHash: z.string().min(1),
  createdAtMs: z.int(),
  seenAtMs: z.int().optional(),
  revokedAtMs: z.int().optional(),
  /** Public key of its own for the chamber page without a line, base64. */
  chamberKey: z.string().optional(),
  /** PHC string of the PIN that goes with it. */
  pinHash: z.string().optional(),
})
export type Tablet = z.infer<typeof tablet>

/** A code by which one tablet may be enrolled, once. */
export const tabletCode = z.object({
  id: z.uuid(),
  /** SHA-256 of the code: the code itself is kept nowhere. */
  codeHash: z.string().min(1),
  /** Name the tablet will have. */
  name: tablet.shape.name,
  account: z.string().min(1),
  expiresAtMs: z.int(),
  /** Id of the tablet that used it. */
  tablet: z.uuid().optional(),
})
export type TabletCode = z.infer<typeof tabletCode>

/** Between two notes of when a tablet was seen, ms. */
const seenEveryMs = 60_000

export async function putTabletCode(tx: Tx, of: TabletCode): Promise<void> {
  const { id, codeHash, name, account, expiresAtMs } = tabletCode.parse(of)
  await tx.insertInto('tablet_codes').values({ id, code_hash: codeHash, name, account, expires_at_ms: expiresAtMs, tablet: null }).execute()
}

export async function readTabletCode(tx: Tx, id: string): Promise<TabletCode | undefined> {
  const row = await tx.selectFrom('tablet_codes').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toCode(row)
}

/** Uses up a code for a tablet. @returns the code; undefined when there is none such, it is past its time, or was used */
export async function useTabletCode(
  tx: Tx,
  of: { codeHash: string; tablet: string },
  nowMs: number = Date.now(),
): Promise<TabletCode | undefined> {
  const row = await tx
    .updateTable('tablet_codes')
    .set({ tablet: of.tablet })
    .where('code_hash', '=', of.codeHash)
    .where('tablet', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returningAll()
    .executeTakeFirst()
  return row && toCode(row)
}

export async function putTablet(tx: Tx, of: Tablet): Promise<void> {
  const { id, name, account, credentialHash, createdAtMs } = tablet.parse(of)
  const row = { id, name, account, credential_hash: credentialHash, created_at_ms: createdAtMs, seen_at_ms: null, revoked_at_ms: null }
  await tx.insertInto('tablets').values(row).execute()
}

export async function readTablet(tx: Tx, id: string): Promise<Tablet | undefined> {
  const row = await tx.selectFrom('tablets').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toTablet(row)
}

/** What a tablet commands with while there is no line; new ones take the place of those before. */
export async function putChamberKey(tx: Tx, id: string, of: { key: string; pinHash: string }): Promise<void> {
  await tx.updateTable('tablets').set({ chamber_key: of.key, pin_hash: of.pinHash }).where('id', '=', id).execute()
}

/** The tablet that holds a credential, when it was not revoked; that it was seen is noted. */
export async function readTabletOf(tx: Tx, credentialHash: string, nowMs: number = Date.now()): Promise<Tablet | undefined> {
  const row = await tx
    .selectFrom('tablets')
    .selectAll()
    .where('credential_hash', '=', credentialHash)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  if ((row.seen_at_ms ?? 0) < nowMs - seenEveryMs)
    await tx.updateTable('tablets').set({ seen_at_ms: nowMs }).where('id', '=', row.id).execute()
  return toTablet(row)
}

/** The newest first, revoked ones too. */
export async function listTablets(tx: Tx): Promise<Tablet[]> {
  const rows = await tx.selectFrom('tablets').selectAll().orderBy('created_at_ms', 'desc').execute()
  return rows.map(toTablet)
}

/** Takes a tablet out; the sign-ins made on it end with it. @returns whether it was there to revoke */
export async function revokeTablet(tx: Tx, id: string, nowMs: number = Date.now()): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('tablets')
    .set({ revoked_at_ms: nowMs })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  await tx.deleteFrom('sign_ins').where('tablet', '=', id).execute()
  return numUpdatedRows === 1n
}

interface TabletRow {
  id: string
  name: string
  account: string
  credential_hash: string
  created_at_ms: number
  seen_at_ms: number | null
  revoked_at_ms: number | null
  chamber_key: string | null
  pin_hash: string | null
}

function toTablet(row: TabletRow): Tablet {
  const { id, name, account, credential_hash, created_at_ms, seen_at_ms, revoked_at_ms, chamber_key, pin_hash } = row
  return fromStored(
    tablet,
    withoutNulls({
      ...{ id, name, account, credentialHash: credential_hash, createdAtMs: created_at_ms },
      ...{ seenAtMs: seen_at_ms, revokedAtMs: revoked_at_ms, chamberKey: chamber_key, pinHash: pin_hash },
    }),
    `tablet ${id}`,
  )
}

function toCode(row: { id: string; code_hash: string; name: string; account: string; expires_at_ms: number; tablet: string | null }) {
  const { id, code_hash, name, account, expires_at_ms, tablet: used } = row
  return fromStored(
    tabletCode,
    withoutNulls({ id, codeHash: code_hash, name, account, expiresAtMs: expires_at_ms, tablet: used }),
    `tablet code ${id}`,
  )
}
