import { randomUUID } from 'node:crypto'
import { putImport } from '../../../storage/records/imports.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'

/** A published session whose recording was brought as a file on 2 November 2026. */
export async function putImportedSession(storage: Storage, slug: string): Promise<PublishedSession> {
  const brought = await putPublishedSession(storage, { slug, seconds: 8 })
  const { council, session } = brought
  const [receivedAtMs, file] = [Date.UTC(2026, 10, 2, 9), { name: 'pleno.mp4', bytes: 1000 }]
  const receivedBy = { name: 'Noela Lestrigo', role: 'secretary' }
  const container = { format: 'mp4', durationMs: null, ownDates: [] }
  await storage.database.inCouncil(council.id, async (tx) => {
    await putSession(tx, { ...session, imported: true })
    await putImport(tx, {
      ...{ session: session.id, upload: randomUUID(), receivedAtMs, receivedBy: { account: 'account-1', ...receivedBy }, file },
      ...{ delivered: true, statement: { receivedAtMs, receivedBy, file: { ...file, sha256: 'a'.repeat(64) }, container } },
    })
  })
  return brought
}
