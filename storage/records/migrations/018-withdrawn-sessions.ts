import { sql } from 'kysely'
import type { Migration } from './council-table.ts'

/** A session that was withdrawn before anything of it was kept stays as a row, and its address is free for another. */
export const withdrawnSessions: Migration = {
  name: '018-withdrawn-sessions',
  async up(owner) {
    await sql`alter table escano.sessions add column withdrawn_at_ms bigint`.execute(owner)
    await sql`alter table escano.sessions drop constraint sessions_council_id_slug_key`.execute(owner)
    await sql`create unique index sessions_slug on escano.sessions (council_id, slug) where withdrawn_at_ms is null`.execute(owner)
  },
}
