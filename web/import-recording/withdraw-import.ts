import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { changeImport, originalOf, type RecordingImport, readImport } from '../../storage/records/imports.ts'
import { lockSession, readSession, withdrawSession } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import { PageNotFoundError } from '../error-response.ts'
import { refused } from './upload-routes.ts'

/**
 * Takes an import back, in one transaction: its session is gone from every list and address, and what works on it stops at its next step.
 * The importer is called to clear its disk. What went to the store stays there. Twice is once.
 * @throws RefusedError its recording went the way of every other one already
 */
export async function withdrawImport(
  { database, jobs }: Pick<Storage, 'database' | 'jobs'>,
  of: { council: CouncilId; session: SessionId },
  by: RecordingImport['receivedBy'],
): Promise<void> {
  const { council, session } = of
  await database.inCouncil(council, async (tx) => {
    await lockSession(tx, session)
    const known = await readImport(tx, session)
    if (known === undefined) throw new PageNotFoundError()
    if (known.withdrawn) return
    const plenary = await readSession(tx, session)
    const atMs = Date.now()
    if (plenary === undefined || !(await withdrawSession(tx, session, atMs))) throw refused(409, (words) => words.refusals.tooLate)
    const original = originalOf(await changeImport(tx, session, { withdrawn: { atMs, by, convenedFor: plenary.convenedFor } }))
    const result = original === undefined ? 'nothing went to the store' : `what went to the store stays: SHA-256 ${original}`
    await writeAudit(tx, { by: by.account, action: 'recording-import-withdrawn', object: `session ${session}`, result })
    // A reader that ended at this very moment has looked for the last time: another run is asked for beside it.
    await jobs.send('recording.import', { council, session, key: 'withdrawn' }, { tx })
  })
}
