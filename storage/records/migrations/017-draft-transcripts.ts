import { createCouncilTable, type Migration } from './council-table.ts'

/** What was recognised while a session ran, until its transcript is there. */
export const draftTranscripts: Migration = {
  name: '017-draft-transcripts',
  async up(owner) {
    await createCouncilTable(
      owner,
      'draft_transcripts',
      `session uuid not null, key text not null, from_ms bigint not null, document jsonb not null, primary key (council_id, session, key),
       foreign key (council_id, session) references escano.sessions`,
    )
  },
}
