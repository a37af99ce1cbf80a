import type { Council } from '../../../storage/model/council.ts'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import type { Rehearsal } from '../../../storage/model/rehearsal.ts'
import type { Session } from '../../../storage/model/session.ts'
import { putReconciliation } from '../../../storage/records/reconciliations.ts'
import { listRecorders } from '../../../storage/records/recorders.ts'
import { putRehearsal } from '../../../storage/records/rehearsals.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'

const dayMs = 24 * 3_600_000

/** Every recorder of the council rehearsed with a mute desk, and of last month's session two segments are gone from a disk. */
export async function putChamberNotes(
  storage: Storage,
  { council, session }: { council: Council; session: Session },
  findings: Rehearsal['findings'] = [
    { code: 'source-recorded', name: 'Cámara', value: 20 },
    { code: 'key-pictures-far', name: 'Cámara', value: 4 },
    { code: 'clock-free' },
    { code: 'no-sound', name: 'Mesa de son' },
    { code: 'store-good' },
  ],
): Promise<void> {
  const atMs = session.convenedFor - 2 * 3_600_000
  const before = { ...session, id: sessionId.parse(newId()), slug: 'anterior', convenedFor: session.convenedFor - 30 * dayMs }
  await storage.database.inCouncil(council.id, async (tx) => {
    for (const { id } of await listRecorders(tx)) await putRehearsal(tx, id, { v: 1, atMs, seconds: 20, findings })
    await putSession(tx, before)
    const missing = [0, 1].map((line) => ({ code: 'spool-missing' as const, session: before.id, slug: before.slug, line, detail: 'x' }))
    const counts = { sessions: 1, segments: 2, objects: 2, hashed: 2 }
    await putReconciliation(tx, { atMs: atMs - 12 * 3_600_000, ...counts, findings: missing, findingsTotal: 2 })
  })
}
