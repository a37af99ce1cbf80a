import type { Tx } from './database.ts'
import type { JobPayload } from './job-kinds.ts'
import type { Jobs } from './jobs.ts'

/** Segments come every four seconds: what has come in so long is heard at once. */
const gatherMs = 10_000

/**
 * More of a running session is in the store: asks for a draft of it, within the transaction that keeps the receipt. Asked again while it
 * waits or runs it is the same; behind everything else that is to be recognised.
 */
export async function askForDraft(jobs: Jobs, tx: Tx, of: JobPayload<'transcript.draft'>): Promise<void> {
  await jobs.send('transcript.draft', of, { tx, startAfterMs: gatherMs, priority: -20 })
}
