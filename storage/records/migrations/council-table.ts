import { type Kysely, sql } from 'kysely'

/** One step of the schema. It runs once, in a transaction, as the owner; a step that was released never changes. */
export interface Migration {
  name: string
  up(owner: Kysely<unknown>): Promise<void>
}

/**
 * Makes a table of schema `escano` whose rows each belong to one council, with row-level security forced, also on its owner:
 * a row is seen and written only inside a transaction that names its council.
 * @param columns SQL of the columns and keys after `council_id`
 */
export async function createCouncilTable(owner: Kysely<unknown>, name: string, columns: string): Promise<void> {
  const table = sql.id('escano', name)
  const council = sql.raw(`current_setting('escano.council')::uuid`)
  const reference = sql.raw(name === 'councils' ? '' : 'references escano.councils')
  await sql`create table ${table} (council_id uuid not null default ${council} ${reference}, ${sql.raw(columns)})`.execute(owner)
  await sql`alter table ${table} enable row level security`.execute(owner)
  await sql`alter table ${table} force row level security`.execute(owner)
  await sql`create policy own_council on ${table} using (council_id = ${council}) with check (council_id = ${council})`.execute(owner)
}
