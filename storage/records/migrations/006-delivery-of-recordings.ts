import { createCouncilTable, type Migration } from './council-table.ts'

/** Enrolment of recorders by a code, credentials that serve once, what recorders say of their spools, reconciliations. */
export const deliveryOfRecordings: Migration = {
  name: '006-delivery-of-recordings',
  async up(owner) {
    await createCouncilTable(
      owner,
      'enrolment_codes',
      'code_hash text primary key, by text not null, expires_at_ms bigint not null, recorder uuid',
    )
    await createCouncilTable(
      owner,
      'spent_nonces',
      'recorder uuid not null, nonce text not null, until_ms bigint not null, primary key (council_id, recorder, nonce)',
    )
    await createCouncilTable(owner, 'reconciliations', 'at_ms bigint not null, document jsonb not null, primary key (council_id, at_ms)')
  },
}
