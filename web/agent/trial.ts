import type { z } from 'zod'
import type { trialAnswer, trialRequest, trialTicketRequest } from '../../recorder/control-protocol.ts'
import type { CouncilId, RecorderId } from '../../storage/model/ids.ts'
import { probeLock } from '../../storage/objects/lock-probe.ts'
import { trialKey } from '../../storage/objects/object-keys.ts'
import type { UploadTicket } from '../../storage/objects/object-store.ts'
import { S3ObjectStore } from '../../storage/objects/s3-object-store.ts'
import type { Storage } from '../../storage/storage.ts'

/** Whose trial it is. */
interface TrialOf {
  council: CouncilId
  recorder: RecorderId
}

/** Where a recorder puts the bytes of its rehearsal. */
export function trialTicket(storage: Storage, of: TrialOf, asked: z.infer<typeof trialTicketRequest>): Promise<UploadTicket> {
  const { sha256, sizeBytes, md5 } = asked
  const wanted = { sizeBytes, md5Base64: md5, sha256, contentType: 'application/octet-stream' }
  return storage.objects.ticket(trialKey(of.council, of.recorder, sha256), wanted)
}

/** Reads back what came and tries to break the store's lock. @returns undefined when nothing came */
export async function readTrial(
  storage: Storage,
  of: TrialOf,
  asked: z.infer<typeof trialRequest>,
): Promise<z.infer<typeof trialAnswer> | undefined> {
  const { objects } = storage
  const key = trialKey(of.council, of.recorder, asked.sha256)
  const stored = await objects.head(key)
  if (stored === undefined) return undefined
  const sha256 = await objects.hash(key, stored.version)
  if (!(objects instanceof S3ObjectStore)) return { sha256, sizeBytes: stored.sizeBytes, lock: 'none' }
  const { compliance, governance } = await probeLock(objects.lockAttempts())
  return { sha256, sizeBytes: stored.sizeBytes, lock: compliance && governance ? 'held' : 'broken' }
}
