import type { SpoolReport } from '../../recorder/control-protocol.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { readReceipts } from '../../storage/records/journal.ts'
import { putSpoolReport } from '../../storage/records/spool-reports.ts'
import type { Storage } from '../../storage/storage.ts'
import type { KnownRecorder } from './recorder-credential.ts'

/**
 * Keeps what a recorder tells of its spool; the newest counts.
 * @returns sessions of which fewer receipts are here than the recorder keeps (a backup was restored): nothing of them may be removed
 */
export async function keepSpoolReport(storage: Storage, { council, recorder }: KnownRecorder, report: SpoolReport): Promise<SessionId[]> {
  return await storage.database.inCouncil(council, async (tx) => {
    await putSpoolReport(tx, { recorder: recorder.id, receivedMs: Date.now(), ...report })
    const doubted: SessionId[] = []
    for (const { session, confirmed } of report.sessions) {
      const here = (await readReceipts(tx, session)).filter((one) => one.recorder === recorder.id).length
      if (here < confirmed) doubted.push(session)
    }
    return doubted
  })
}
