import { sql } from 'kysely'
import { createCouncilTable, type Migration } from './council-table.ts'

export const microphones: Migration = {
  name: '010-microphones',
  async up(owner) {
    await createCouncilTable(
      owner,
      'conference_systems',
      `id uuid not null, name text not null, token_hash text not null, by text not null, made_at_ms bigint not null,
       revoked_at_ms bigint, primary key (council_id, id), unique (council_id, token_hash)`,
    )
    await createCouncilTable(
      owner,
      'microphone_events',
      `origin uuid not null, session uuid, source text not null, id text not null, seat integer not null, channel integer,
       event text not null, clock text not null, ms bigint not null, received_ms bigint not null,
       primary key (council_id, origin, source, id), foreign key (council_id, session) references escano.sessions`,
    )
    await sql`create index on escano.microphone_events (council_id, received_ms)`.execute(owner)
    await sql`create index on escano.microphone_events (council_id, ms)`.execute(owner)
  },
}
