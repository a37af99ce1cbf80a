import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored } from './stored-json.ts'
import { objectReference } from './stored-object.ts'

/** Files that tell who spoke (contracts.md §7), and a text written by people (STM) that a transcript is held against. */
export const evidenceKind = z.enum(['microphone-events', 'seats', 'reference'])
export const evidence = objectReference.extend({ kind: evidenceKind })
export type Evidence = z.infer<typeof evidence>

/** Names the file of a kind of evidence; a later one takes its place. */
export async function putEvidence(tx: Tx, of: { session: SessionId } & Evidence): Promise<void> {
  const { kind, ...row } = evidence.parse(of)
  await tx
    .insertInto('evidence')
    .values({ session: of.session, kind, ...row })
    .onConflict((on) => on.columns(['council_id', 'session', 'kind']).doUpdateSet(row))
    .execute()
}

export async function readEvidence(tx: Tx, session: SessionId): Promise<Evidence[]> {
  const rows = await tx.selectFrom('evidence').selectAll().where('session', '=', session).orderBy('kind').execute()
  return rows.map((row) => fromStored(evidence, row, `evidence of session ${session}`))
}
