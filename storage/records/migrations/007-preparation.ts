import { createCouncilTable, type Migration } from './council-table.ts'

const ofSession = 'session uuid not null, foreign key (council_id, session) references escano.sessions'

export const preparation: Migration = {
  name: '007-preparation',
  async up(owner) {
    await createCouncilTable(
      owner,
      'set_up_versions',
      `subject text not null, version integer not null check (version > 0), document jsonb not null, by text not null,
       at_ms bigint not null, primary key (council_id, subject, version)`,
    )
    await createCouncilTable(
      owner,
      'convocations',
      `${ofSession}, number integer not null check (number > 0), document jsonb not null, by text not null,
       primary key (council_id, session, number)`,
    )
    await createCouncilTable(
      owner,
      'convocation_openings',
      `${ofSession}, id bigint generated always as identity, number integer not null, member text not null, what text not null,
       at_ms bigint not null, primary key (council_id, id)`,
    )
    await createCouncilTable(
      owner,
      'file_entries',
      `${ofSession}, id uuid not null, slot text not null, document jsonb not null, by text not null, at_ms bigint not null,
       primary key (council_id, id)`,
    )
  },
}
