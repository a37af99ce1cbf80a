import { createCouncilTable, type Migration } from './council-table.ts'

/** What each recorder last told of its disk. */
export const spoolReports: Migration = {
  name: '015-spool-reports',
  async up(owner) {
    await createCouncilTable(
      owner,
      'spool_reports',
      `recorder uuid not null, received_ms bigint not null, document jsonb not null, primary key (council_id, recorder),
       foreign key (council_id, recorder) references escano.recorders`,
    )
  },
}
