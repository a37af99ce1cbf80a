import { z } from 'zod'
import { memberId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** What a person with an account is here (design.md §2 "sign-in"). A `substitute` opens nothing but the session they were named for. */
export const accountRole = z.enum(['secretary', 'mayor', 'member', 'technician', 'provincial', 'substitute'])

export const account = z.object({
  /** UUID. */
  id: z.string().min(1),
  login: z.string().min(1),
  name: z.string().min(1),
  role: accountRole,
  /** Set when the account is of a member of the corporation, or its secretary. */
  member: memberId.optional(),
  /** argon2id, PHC string. */
  passwordHash: z.string().min(1),
})
export type Account = z.infer<typeof account>

export const signIn = z.object({
  /** SHA-256 of the cookie's token, hexadecimal: the token itself is nowhere. */
  tokenHash: z.string().min(1),
  /** Id of the account. */
  account: z.string().min(1),
  expiresAtMs: z.int(),
  /** Id of the enrolled tablet it was made on. */
  tablet: z.string().optional(),
})
export type SignIn = z.infer<typeof signIn>

/** Writes an account, new or changed, by its id. */
export async function putAccount(tx: Tx, of: Account): Promise<void> {
  const { id, login, name, role, member, passwordHash } = account.parse(of)
  const row = { login, name, role, member: member ?? null, password_hash: passwordHash }
  await tx
    .insertInto('accounts')
    .values({ id, ...row })
    .onConflict((on) => on.columns(['council_id', 'id']).doUpdateSet(row))
    .execute()
}

export async function findAccount(tx: Tx, login: string): Promise<Account | undefined> {
  const row = await tx.selectFrom('accounts').selectAll().where('login', '=', login).executeTakeFirst()
  return row && toAccount(row)
}

export async function readAccount(tx: Tx, id: string): Promise<Account | undefined> {
  const row = await tx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

/** All accounts, by login. */
export async function listAccounts(tx: Tx): Promise<Account[]> {
  const rows = await tx.selectFrom('accounts').selectAll().orderBy('login').execute()
  return rows.map(toAccount)
}

export async function putSignIn(tx: Tx, of: SignIn): Promise<void> {
  const { tokenHash, account: owner, expiresAtMs, tablet } = signIn.parse(of)
  const row = { token_hash: tokenHash, account: owner, expires_at_ms: expiresAtMs, tablet: tablet ?? null }
  await tx.insertInto('sign_ins').values(row).execute()
}

/** A sign-in that has not ended; one past its time counts as none. */
export async function readSignIn(tx: Tx, tokenHash: string, nowMs: number = Date.now()): Promise<SignIn | undefined> {
  const row = await tx
    .selectFrom('sign_ins')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  if (!row) return undefined
  const { account: owner, expires_at_ms: expiresAtMs, tablet } = row
  return fromStored(signIn, withoutNulls({ tokenHash: row.token_hash, account: owner, expiresAtMs, tablet }), 'a sign-in')
}

/** Ends a sign-in, and takes away those past their time. */
export async function endSignIn(tx: Tx, tokenHash: string, nowMs: number = Date.now()): Promise<void> {
  await tx
    .deleteFrom('sign_ins')
    .where((row) => row.or([row('token_hash', '=', tokenHash), row('expires_at_ms', '<=', nowMs)]))
    .execute()
}

interface AccountRow {
  id: string
  login: string
  name: string
  role: string
  member: string | null
  password_hash: string
}

function toAccount(row: AccountRow): Account {
  const { id, login, name, role, member, password_hash } = row
  return fromStored(account, withoutNulls({ id, login, name, role, member, passwordHash: password_hash }), `account ${id}`)
}
