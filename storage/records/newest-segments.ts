import { sql } from 'kysely'
import { z } from 'zod'
import { type SegmentLine, segmentLine } from '../model/recording.ts'
import type { Tx } from './database.ts'
import type { JournalOf } from './journal.ts'
import { fromStored } from './stored-json.ts'

const newestRow = z.object({ content: segmentLine, key: z.string().min(1), version: z.string().min(1) })

/** The newest segments of the replayed track that the store has confirmed, in their order; what is sealed is none. */
export async function readNewestSegments(
  tx: Tx,
  of: JournalOf,
  most: number,
): Promise<{ line: SegmentLine; key: string; version: string }[]> {
  const rows = await tx
    .selectFrom('journal as j')
    .innerJoin('receipts as r', (on) =>
      on.onRef('r.session', '=', 'j.session').onRef('r.recorder', '=', 'j.recorder').onRef('r.line', '=', 'j.line'),
    )
    .select(['j.content', 'r.key', 'r.version'])
    .where('j.session', '=', of.session)
    .where('j.recorder', '=', of.recorder)
    .where((where) => where(sql<string>`j.content->>'track'`, '=', 'master'))
    .where((where) => where(sql<boolean>`j.content ? 'kind'`, '=', false))
    .orderBy('j.line', 'desc')
    .limit(most)
    .execute()
  return rows.reverse().map((row) => {
    const { content, key, version } = fromStored(newestRow, row, `a segment of session ${of.session}`)
    return { line: content, key, version }
  })
}
