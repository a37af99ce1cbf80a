import { createCouncilTable, type Migration } from './council-table.ts'

export const logAndBook: Migration = {
  name: '004-log-and-book',
  async up(owner) {
    await createCouncilTable(
      owner,
      'council_log',
      'index integer not null check (index >= 0), document jsonb not null, primary key (council_id, index)',
    )
    await createCouncilTable(
      owner,
      'checkpoints',
      'size integer not null check (size >= 0), note text not null, token text, primary key (council_id, size)',
    )
    await createCouncilTable(
      owner,
      'book',
      `year integer not null, number integer not null check (number > 0), session uuid not null, sha256 text not null,
       previous_hash text not null, primary key (council_id, year, number), unique (council_id, session),
       foreign key (council_id, session) references escano.sessions`,
    )
  },
}
