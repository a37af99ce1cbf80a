import { createCouncilTable, type Migration } from './council-table.ts'

export const importedRecordings: Migration = {
  name: '012-imported-recordings',
  async up(owner) {
    await createCouncilTable(
      owner,
      'imports',
      `session uuid not null, document jsonb not null, primary key (council_id, session),
       foreign key (council_id, session) references escano.sessions`,
    )
  },
}
