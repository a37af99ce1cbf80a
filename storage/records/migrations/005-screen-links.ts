import { createCouncilTable, type Migration } from './council-table.ts'

export const screenLinks: Migration = {
  name: '005-screen-links',
  async up(owner) {
    await createCouncilTable(
      owner,
      'screen_links',
      `session uuid not null, token_hash text not null, expires_at_ms bigint not null,
       primary key (council_id, session), foreign key (council_id, session) references escano.sessions`,
    )
  },
}
