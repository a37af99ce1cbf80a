import { sql } from 'kysely'
import type { Migration } from './council-table.ts'

/** The chamber page without a line: a tablet's own key and the PIN of who uses it, and where each recorder serves the page. */
export const chamberPages: Migration = {
  name: '016-chamber-page',
  async up(owner) {
    await sql`alter table escano.tablets add column chamber_key text, add column pin_hash text`.execute(owner)
    await sql`alter table escano.recorders add column chamber_page jsonb`.execute(owner)
  },
}
