import { createCouncilTable, type Migration } from './council-table.ts'

export const rehearsals: Migration = {
  name: '011-rehearsals',
  async up(owner) {
    await createCouncilTable(
      owner,
      'rehearsals',
      `recorder uuid not null, at_ms bigint not null, document jsonb not null, primary key (council_id, recorder, at_ms),
       foreign key (council_id, recorder) references escano.recorders`,
    )
  },
}
