import { type SessionId, sessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'

/** The link of a session's second screen. There is one: a new one takes the place of the one before. */
export interface ScreenLink {
  session: SessionId
  /** SHA-256 of the token in its address, hexadecimal: the token itself is nowhere. */
  tokenHash: string
  expiresAtMs: number
}

export async function putScreenLink(tx: Tx, { session, tokenHash, expiresAtMs }: ScreenLink): Promise<void> {
  const row = { token_hash: tokenHash, expires_at_ms: expiresAtMs }
  await tx
    .insertInto('screen_links')
    .values({ session, ...row })
    .onConflict((on) => on.columns(['council_id', 'session']).doUpdateSet(row))
    .execute()
}

/** The session whose screen a token opens; undefined when it opens none, or no more. */
export async function readScreenLink(tx: Tx, tokenHash: string, nowMs: number = Date.now()): Promise<SessionId | undefined> {
  const row = await tx
    .selectFrom('screen_links')
    .select('session')
    .where('token_hash', '=', tokenHash)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  return row && sessionId.parse(row.session)
}
