import { createCouncilTable, type Migration } from './council-table.ts'

export const closedMarks: Migration = {
  name: '009-closed-marks',
  async up(owner) {
    await createCouncilTable(
      owner,
      'closed_marks',
      `session uuid not null, id uuid not null, at_ms bigint not null, reason text not null, document jsonb not null,
       primary key (council_id, session, id), foreign key (council_id, session) references escano.sessions`,
    )
  },
}
