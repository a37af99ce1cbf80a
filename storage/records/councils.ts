import { type Council, council } from '../model/council.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** Writes the council of this transaction, new or changed. `slug` is its part of public addresses, one in the installation. */
export async function putCouncil(tx: Tx, of: Council, slug: string): Promise<void> {
  const document = toJson(council.parse(of))
  await tx
    .insertInto('councils')
    .values({ council_id: of.id, slug, document })
    .onConflict((on) => on.column('council_id').doUpdateSet({ slug, document }))
    .execute()
}

/** The council of this transaction. */
export async function readCouncil(tx: Tx): Promise<Council | undefined> {
  const row = await tx.selectFrom('councils').select('document').executeTakeFirst()
  return row && fromStored(council, row.document, 'the council')
}
