import { z } from 'zod'
import { canonicalJson } from '../storage/custody/canonical-json.ts'
import { dir3 } from '../storage/model/council.ts'
import { base64, councilId, eventId, nanoseconds, recorderId, sessionId, sha256Hex } from '../storage/model/ids.ts'
import { reportedMicrophoneEvent } from '../storage/model/microphone-events.ts'
import { journalLine, recorderState } from '../storage/model/recording.ts'
import { sessionEvent } from '../storage/model/session-events.ts'
import { alarm, channelLevel } from './alarms.ts'

/** What travels between the agent in the chamber and the server (design.md §3). The agent dials out; nothing dials in. */

/** Namespace of the socket. Events: `message` and `command` (acknowledged with an Answer), `proof` (not kept: the next one tells more). */
export const linkNamespace = '/recorder'

const envelope = {
  id: eventId,
  seq: z.int().positive(),
  session: sessionId,
  monotonicNs: nanoseconds,
  wallMs: z.int(),
  boot: z.string().min(1),
}

/** Why a recording rests: a person paused it, or a part of the session is closed. The gap says it. */
export const restCause = z.enum(['paused', 'closed-part'])
export type RestCause = z.infer<typeof restCause>

/** Marks (ids of events) that closed the parts a recording rests or is encrypted for: who ends that must know them all. */
const closings = z.array(eventId).max(100)

/** What a rest is asked for. `instead`: it takes the place of a person's pause (closed-rest.ts). */
export const restWanted = z.object({ cause: restCause.optional(), instead: z.literal(true).optional(), closing: eventId.optional() })
export type RestWanted = z.infer<typeof restWanted>

/** Where the media line of a session stands now, for a recorder that joins those that record it already. */
export const sessionLine = z.object({
  mediaMs: z.int().nonnegative(),
  /** Media ms per ms: above 1 only where a sample is played faster. */
  speed: z.number().positive(),
})
export type SessionLine = z.infer<typeof sessionLine>

/** Server → agent. Acknowledged when the agent has acted on it; the state comes back as proof, not as the acknowledgement. */
export const recorderCommand = z.discriminatedUnion('type', [
  z.object({
    ...envelope,
    type: z.literal('start'),
    source: z.string().min(1).optional(),
    origin: z.string().min(1),
    line: sessionLine.optional(),
  }),
  z.object({ ...envelope, type: z.literal('pause'), ...restWanted.shape }),
  /** With `closings` it ends a rest in closed parts, and only when that is for none but these; without, a person wants it. */
  z.object({ ...envelope, type: z.literal('resume'), closings: closings.optional() }),
  /** What is recorded from now on is encrypted to these keys before it leaves the chamber; `unseal` ends it as `resume` does a rest. */
  z.object({
    ...envelope,
    type: z.literal('seal'),
    recipients: z.array(z.string().min(1).max(100)).min(1).max(20),
    closing: eventId.optional(),
  }),
  z.object({ ...envelope, type: z.literal('unseal'), closings: closings.optional() }),
  z.object({ ...envelope, type: z.literal('stop') }),
  z.object({ ...envelope, type: z.literal('event'), event: z.string(), sha256: sha256Hex }),
  /** Tries everything before that session; what was found comes over HTTP (`/agent/rehearsal`). */
  z.object({ ...envelope, type: z.literal('rehearse') }),
])
export type RecorderCommand = z.infer<typeof recorderCommand>

/** What the recorder can show for itself now; sent at every change and each second while it runs. */
export const proofOfLife = z.object({
  state: recorderState,
  /** Bytes on the disk were decoded up to here on the media line, ms. */
  provenMs: z.int().nonnegative(),
  /** Clock of the recorder when that place was captured; 0 while nothing was proven. */
  provenWallMs: z.int().nonnegative(),
  /** Place on the media line that is being captured at `atWallMs`; between two proofs it moves `speed` media ms per ms. */
  mediaMs: z.int().nonnegative(),
  atWallMs: z.int().nonnegative(),
  /** 1 but for a sample played faster than real time; 0 while nothing is captured. */
  speed: z.number().nonnegative(),
  /** Loudest sample of what was decoded last, dBFS, never below -120; null when it held no sound. */
  peakDb: z.number().nullable(),
  /** What was decoded last held pictures. */
  picture: z.boolean(),
  part: z.int().nonnegative(),
  segments: z.int().nonnegative(),
  gaps: z.int().nonnegative(),
  /** Segments on the disk that the store has not confirmed. */
  unconfirmed: z.int().nonnegative(),
  diskFreeBytes: z.int().nonnegative(),
  /** What is wrong or why it stands still, for a person to read. */
  cause: z.string().optional(),
  /** What it records is encrypted to the council's keys: a closed part, recorded for the secretary alone. */
  sealed: z.literal(true).optional(),
  /** Why it rests, whatever else is wrong; absent while it does not, and from a recorder of before. */
  rests: restCause.optional(),
  /** The closed parts that it rests or encrypts for, by their marks; absent while it does neither, and from a recorder of before. */
  closings: closings.optional(),
  /** What a person in the room should know, the worst first; absent from a recorder of before. */
  alarms: z.array(alarm).max(100).optional(),
  /** Level of each channel or microphone in what was decoded last. */
  levels: z.array(channelLevel).max(128).optional(),
  /** Each source of several by itself. */
  sources: z
    .array(z.object({ id: z.string().max(100), name: z.string().max(100), state: recorderState }))
    .max(64)
    .optional(),
  /** Hours that the free disk lasts at the present rate. */
  hoursLeft: z.number().nonnegative().optional(),
})
export type ProofOfLife = z.infer<typeof proofOfLife>
/** A small JPEG of the newest key picture on the disk: a few kB, every few seconds, never kept. */
export const previewMessage = z.object({ session: sessionId, jpeg: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength < 200_000) })
export const proofMessage = z.object({ session: sessionId.nullable(), proof: proofOfLife })

/** Agent → server. Kept in the agent's outbox until the server acknowledged it after its commit; the server drops what it has. */
export const recorderMessage = z.discriminatedUnion('type', [
  /** The next line of the journal; `line` counts from 0 and is the leaf's index in the tree. */
  z.object({ ...envelope, type: z.literal('journal'), line: z.int().nonnegative(), content: journalLine }),
  /** What the recorder itself saw happen: `recording.*` of contracts.md §1. */
  z.object({ ...envelope, type: z.literal('event'), event: sessionEvent }),
  /** A signed note over the tree of the journal (contracts.md §2). */
  z.object({ ...envelope, type: z.literal('head'), note: z.string().min(1).max(4096) }),
  /** Everything of this session is journalled and signed; no line follows. */
  z.object({ ...envelope, type: z.literal('finished'), lines: z.int().nonnegative() }),
])
export type RecorderMessage = z.infer<typeof recorderMessage>

/** The answer to a message or command. `retry` tells whether the same message may be accepted later. */
export const answer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), retry: z.boolean(), error: z.string() }),
])
export type Answer = z.infer<typeof answer>

/** HTTP, agent → server: asks where to put one segment; `leaf` is the number of its line in the journal. */
export const ticketRequest = z.object({ session: sessionId, leaf: z.int().nonnegative(), line: journalLine, md5: base64 })
export const ticketAnswer = z.object({
  method: z.literal('PUT'),
  /** Absolute, or a path of the server itself. */
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()),
  expiresAtMs: z.int(),
})
export type TicketAnswer = z.infer<typeof ticketAnswer>
/** HTTP, agent → server: the bytes are there; the answer is a receipt once the server has read them back and hashed them. */
export const receiptRequest = z.object({ session: sessionId, leaf: z.int().nonnegative(), line: journalLine })
export const receipt = z.object({ key: z.string().min(1), version: z.string().min(1), sha256: sha256Hex, sizeBytes: z.int().positive() })
export type Receipt = z.infer<typeof receipt>

/** HTTP, agent → server: some bytes of a rehearsal, put and read back as those of a segment are. */
export const trialRequest = z.object({
  sha256: sha256Hex,
  sizeBytes: z
    .int()
    .min(1)
    .max(1024 * 1024),
})
export const trialTicketRequest = trialRequest.extend({ md5: base64 })
/** `lock`: custody copies can be locked there, or the store lets a lock be broken, or it has none (a disk). */
export const trialAnswer = z.object({ sha256: sha256Hex, sizeBytes: z.int(), lock: z.enum(['held', 'broken', 'none']) })

/** HTTP, agent → server: what the conference system of the chamber said of its microphones. The same id twice counts once. */
export const microphonesPath = '/agent/microphones'
export const microphonesRequest = z.object({ events: z.array(reportedMicrophoneEvent).min(1).max(1000) })

/** What a recorder's disk holds of one session, held against its own journal and receipts. */
export const sessionHoldings = z.object({
  session: sessionId,
  /** Lines of its journal, and how many of them the newest signed head covers. */
  lines: z.int().nonnegative(),
  signed: z.int().nonnegative(),
  segments: z.int().nonnegative(),
  /** Segments whose receipt is kept. */
  confirmed: z.int().nonnegative(),
  /** Segments that were removed from the disk since the store holds them. */
  removed: z.int().nonnegative(),
  /** Lines of segments that should be on the disk and are not, or are not what was journalled; at most the first 500. */
  missing: z.array(z.int().nonnegative()).max(500),
  altered: z.array(z.int().nonnegative()).max(500),
  /** What is on the disk, and since when the oldest of it is, Unix ms. */
  bytes: z.int().nonnegative(),
  sinceMs: z.int().nullable(),
})
export type SessionHoldings = z.infer<typeof sessionHoldings>
/** HTTP, agent → server, a few times a day: what the spool holds. */
export const spoolReport = z.object({
  atMs: z.int(),
  diskFreeBytes: z.int().nonnegative(),
  diskTotalBytes: z.int().nonnegative(),
  sessions: z.array(sessionHoldings).max(1000),
})
export type SpoolReport = z.infer<typeof spoolReport>
/** Sessions of which the server knows fewer receipts than the recorder keeps: nothing of them is removed. */
export const spoolAnswer = z.object({ keep: z.array(sessionId) })

/** What an enrolled agent keeps: its id, its council and the address it dials; the private key stands in a file of its own. */
export const enrolment = z.object({ recorder: recorderId, council: councilId, dir3, server: z.url() })
export type Enrolment = z.infer<typeof enrolment>

/** What the agent signs to be let in: for the link as `auth` of the handshake, for HTTP as `Authorization: Escano <base64 of its JSON>`. */
export const credential = z.object({
  council: councilId,
  recorder: recorderId,
  timeMs: z.int(),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** Ed25519 over `credentialBytes`. */
  signature: base64,
})
export type Credential = z.infer<typeof credential>

/** Purpose of the credential that opens the link. */
export const linkPurpose = 'link'
/** Purpose of the credential of one HTTP request. */
export function requestPurpose(path: string, bodySha256: string): string {
  return `POST ${path} ${bodySha256}`
}

/** How far the clocks of agent and server may be apart, and how long a nonce is remembered. */
export const credentialLifeMs = 10 * 60_000

/** What is signed: with its purpose, so that a credential serves for one thing, and with its nonce, so that it serves once. */
export function credentialBytes(purpose: string, of: Omit<Credential, 'signature'>): Uint8Array {
  const { council, recorder, timeMs, nonce } = of
  return canonicalJson({ v: 1, use: 'escano-recorder', purpose, council, recorder, timeMs, nonce })
}

/** HTTP, a recorder that nobody knows yet → server: enrols it by a code that one of the council's staff made a moment ago. */
export const enrolmentRequest = z.object({
  code: z.string().min(5).max(40),
  /** What people call it: the name of the machine. */
  name: z.string().trim().min(1).max(80),
  /** Raw Ed25519, 32 bytes. */
  publicKeyBase64: base64.length(44),
  /** Ed25519 over `enrolmentBytes`: it holds the key. */
  signature: base64,
})
export type EnrolmentRequest = z.infer<typeof enrolmentRequest>

export const enrolmentAnswer = z.object({
  recorder: recorderId,
  council: councilId,
  dir3,
  councilName: z.string(),
  /** The one that is being recorded now: a spare joins it. */
  session: sessionId.optional(),
  /** Where that one's media line stands. */
  line: sessionLine.optional(),
})
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswer>

export function enrolmentBytes(of: Omit<EnrolmentRequest, 'signature'>): Uint8Array {
  const { code, name, publicKeyBase64 } = of
  return canonicalJson({ v: 1, use: 'escano-enrolment', code, name, publicKeyBase64 })
}
