import { z } from 'zod'
import { eventId, nanoseconds, recorderId, sessionId, sha256Hex } from '../storage/model/ids.ts'
import { journalLine, recorderState } from '../storage/model/recording.ts'

/** What travels between the agent in the chamber and the server (design.md §3). The agent dials out; nothing dials in. */

const envelope = {
  id: eventId,
  seq: z.int().positive(),
  session: sessionId,
  monotonicNs: nanoseconds,
  wallMs: z.int(),
  boot: z.string().min(1),
}

/** Server → agent. Acknowledged when the agent has acted on it; the state comes back as proof, not as the acknowledgement. */
export const recorderCommand = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('start'), source: z.string().min(1).optional(), origin: z.string().min(1) }),
  z.object({ ...envelope, type: z.literal('pause') }),
  z.object({ ...envelope, type: z.literal('resume') }),
  z.object({ ...envelope, type: z.literal('stop') }),
  z.object({ ...envelope, type: z.literal('event'), event: z.string(), sha256: sha256Hex }),
])
export type RecorderCommand = z.infer<typeof recorderCommand>

/** What the recorder can show for itself now; sent at every change and each second while it runs. */
export const proofOfLife = z.object({
  state: recorderState,
  /** Bytes were decoded up to here on the media line, ms. */
  provenMs: z.int().nonnegative(),
  provenWallMs: z.int().nonnegative(),
  /** Loudest sample of the last seconds, dBFS; null while nothing was decoded. */
  peakDb: z.number().nullable(),
  segments: z.int().nonnegative(),
  unconfirmed: z.int().nonnegative(),
  diskFreeBytes: z.int().nonnegative(),
  cause: z.string().optional(),
})
export type ProofOfLife = z.infer<typeof proofOfLife>

/** Agent → server. Kept in the agent's outbox until the server acknowledged it after its commit; the server drops ids it has. */
export const recorderMessage = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('state'), proof: proofOfLife }),
  /** The next line of the journal; `line` counts from 0 and is the leaf's index in the tree. */
  z.object({ ...envelope, type: z.literal('journal'), line: z.int().nonnegative(), content: journalLine }),
  /** A signed note over the tree of the journal (contracts.md §2). */
  z.object({ ...envelope, type: z.literal('head'), note: z.string().min(1).max(4096) }),
  /** Everything of this session is journalled and signed; no line follows. */
  z.object({ ...envelope, type: z.literal('finished'), lines: z.int().nonnegative() }),
])
export type RecorderMessage = z.infer<typeof recorderMessage>

/** HTTP, agent → server: asks where to put one segment. */
export const ticketRequest = z.object({ session: sessionId, line: journalLine, md5: z.string().min(1) })
/** HTTP, agent → server: the bytes are there; the answer is a receipt once the server has read them back and hashed them. */
export const receiptRequest = z.object({ session: sessionId, line: journalLine })
export const receipt = z.object({ key: z.string().min(1), version: z.string().min(1), sha256: sha256Hex, sizeBytes: z.int().positive() })
export type Receipt = z.infer<typeof receipt>

/** What an enrolled agent keeps: its id, the council's origin and the address it dials; the private key stands in a file of its own. */
export const enrolment = z.object({ recorder: recorderId, council: z.string().min(1), dir3: z.string().min(1), server: z.url() })
export type Enrolment = z.infer<typeof enrolment>
