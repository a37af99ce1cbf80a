import { z } from 'zod'
import { type RecorderId, recorderId, type SessionId } from '../model/ids.ts'
import { isStoredLine, type JournalLine } from '../model/recording.ts'
import { type RecorderJournal, recordersInOrder } from '../model/recording-of-record.ts'
import type { Tx } from './database.ts'
import { type JournalOf, putFinished, readFinished, readJournal, readReceipts, type SegmentReceipt } from './journal.ts'
import { lockList } from './row-lock.ts'
import { fromStored, toJson } from './stored-json.ts'

const givenUpJournal = z.object({
  recorder: recorderId,
  /** Lines of segments that never reached the store before it was given up. */
  lost: z.array(z.int().nonnegative()),
  by: z.string().min(1),
  atMs: z.int(),
})
export type GivenUpJournal = z.infer<typeof givenUpJournal>

/** A recorder's journal of a session as it counts, with the receipts of its segments. */
export interface KeptJournal extends RecorderJournal {
  receipts: ReadonlyMap<number, SegmentReceipt>
  /** It never said its last word, and is not waited for. */
  givenUp?: GivenUpJournal
}

/** The journals of a session, in the order in which their recorders first are of record; of one that was given up, what was here then. */
export async function readJournals(tx: Tx, session: SessionId): Promise<KeptJournal[]> {
  const rows = await readJournal(tx, session)
  const receipts = await readReceipts(tx, session)
  const givenUp = await readGivenUp(tx, session)
  const finished = await readFinished(tx, session)
  const journals = [...new Set(rows.map((row) => row.recorder))].map((recorder): KeptJournal => {
    const gone = givenUp.find((one) => one.recorder === recorder)
    const end = gone && finished.find((one) => one.recorder === recorder)?.lines
    const lines = rows.flatMap((row) => (row.recorder === recorder ? [row.content] : [])).slice(0, end)
    const own = new Map(receipts.filter((one) => one.recorder === recorder && one.line < lines.length).map((one) => [one.line, one]))
    // What comes in after it was given up is kept, and is not of record: a sealed manifest stays true.
    const lost = new Set(gone?.lost)
    const stored = new Set([...own.keys()].filter((line) => !lost.has(line)))
    return { recorder, lines, stored, receipts: own, ...(gone === undefined ? {} : { givenUp: gone }) }
  })
  const order = recordersInOrder(journals)
  return journals.sort((a, b) => order.indexOf(a.recorder) - order.indexOf(b.recorder))
}

/** The recorders of a session that were given up. */
export async function readGivenUp(tx: Tx, session: SessionId): Promise<GivenUpJournal[]> {
  const rows = await tx.selectFrom('given_up_journals').selectAll().where('session', '=', session).orderBy('recorder').execute()
  return rows.map((row) => fromStored(givenUpJournal, { ...row, atMs: row.at_ms }, `a journal of ${session} that was given up`))
}

/**
 * Waits no longer for a recorder: its journal ends where it is now, and the session can be closed with it. Twice is once.
 * @returns whether it was this call
 */
export async function giveUpJournal(tx: Tx, of: JournalOf & { by: string; atMs: number }): Promise<boolean> {
  const { session, recorder, by, atMs } = of
  await lockList(tx, `journal ${session} ${recorder}`)
  if ((await readFinished(tx, session)).some((one) => one.recorder === recorder)) return false
  const lines: JournalLine[] = (await readJournal(tx, session, recorder)).map((row) => row.content)
  const confirmed = await confirmedOf(tx, session, recorder)
  const lost = lines.flatMap((line, at) => (isStoredLine(line) && !confirmed.has(at) ? [at] : []))
  await putFinished(tx, { session, recorder, lines: lines.length })
  await tx
    .insertInto('given_up_journals')
    .values({ session, recorder, lost: toJson(lost), by, at_ms: atMs })
    .execute()
  return true
}

async function confirmedOf(tx: Tx, session: SessionId, recorder: RecorderId): Promise<Set<number>> {
  return new Set((await readReceipts(tx, session)).filter((one) => one.recorder === recorder).map((one) => one.line))
}
