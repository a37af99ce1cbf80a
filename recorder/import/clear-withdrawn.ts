import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CouncilId, RecorderId } from '../../storage/model/ids.ts'
import type { Tx } from '../../storage/records/database.ts'
import { listImports } from '../../storage/records/imports.ts'
import { enrolRecorder, readRecorder } from '../../storage/records/recorders.ts'
import type { Storage } from '../../storage/storage.ts'
import { UploadStore } from '../../storage/uploads/upload-store.ts'

/** The recorder of an import says nothing more. Twice is once. */
export async function revokeReader(tx: Tx, recorder: RecorderId): Promise<void> {
  const enrolled = await readRecorder(tx, recorder)
  if (enrolled && enrolled.revokedAtMs === undefined) await enrolRecorder(tx, { ...enrolled, revokedAtMs: Date.now() })
}

/**
 * Of the imports that were withdrawn nothing stays on this disk: no file, no spool, no key. All of the council's are looked at each time, so
 * that what a crash left goes with the next.
 */
export async function clearWithdrawn(of: { storage: Storage; uploads: string; work: string }, council: CouncilId): Promise<void> {
  const { database } = of.storage
  for (const { session, upload, recorder, withdrawn } of await database.inCouncil(council, listImports)) {
    if (withdrawn === undefined) continue
    if (recorder !== undefined) await database.inCouncil(council, (tx) => revokeReader(tx, recorder))
    await rm(join(of.work, session), { recursive: true, force: true })
    await new UploadStore(of.uploads).remove({ council, id: upload })
  }
}
