import { z } from 'zod'
import { recorderId, sessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

const count = z.int().nonnegative()

/** What a recorder told of its disk: of each session what is there, and what is not as its journal says. */
export const keptSpoolReport = z.object({
  recorder: recorderId,
  /** On our clock. */
  receivedMs: z.int(),
  diskFreeBytes: count,
  diskTotalBytes: count,
  sessions: z.array(
    z.object({
      session: sessionId,
      /** Lines of its journal, and those under the newest signed head. */
      lines: count,
      signed: count,
      segments: count,
      /** Segments whose receipt it keeps, and those that it removed since. */
      confirmed: count,
      removed: count,
      missing: z.array(count),
      altered: z.array(count),
      bytes: count,
      sinceMs: z.int().nullable(),
    }),
  ),
})
export type KeptSpoolReport = z.infer<typeof keptSpoolReport>

/** The newest report of a recorder takes the place of the one before. */
export async function putSpoolReport(tx: Tx, of: KeptSpoolReport): Promise<void> {
  const { recorder, receivedMs, ...document } = keptSpoolReport.parse(of)
  const row = { received_ms: receivedMs, document: toJson(document) }
  await tx
    .insertInto('spool_reports')
    .values({ recorder, ...row })
    .onConflict((on) => on.columns(['council_id', 'recorder']).doUpdateSet(row))
    .execute()
}

/** The newest report of each recorder. */
export async function readSpoolReports(tx: Tx): Promise<KeptSpoolReport[]> {
  const rows = await tx.selectFrom('spool_reports').selectAll().orderBy('recorder').execute()
  return rows.map(({ recorder, received_ms: receivedMs, document }) =>
    fromStored(keptSpoolReport, { recorder, receivedMs, ...document }, `what recorder ${recorder} told of its spool`),
  )
}
