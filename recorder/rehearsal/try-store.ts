import { createHash, randomBytes } from 'node:crypto'
import type { Rehearsal, RehearsalFinding } from '../../storage/model/rehearsal.ts'
import type { AgentIdentity } from '../agent-identity.ts'
import { ticketAnswer, trialAnswer } from '../control-protocol.ts'
import { pacedPut } from '../paced-put.ts'
import { askServer, UploadRefusedError } from '../segment-delivery.ts'
import type { ServerClock } from '../server-clock.ts'
import { TokenBucket } from '../upload-lanes.ts'

const trialBytes = 64 * 1024
const withinMs = 60_000

/** Puts some bytes into the store the way a segment goes, and has the server read them back, hash them, and try the store's lock. */
export async function tryStore(identity: AgentIdentity, clock: ServerClock, signal: AbortSignal): Promise<RehearsalFinding> {
  const bytes = randomBytes(trialBytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const md5 = createHash('md5').update(bytes).digest('base64')
  const parts = { identity, clock }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
  try {
    await clock.ask(identity.enrolment.server)
    const asked = { sha256, sizeBytes: bytes.length }
    const ticket = ticketAnswer.parse(await askServer(parts, '/agent/trial/ticket', { ...asked, md5 }, limited))
    const url = new URL(ticket.url, identity.enrolment.server)
    const status = await pacedPut({ url, headers: ticket.headers, bytes, bucket: new TokenBucket(undefined), signal: limited })
    if (status < 200 || status >= 300) return { code: 'store-failed', detail: `the store answered ${status} to a PUT` }
    const read = trialAnswer.parse(await askServer(parts, '/agent/trial/receipt', asked, limited))
    if (read.sha256 !== sha256) return { code: 'store-failed', detail: `put ${sha256}, read back ${read.sha256}` }
    return read.lock === 'held' ? { code: 'store-good' } : { code: 'store-unlocked', detail: `lock: ${read.lock}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    return { code: 'store-failed', detail: `${error instanceof Error ? error.message : String(error)}${cause}`.slice(0, 500) }
  }
}

/** Tells the server what was found, so that the secretary sees it. @throws UploadRefusedError */
export async function tellRehearsal(identity: AgentIdentity, clock: ServerClock, found: Rehearsal): Promise<void> {
  const told = await askServer({ identity, clock }, '/agent/rehearsal', found, AbortSignal.timeout(withinMs))
  if (typeof told !== 'object') throw new UploadRefusedError('the server did not take the rehearsal')
}
