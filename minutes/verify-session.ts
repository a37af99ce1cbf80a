import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putVerification } from '../storage/records/verifications.ts'
import { exportSession } from './export-session.ts'
import type { MinutesParts } from './minutes-parts.ts'
import type { SessionPlace } from './session-documents.ts'
import { verifyPath } from './verify/verify-path.ts'

/**
 * Step 12, of our own: the session is exported as anybody would get it and verified from that folder alone with the installation's
 * anchors. Only this answer lets its page say that it is proven.
 */
export async function verifySession(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-verify-'))
  try {
    const out = join(folder, 'export')
    await exportSession(parts.storage, place.council, place.session, out, 'custody')
    const answer = await verifyPath(out, await parts.trust(), 'installation')
    await parts.storage.database.inCouncil(place.council, (tx) => putVerification(tx, place.session, answer, Date.now()))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
