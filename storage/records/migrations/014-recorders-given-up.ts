import { createCouncilTable, type Migration } from './council-table.ts'

/** Recorders that never said their last word of a session, and are not waited for. */
export const recordersGivenUp: Migration = {
  name: '014-recorders-given-up',
  async up(owner) {
    await createCouncilTable(
      owner,
      'given_up_journals',
      `session uuid not null, recorder uuid not null, lost jsonb not null, by text not null, at_ms bigint not null,
       primary key (council_id, session, recorder), foreign key (council_id, session) references escano.sessions`,
    )
  },
}
