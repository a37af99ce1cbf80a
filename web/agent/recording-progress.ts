import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { Tx } from '../../storage/records/database.ts'
import { countJournals, type JournalHead, readFinished } from '../../storage/records/journal.ts'
import { readGivenUp } from '../../storage/records/recorder-journals.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'

/** The session is being recorded: its stage follows, once. */
export async function noteRecording(tx: Tx, session: SessionId): Promise<void> {
  if ((await readStage(tx, session)) === 'prepared') await setStage(tx, session, 'recording')
}

/**
 * Whether every recorder of the session has said its last word, signed the whole of its journal, and every segment in it has a receipt; one
 * that was given up is not waited for, as long as another one finished.
 * What is still missing is told, for logs and tests. It is asked at each receipt of a session that drains: it counts rows, it reads none.
 */
export async function missingOfRecording(tx: Tx, session: SessionId): Promise<string[]> {
  const finished = await readFinished(tx, session)
  const givenUp = new Set((await readGivenUp(tx, session)).map((one) => one.recorder))
  if (finished.length === 0) return ['no recorder has finished']
  return (await countJournals(tx, session)).flatMap(({ recorder, lines: here, unconfirmed, signed }) => {
    if (givenUp.has(recorder)) return []
    const lines = finished.find((one) => one.recorder === recorder)?.lines
    if (lines === undefined) return [`recorder ${recorder} has not finished`]
    return [
      ...(here === lines ? [] : [`recorder ${recorder}: ${here} of ${lines} lines`]),
      ...(signed === lines ? [] : [`recorder ${recorder}: the last head is missing`]),
      ...(unconfirmed === 0 ? [] : [`recorder ${recorder}: ${unconfirmed} segments without receipt`]),
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
