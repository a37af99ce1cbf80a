import { sql } from 'kysely'
import { createCouncilTable, type Migration } from './council-table.ts'

const ofSession = 'foreign key (council_id, session) references escano.sessions'

export const councilsAndSessions: Migration = {
  name: '001-councils-and-sessions',
  async up(owner) {
    await createCouncilTable(owner, 'councils', 'slug text not null unique, document jsonb not null, primary key (council_id)')
    await createCouncilTable(
      owner,
      'accounts',
      `id uuid not null, login text not null, name text not null, role text not null, member uuid, password_hash text not null,
       primary key (council_id, id), unique (council_id, login)`,
    )
    await createCouncilTable(
      owner,
      'sign_ins',
      `token_hash text not null, account uuid not null, expires_at_ms bigint not null,
       primary key (council_id, token_hash), foreign key (council_id, account) references escano.accounts`,
    )
    await createCouncilTable(
      owner,
      'sessions',
      `id uuid not null, slug text not null, stage text not null, published_at_ms bigint, document jsonb not null,
       primary key (council_id, id), unique (council_id, slug)`,
    )
    await createCouncilTable(
      owner,
      'session_events',
      `session uuid not null, row integer not null, id uuid not null, document jsonb not null,
       primary key (council_id, session, row), unique (council_id, id), ${ofSession}`,
    )
    await createCouncilTable(
      owner,
      'progress',
      `session uuid not null, step text not null, done double precision not null, total double precision not null, detail text,
       at_ms bigint not null, primary key (council_id, session, step), ${ofSession}`,
    )
    await createCouncilTable(
      owner,
      'audit',
      `id bigint generated always as identity, at_ms bigint not null, by text not null, action text not null, object text not null,
       result text not null, primary key (council_id, id)`,
    )
    // The one thing read across councils: whom this installation serves. Forced row-level security holds the owner too, so it gets a policy.
    await sql`create policy directory on escano.councils for select to current_user using (true)`.execute(owner)
    await sql`create function escano.directory() returns table (id uuid, name text, dir3 text, slug text, demo boolean)
      language sql stable security definer set search_path = pg_catalog
      as $$ select council_id, document->>'name', document->>'dir3', slug, coalesce((document->>'demo')::boolean, false)
            from escano.councils order by document->>'name' $$`.execute(owner)
    await sql`revoke all on function escano.directory() from public`.execute(owner)
  },
}
