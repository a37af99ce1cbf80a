import { z } from 'zod'
import { type Acta, acta } from '../model/acta.ts'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, isSameJson, toJson } from './stored-json.ts'

/** Somebody else wrote a version of this acta meanwhile; read it again. */
export class ActaVersionError extends Error {
  override readonly name = 'ActaVersionError'
}

export const actaVersion = z.object({ version: z.int().positive(), by: z.string(), atMs: z.int() })
export type ActaVersion = z.infer<typeof actaVersion>

/**
 * Adds the next version of an acta, `by` an account or `escano`; the same again is no error.
 * @throws ActaVersionError `acta.version` is not the next one
 */
export async function putActa(tx: Tx, of: Acta, by: string): Promise<void> {
  const document = acta.parse(of)
  const { session, version } = document
  await lockList(tx, `actas ${session}`)
  const kept = await tx
    .selectFrom('actas')
    .select(['version', 'document'])
    .where('session', '=', session)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  if (kept?.version === version && isSameJson(kept.document, document)) return
  const next = (kept?.version ?? 0) + 1
  if (version !== next) throw new ActaVersionError(`version ${version} of the acta of session ${session} came, expected ${next}`)
  await tx
    .insertInto('actas')
    .values({ session, version, document: toJson(document), by, at_ms: Date.now() })
    .execute()
}

/** The newest version, or the one that is named. */
export async function readActa(tx: Tx, session: SessionId, version?: number): Promise<Acta | undefined> {
  const row = await tx
    .selectFrom('actas')
    .select('document')
    .where('session', '=', session)
    .$if(version !== undefined, (of) => of.where('version', '=', version ?? 0))
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return row && fromStored(acta, row.document, `the acta of session ${session}`)
}

/** Who wrote which version when, the oldest first. */
export async function listActaVersions(tx: Tx, session: SessionId): Promise<ActaVersion[]> {
  const rows = await tx
    .selectFrom('actas')
    .select(['version', 'by', 'at_ms as atMs'])
    .where('session', '=', session)
    .orderBy('version')
    .execute()
  return rows.map((row) => fromStored(actaVersion, row, `versions of the acta of session ${session}`))
}
