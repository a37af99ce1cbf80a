import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { StoredLine } from '../storage/model/recording.ts'
import type { AgentIdentity } from './agent-identity.ts'
import {
  type Receipt,
  receipt,
  requestPurpose,
  type SpoolReport,
  spoolAnswer,
  type TicketAnswer,
  ticketAnswer,
} from './control-protocol.ts'
import type { LineTurn, Rank } from './line-turn.ts'
import { pacedPut } from './paced-put.ts'
import type { ServerClock } from './server-clock.ts'
import type { TokenBucket } from './upload-lanes.ts'

/** The bytes in the spool are no longer those that were journalled: they are not sent, and nothing is changed. */
export class SegmentAlteredError extends Error {
  override readonly name = 'SegmentAlteredError'
}

/** The server or the store said no, or did not answer. `permanent`: asking again the same way will not help, a person must look. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError'
  readonly permanent: boolean
  /** Status of the answer; undefined when none came. */
  readonly status: number | undefined
  constructor(message: string, of: { permanent?: boolean; status?: number; cause?: unknown } = {}) {
    super(message, { cause: of.cause })
    this.permanent = of.permanent ?? (of.status !== undefined && isRefusal(of.status))
    this.status = of.status
  }
}

/** Whom to ask, as whom. */
export interface ServerParts {
  identity: AgentIdentity
  clock: ServerClock
}

export interface DeliveryParts extends ServerParts {
  bucket: TokenBucket
  /** Who may send now. */
  turns: LineTurn
}

/** A question or an answer ends by itself: without a signal a dropped network hangs until TCP gives up. */
const askMs = 60_000
/** A line slower than this carries no segment. */
const slowestBytesPerSecond = 8_000
/** A ticket lives a quarter of an hour: one that waited for its turn this long is asked for again. */
const ticketFreshMs = 5 * 60_000

export interface OutgoingSegment {
  path: string
  leaf: number
  line: StoredLine
  /** It was perhaps sent before. */
  mayBeThere: boolean
  rank: Rank
  /** Told as its bytes go onto the line. Must not throw. */
  onSending?: () => void
}

const serverProblem = z.object({ error: z.string() })

/**
 * Brings one segment to the store: ticket, PUT, receipt. Only a receipt counts, and the server gives it after it read the stored bytes
 * back and hashed them; the same segment twice is the same object. The line is taken for the PUT alone: ticket and receipt of others go on
 * beside it, so that it never stands idle.
 * @throws SegmentAlteredError, UploadRefusedError, or the signal's reason
 */
export async function deliverSegment(parts: DeliveryParts, segment: OutgoingSegment, signal: AbortSignal): Promise<Receipt> {
  const { leaf, line } = segment
  if (segment.mayBeThere) {
    // Stored, but the answer was lost: not every store keeps a second PUT from becoming a second version.
    const before = await askReceipt(parts, leaf, line, signal).catch(unlessAbsent)
    if (before !== undefined) return before
  }
  const bytes = await readJournalled(segment)
  const early = await askTicket(parts, segment, bytes, signal)
  const askedAt = performance.now()
  await parts.turns.take(segment.rank, signal, async () => {
    const ticket = performance.now() - askedAt < ticketFreshMs ? early : await askTicket(parts, segment, bytes, signal)
    segment.onSending?.()
    await put(parts, ticket, bytes, signal)
  })
  return await askReceipt(parts, leaf, line, signal)
}

async function askTicket(parts: DeliveryParts, { leaf, line }: OutgoingSegment, bytes: Buffer, signal: AbortSignal): Promise<TicketAnswer> {
  const md5 = createHash('md5').update(bytes).digest('base64')
  return ticketAnswer.parse(await askServer(parts, '/agent/ticket', { session: line.session, leaf, line, md5 }, within(askMs, signal)))
}

/** @throws UploadRefusedError the store refused it, or does not answer */
async function put(
  { identity, bucket }: DeliveryParts,
  { url: place, headers }: TicketAnswer,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(place, identity.enrolment.server)
  const slowest = Math.min(slowestBytesPerSecond, bucket.bytesPerSecond ?? Number.POSITIVE_INFINITY)
  const limited = within(askMs + (bytes.length / slowest) * 1000, signal)
  const status = await pacedPut({ url, headers, bytes, bucket, signal: limited }).catch((cause: unknown) => {
    throw new UploadRefusedError(`${url.origin} cannot be reached`, { cause })
  })
  // 412 and 409: the object is there already; whether it is ours the receipt will tell.
  if (!(status >= 200 && status < 300) && status !== 412 && status !== 409) {
    throw new UploadRefusedError(`the store answered ${status} to a PUT`, { status })
  }
}

/** @param ms need not be whole */
function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.round(ms))])
}

/** Asks what the store holds of a segment now. @throws UploadRefusedError it does not hold these bytes, or nobody answers */
export async function askReceipt(parts: ServerParts, leaf: number, line: StoredLine, signal: AbortSignal): Promise<Receipt> {
  const got = receipt.parse(await askServer(parts, '/agent/receipt', { session: line.session, leaf, line }, within(askMs, signal)))
  if (got.sha256 === line.sha256 && got.sizeBytes === line.bytes) return got
  throw new UploadRefusedError(
    `receipt for segment ${line.part}/${line.index}: expected ${line.bytes} bytes ${line.sha256}, got ${got.sizeBytes} bytes ${got.sha256}`,
    { permanent: true },
  )
}

/** 409: the segment is not in the store. That its line of the journal is not known yet is another answer: it may be in the store. */
function unlessAbsent(error: unknown): undefined {
  if (error instanceof UploadRefusedError && error.status === 409) return undefined
  throw error
}

/** @throws SegmentAlteredError the file is gone or holds other bytes than were journalled */
async function readJournalled({ path, line }: { path: string; line: StoredLine }): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new SegmentAlteredError(`segment ${line.part}/${line.index} cannot be read from the spool`, { cause })
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found === line.sha256 && bytes.length === line.bytes) return bytes
  throw new SegmentAlteredError(
    `segment ${line.part}/${line.index} in the spool: expected ${line.bytes} bytes ${line.sha256}, found ${bytes.length} bytes ${found}`,
  )
}

/** Tells the server what the spool holds. @returns the sessions of which nothing may be removed @throws UploadRefusedError */
export async function reportSpool(parts: ServerParts, of: SpoolReport, signal: AbortSignal): Promise<string[]> {
  return spoolAnswer.parse(await askServer(parts, '/agent/spool', of, signal)).keep
}

/** Asks the server as this agent. @throws UploadRefusedError it says no or does not answer */
export async function askServer({ identity, clock }: ServerParts, path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const text = JSON.stringify(body)
  const purpose = requestPurpose(path, createHash('sha256').update(text).digest('hex'))
  const credential = identity.credential(purpose, clock.offsetMs)
  const url = new URL(path, identity.enrolment.server)
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...{ 'Content-Type': 'application/json', Accept: 'application/json' },
      Authorization: `Escano ${Buffer.from(JSON.stringify(credential)).toString('base64')}`,
    },
    body: text,
    signal,
  }).catch((cause: unknown) => {
    throw new UploadRefusedError(`${url.origin} cannot be reached`, { cause })
  })
  clock.note(response.headers.get('date'))
  const answered: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answered
  const told = serverProblem.safeParse(answered)
  throw new UploadRefusedError(`${path}: the server answered ${response.status}${told.success ? `: ${told.data.error}` : ''}`, {
    status: response.status,
  })
}

/** Not let in, no such place, or other bytes under this key: an alarm, since more of the same will not help; the bytes stay where they are. */
function isRefusal(status: number): boolean {
  return [401, 403, 404, 413, 422].includes(status)
}
