import { sql } from 'kysely'
import { z } from 'zod'
import { base64, type RecorderId, recorderId, type SessionId, sha256Hex } from '../model/ids.ts'
import { journalLine } from '../model/recording.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, isSameJson, toJson } from './stored-json.ts'

/** A line is not the next of its journal, or says something else than the line that is kept. */
export class JournalOrderError extends Error {
  override readonly name = 'JournalOrderError'
}

/** A line of a recorder's journal as the server keeps it; `line` counts from 0 and is its leaf's place in the tree. */
export const journalRow = z.object({ recorder: recorderId, line: z.int().nonnegative(), content: journalLine })
export type JournalRow = z.infer<typeof journalRow>

/** A segment is in the store: read back, hashed, and under this version for ever. */
export const segmentReceipt = z.object({
  recorder: recorderId,
  line: z.int().nonnegative(),
  key: z.string().min(1),
  version: z.string().min(1),
  sizeBytes: z.int().nonnegative(),
})
export type SegmentReceipt = z.infer<typeof segmentReceipt>

/** Which journal: a recorder's, of a session. */
export interface JournalOf {
  session: SessionId
  recorder: RecorderId
}

/**
 * Adds the next line of a journal; the same line again is no error.
 * @returns whether the line was new
 * @throws JournalOrderError
 */
export async function appendJournalLine(tx: Tx, of: JournalOf & { line: number; content: JournalRow['content'] }): Promise<boolean> {
  const { session, recorder, line } = of
  const content = journalLine.parse(of.content)
  if (content.session !== session || content.recorder !== recorder) {
    throw new JournalOrderError(
      `line ${line} is of recorder ${content.recorder} in session ${content.session}, not of ${recorder} in ${session}`,
    )
  }
  await lockList(tx, `journal ${session} ${recorder}`)
  const next = await countJournal(tx, of)
  if (line > next) throw new JournalOrderError(`line ${line} of recorder ${recorder} came before line ${next}`)
  if (line === next) {
    await tx
      .insertInto('journal')
      .values({ session, recorder, line, content: toJson(content) })
      .execute()
    return true
  }
  const kept = await journalOf(tx, of).select('content').where('line', '=', line).executeTakeFirst()
  if (!isSameJson(kept?.content, content)) throw new JournalOrderError(`line ${line} of recorder ${recorder} is kept with other content`)
  return false
}

/** How many lines of a journal are here: the number of the line that comes next. */
export async function countJournal(tx: Tx, of: JournalOf): Promise<number> {
  const row = await journalOf(tx, of)
    .select((rows) => rows.fn.max('line').as('last'))
    .executeTakeFirst()
  return typeof row?.last === 'number' ? row.last + 1 : 0
}

const journalCount = z.object({
  recorder: recorderId,
  /** Lines that are here. */
  lines: z.int().nonnegative(),
  /** Segments without a receipt. */
  unconfirmed: z.int().nonnegative(),
  /** Lines under the newest signed head. */
  signed: z.int().nonnegative(),
})

/** How far each journal of a session is, counted by the database. */
export async function countJournals(tx: Tx, session: SessionId): Promise<z.infer<typeof journalCount>[]> {
  const { rows } = await sql`
    select j.recorder, count(*)::int as lines,
      (count(*) filter (where j.content ? 'index' and r.line is null))::int as unconfirmed,
      coalesce((select max(h.size) from escano.heads h where h.session = j.session and h.recorder = j.recorder), 0) as signed
    from escano.journal j
    left join escano.receipts r on r.council_id = j.council_id and r.session = j.session and r.recorder = j.recorder and r.line = j.line
    where j.session = ${session}
    group by j.session, j.recorder order by j.recorder`.execute(tx)
  return rows.map((row) => fromStored(journalCount, row, `count of the journals of session ${session}`))
}

/** A session's journals, each in its order, one recorder after the other; or one recorder's. */
export async function readJournal(tx: Tx, session: SessionId, recorder?: RecorderId): Promise<JournalRow[]> {
  const rows = await tx
    .selectFrom('journal')
    .select(['recorder', 'line', 'content'])
    .where('session', '=', session)
    .$if(recorder !== undefined, (of) => of.where('recorder', '=', recorder ?? ''))
    .orderBy('recorder')
    .orderBy('line')
    .execute()
  return rows.map((row) => fromStored(journalRow, row, `line ${row.line} of the journal of session ${session}`))
}

/** One line of a recorder's journal. */
export async function readJournalLine(tx: Tx, of: JournalOf, line: number): Promise<JournalRow | undefined> {
  const row = await journalOf(tx, of).select(['recorder', 'line', 'content']).where('line', '=', line).executeTakeFirst()
  return row && fromStored(journalRow, row, `line ${line} of the journal of session ${of.session}`)
}

/**
 * Keeps what the store answered for a segment; the same again is no error.
 * @throws JournalOrderError another object was confirmed for that line before
 */
export async function putReceipt(tx: Tx, of: { session: SessionId } & SegmentReceipt): Promise<void> {
  const { recorder, line, key, version, sizeBytes } = segmentReceipt.parse(of)
  const { session } = of
  const row = { session, recorder, line, key, version, size_bytes: sizeBytes }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('receipts')
    .values(row)
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 1n) return
  const kept = await tx
    .selectFrom('receipts')
    .selectAll()
    .where('session', '=', session)
    .where('recorder', '=', recorder)
    .where('line', '=', line)
    .executeTakeFirst()
  if (kept?.key !== key || kept.version !== version) {
    throw new JournalOrderError(
      `line ${line} of recorder ${recorder} was confirmed as ${kept?.key} version ${kept?.version}, not as ${key} version ${version}`,
    )
  }
}

/** The receipts of a session, in the order of its journals. */
export async function readReceipts(tx: Tx, session: SessionId): Promise<SegmentReceipt[]> {
  const rows = await tx.selectFrom('receipts').selectAll().where('session', '=', session).orderBy('recorder').orderBy('line').execute()
  return rows.map((row) => fromStored(segmentReceipt, { ...row, sizeBytes: row.size_bytes }, `receipt ${row.line} of session ${session}`))
}

function journalOf(tx: Tx, of: JournalOf) {
  return tx.selectFrom('journal').where('session', '=', of.session).where('recorder', '=', of.recorder)
}

/** A signed head of a journal's tree (contracts.md §2), with its time-stamp once there is one. */
export const journalHead = z.object({
  recorder: recorderId,
  size: z.int().positive(),
  rootHex: sha256Hex,
  note: z.string().min(1),
  tokenBase64: base64.optional(),
  /** The token is younger than the head by more than the rule allows: there was no line then. */
  late: z.boolean().optional(),
})
export type JournalHead = z.infer<typeof journalHead>

/**
 * Keeps a head that the caller has verified; the same note again is no error.
 * @throws JournalOrderError it shrinks, or is another head of a size that is kept
 */
export async function appendHead(tx: Tx, of: JournalOf & { size: number; rootHex: string; note: string }): Promise<void> {
  const { session, recorder, size, rootHex, note } = of
  await lockList(tx, `heads ${session} ${recorder}`)
  const last = await tx
    .selectFrom('heads')
    .selectAll()
    .where('session', '=', session)
    .where('recorder', '=', recorder)
    .orderBy('size', 'desc')
    .executeTakeFirst()
  if (last !== undefined && last.size >= size) {
    const same = await tx
      .selectFrom('heads')
      .select('root')
      .where('session', '=', session)
      .where('recorder', '=', recorder)
      .where('size', '=', size)
      .executeTakeFirst()
    if (same?.root === rootHex) return
    throw new JournalOrderError(`a head of ${size} lines of recorder ${recorder} came after one of ${last.size}`)
  }
  await tx
    .insertInto('heads')
    .values({ session, recorder, size, root: sha256Hex.parse(rootHex), note })
    .execute()
}

/** Adds the time-stamp to a kept head, once; a head that has one keeps it. */
export async function setHeadToken(tx: Tx, of: JournalOf & { size: number; tokenBase64: string; late: boolean }): Promise<void> {
  const { session, recorder, size, late } = of
  const token = base64.parse(of.tokenBase64)
  await tx
    .insertInto('head_tokens')
    .values({ session, recorder, size, token, late })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** The heads of a session, one recorder after the other, each recorder's growing. */
export async function readHeads(tx: Tx, session: SessionId): Promise<JournalHead[]> {
  const rows = await tx
    .selectFrom('heads')
    .leftJoin('head_tokens', (on) =>
      on
        .onRef('head_tokens.session', '=', 'heads.session')
        .onRef('head_tokens.recorder', '=', 'heads.recorder')
        .onRef('head_tokens.size', '=', 'heads.size'),
    )
    .select(['heads.recorder', 'heads.size', 'heads.root', 'heads.note', 'head_tokens.token', 'head_tokens.late'])
    .where('heads.session', '=', session)
    .orderBy('heads.recorder')
    .orderBy('heads.size')
    .execute()
  return rows.map(({ recorder, size, root: rootHex, note, token, late }) =>
    fromStored(
      journalHead,
      { recorder, size, rootHex, note, ...(token === null ? {} : { tokenBase64: token, late }) },
      `head ${size} of session ${session}`,
    ),
  )
}

/** Keeps that a recorder has said its last word of a session: so many lines, no more. @throws JournalOrderError it said another number before */
export async function putFinished(tx: Tx, of: JournalOf & { lines: number }): Promise<void> {
  const { session, recorder, lines } = of
  await tx
    .insertInto('finished_journals')
    .values({ session, recorder, lines })
    .onConflict((on) => on.doNothing())
    .execute()
  const kept = (await readFinished(tx, session)).find((one) => one.recorder === recorder)
  if (kept?.lines !== lines) throw new JournalOrderError(`recorder ${recorder} finished with ${kept?.lines} lines, not with ${lines}`)
}

/** Which recorders have finished a session. */
export async function readFinished(tx: Tx, session: SessionId): Promise<{ recorder: JournalHead['recorder']; lines: number }[]> {
  const rows = await tx
    .selectFrom('finished_journals')
    .select(['recorder', 'lines'])
    .where('session', '=', session)
    .orderBy('recorder')
    .execute()
  return rows.map((row) =>
    fromStored(z.object({ recorder: recorderId, lines: z.int().nonnegative() }), row, `the end of a journal of ${session}`),
  )
}
