import { createCouncilTable, type Migration } from './council-table.ts'

export const transcriptQualities: Migration = {
  name: '008-transcript-quality',
  async up(owner) {
    await createCouncilTable(
      owner,
      'transcript_qualities',
      `session uuid not null, version integer not null, document jsonb not null, primary key (council_id, session, version),
       foreign key (council_id, session, version) references escano.transcripts`,
    )
  },
}
