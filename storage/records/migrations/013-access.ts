import { sql } from 'kysely'
import { createCouncilTable, type Migration } from './council-table.ts'

const ofAccount = 'foreign key (council_id, account) references escano.accounts'

/** Enrolled tablets, passkeys, and who stands in for the secretary in one session. */
export const access: Migration = {
  name: '013-access',
  async up(owner) {
    await createCouncilTable(
      owner,
      'tablets',
      `id uuid not null, name text not null, account uuid not null, credential_hash text not null, created_at_ms bigint not null,
       seen_at_ms bigint, revoked_at_ms bigint, primary key (council_id, id), unique (council_id, credential_hash), ${ofAccount}`,
    )
    await createCouncilTable(
      owner,
      'tablet_codes',
      `id uuid not null, code_hash text not null, name text not null, account uuid not null, expires_at_ms bigint not null, tablet uuid,
       primary key (council_id, id), unique (council_id, code_hash), ${ofAccount}`,
    )
    await createCouncilTable(
      owner,
      'passkeys',
      `id text not null, account uuid not null, name text not null, public_key text not null, counter bigint not null,
       transports jsonb not null, created_at_ms bigint not null, used_at_ms bigint, primary key (council_id, id), ${ofAccount}`,
    )
    await createCouncilTable(
      owner,
      'challenges',
      `challenge text not null, bound_to text not null, expires_at_ms bigint not null, primary key (council_id, challenge)`,
    )
    await createCouncilTable(
      owner,
      'substitutions',
      `id uuid not null, account uuid not null, session uuid not null, from_ms bigint not null, to_ms bigint not null,
       capacity text not null, ground text not null, named_by uuid not null, revoked_at_ms bigint, primary key (council_id, id), ${ofAccount},
       foreign key (council_id, session) references escano.sessions`,
    )
    await createCouncilTable(
      owner,
      'invitations',
      `token_hash text not null, account uuid not null, expires_at_ms bigint not null, used_at_ms bigint,
       primary key (council_id, token_hash), ${ofAccount}`,
    )
    await sql`alter table escano.sign_ins add column tablet uuid`.execute(owner)
  },
}
