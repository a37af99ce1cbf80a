import { z } from 'zod'
import { councilId, sessionId } from '../model/ids.ts'

const ofSession = z.object({ council: councilId, session: sessionId })

/** What one part asks of another: the name of the work and the ids it is about. Jobs lie outside row-level security and hold no more. */
export const jobPayloads = {
  /** With `key` nothing of the file is left on the disk: asked for also while it is being read. */
  'recording.import': ofSession.extend({ key: z.literal('withdrawn').optional() }),
  'recording.close': ofSession,
  'transcript.draft': ofSession,
  'transcript.plan': ofSession,
  'transcript.chunk': ofSession.extend({ chunk: z.int().nonnegative(), key: z.string().min(1) }),
  'transcript.join': ofSession,
  'acta.draft': ofSession,
  'acta.keep': ofSession,
  'session.verify': ofSession,
} as const

export type JobKind = keyof typeof jobPayloads
export type JobPayload<K extends JobKind> = z.output<(typeof jobPayloads)[K]>

export const jobKinds = Object.keys(jobPayloads) as JobKind[]

/** Work asked for twice while it waits or runs is done once; this names it. */
export function jobKey(payload: JobPayload<JobKind>): string {
  return [payload.council, payload.session, ...('key' in payload ? [payload.key] : [])].join('/')
}
