import { z } from 'zod'
import { type Convocation, convocation } from '../model/convocation.ts'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, toJson } from './stored-json.ts'

/** Somebody issued a convocation of this session meanwhile. */
export class ConvocationNumberError extends Error {
  override readonly name = 'ConvocationNumberError'
}

/** R6: who of the members opened what of a convocation, and when first. */
export const opening = z.object({
  number: z.int().positive(),
  member: z.string(),
  what: z.enum(['agenda', 'previous-acta']),
  atMs: z.int(),
})
export type Opening = z.infer<typeof opening>

/** Issues a convocation. It is never changed: a session convened again gets the next number. @throws ConvocationNumberError */
export async function putConvocation(tx: Tx, of: Convocation, by: string): Promise<void> {
  const session = of.session.id
  await lockList(tx, `convocations ${session}`)
  const next = ((await readConvocation(tx, session))?.number ?? 0) + 1
  if (of.number !== next) throw new ConvocationNumberError(`convocation ${of.number} of session ${session} came, expected ${next}`)
  await tx
    .insertInto('convocations')
    .values({ session, number: next, document: toJson(convocation.parse(of)), by })
    .execute()
}

/** The convocation that counts: the last one issued. */
export async function readConvocation(tx: Tx, session: SessionId): Promise<Convocation | undefined> {
  const row = await tx
    .selectFrom('convocations')
    .select('document')
    .where('session', '=', session)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  return row && fromStored(convocation, row.document, `the convocation of session ${session}`)
}

/** Writes that a member opened a part of a convocation; only the first time of each counts. */
export async function putOpening(tx: Tx, session: SessionId, of: Opening): Promise<void> {
  const { number, member, what, atMs } = opening.parse(of)
  await lockList(tx, `openings ${session}`)
  const known = await readOpenings(tx, session)
  if (known.some((one) => one.number === number && one.member === member && one.what === what)) return
  await tx.insertInto('convocation_openings').values({ session, number, member, what, at_ms: atMs }).execute()
}

/** What was opened by whom, in order. */
export async function readOpenings(tx: Tx, session: SessionId): Promise<Opening[]> {
  const rows = await tx.selectFrom('convocation_openings').selectAll().where('session', '=', session).orderBy('id').execute()
  return rows.map((row) => fromStored(opening, { ...row, atMs: row.at_ms }, `openings of session ${session}`))
}
