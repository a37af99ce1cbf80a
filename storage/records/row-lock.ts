import { sql } from 'kysely'
import type { Tx } from './database.ts'

/**
 * Lets one transaction at a time append to a list until it ends, so that rows get their numbers without gaps.
 * @param list names the list inside this council, e.g. `journal <session> <recorder>`
 */
export async function lockList(tx: Tx, list: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(current_setting('escano.council') || ' ' || ${list}, 0))`.execute(tx)
}
