import { createCouncilTable, type Migration } from './council-table.ts'

const ofRecording = `session uuid not null, recorder uuid not null,
  foreign key (council_id, session) references escano.sessions, foreign key (council_id, recorder) references escano.recorders`

export const recordings: Migration = {
  name: '002-recordings',
  async up(owner) {
    await createCouncilTable(
      owner,
      'recorders',
      'id uuid not null, name text not null, public_key text not null, revoked_at_ms bigint, primary key (council_id, id)',
    )
    await createCouncilTable(
      owner,
      'journal',
      `${ofRecording}, line integer not null check (line >= 0), content jsonb not null, primary key (council_id, session, recorder, line)`,
    )
    await createCouncilTable(
      owner,
      'receipts',
      `${ofRecording}, line integer not null, key text not null, version text not null, size_bytes bigint not null,
       primary key (council_id, session, recorder, line),
       foreign key (council_id, session, recorder, line) references escano.journal`,
    )
    await createCouncilTable(
      owner,
      'heads',
      `${ofRecording}, size integer not null check (size > 0), root text not null, note text not null,
       primary key (council_id, session, recorder, size)`,
    )
    await createCouncilTable(
      owner,
      'head_tokens',
      `${ofRecording}, size integer not null, token text not null, late boolean not null,
       primary key (council_id, session, recorder, size),
       foreign key (council_id, session, recorder, size) references escano.heads`,
    )
    await createCouncilTable(
      owner,
      'finished_journals',
      `${ofRecording}, lines integer not null, primary key (council_id, session, recorder)`,
    )
  },
}
