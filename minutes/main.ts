import { draftSession } from './acta/draft-session.ts'
import { keepActa } from './acta/keep-acta.ts'
import type { MinutesParts } from './minutes-parts.ts'
import { closeRecording } from './recording/close-recording.ts'
import { verifySession } from './verify-session.ts'

/**
 * Takes the jobs of this folder until the storage's queue is stopped: each is a whole way that may be run twice.
 * @param parts what the ways work with
 */
export async function startMinutes(parts: MinutesParts): Promise<void> {
  const { jobs } = parts.storage
  await jobs.work('recording.close', { concurrency: 1 }, (place) => closeRecording(parts, place))
  await jobs.work('acta.draft', { concurrency: 1 }, (place) => draftSession(parts, place))
  await jobs.work('acta.keep', { concurrency: 1 }, (place) => keepActa(parts, place))
  await jobs.work('session.verify', { concurrency: 1 }, (place) => verifySession(parts, place))
}
