import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import type { Tx } from '../../storage/records/database.ts'
import { type JournalHead, readFinished, readHeads, readJournal, readReceipts } from '../../storage/records/journal.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'

/** The session is being recorded: its stage follows, once. */
export async function noteRecording(tx: Tx, session: SessionId): Promise<void> {
  if ((await readStage(tx, session)) === 'prepared') await setStage(tx, session, 'recording')
}

/**
 * Whether every recorder of the session has said its last word, signed the whole of its journal, and every segment in it has a receipt.
 * What is still missing is told, for logs and tests.
 */
export async function missingOfRecording(tx: Tx, session: SessionId): Promise<string[]> {
  const finished = await readFinished(tx, session)
  if (finished.length === 0) return ['no recorder has finished']
  const journal = await readJournal(tx, session)
  const heads = await readHeads(tx, session)
  const confirmed = new Set((await readReceipts(tx, session)).map((receipt) => `${receipt.recorder}/${receipt.line}`))
  return [...new Set(journal.map((row) => row.recorder))].flatMap((recorder) => {
    const rows = journal.filter((row) => row.recorder === recorder)
    const lines = finished.find((one) => one.recorder === recorder)?.lines
    if (lines === undefined) return [`recorder ${recorder} has not finished`]
    const missing = rows.filter((row) => isSegmentLine(row.content) && !confirmed.has(`${recorder}/${row.line}`)).length
    return [
      ...(rows.length === lines ? [] : [`recorder ${recorder}: ${rows.length} of ${lines} lines`]),
      ...(newestHead(heads, recorder)?.size === lines ? [] : [`recorder ${recorder}: the last head is missing`]),
      ...(missing === 0 ? [] : [`recorder ${recorder}: ${missing} segments without receipt`]),
    ]
  })
}

/** When nothing is missing: stage `recorded`, and the work of closing is asked for, in one transaction. @returns whether it was this call */
export async function completeRecording(storage: Storage, council: CouncilId, session: SessionId): Promise<boolean> {
  return await storage.database.inCouncil(council, async (tx) => {
    const stage = await readStage(tx, session)
    if (stage !== 'prepared' && stage !== 'recording') return false
    if ((await missingOfRecording(tx, session)).length > 0) return false
    await setStage(tx, session, 'recorded')
    await storage.jobs.send('recording.close', { council, session }, { tx })
    return true
  })
}

export function newestHead(heads: readonly JournalHead[], recorder: string): JournalHead | undefined {
  return heads.filter((head) => head.recorder === recorder).at(-1)
}
