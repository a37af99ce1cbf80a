import { createCouncilTable, type Migration } from './council-table.ts'

const ofSession = 'session uuid not null, foreign key (council_id, session) references escano.sessions'
const object = 'key text not null, version text not null, sha256 text not null'

export const transcriptsAndActas: Migration = {
  name: '003-transcripts-and-actas',
  async up(owner) {
    await createCouncilTable(owner, 'evidence', `${ofSession}, kind text not null, ${object}, primary key (council_id, session, kind)`)
    await createCouncilTable(owner, 'chunk_plans', `${ofSession}, document jsonb not null, primary key (council_id, session)`)
    await createCouncilTable(
      owner,
      'chunk_results',
      `${ofSession}, chunk integer not null, key text not null, document jsonb not null, primary key (council_id, session, key)`,
    )
    await createCouncilTable(
      owner,
      'transcripts',
      `${ofSession}, version integer not null, document jsonb not null, object_key text not null, object_version text not null,
       sha256 text not null, primary key (council_id, session, version)`,
    )
    await createCouncilTable(
      owner,
      'captions',
      `${ofSession}, language text not null, ${object}, primary key (council_id, session, language)`,
    )
    await createCouncilTable(
      owner,
      'actas',
      `${ofSession}, version integer not null, document jsonb not null, by text not null, at_ms bigint not null,
       primary key (council_id, session, version)`,
    )
    await createCouncilTable(
      owner,
      'documents',
      `${ofSession}, kind text not null, revision integer not null check (revision > 0), ${object}, size_bytes bigint not null,
       created_at_ms bigint not null, primary key (council_id, session, kind, revision)`,
    )
    await createCouncilTable(
      owner,
      'verifications',
      `${ofSession}, document jsonb not null, at_ms bigint not null, primary key (council_id, session)`,
    )
  },
}
