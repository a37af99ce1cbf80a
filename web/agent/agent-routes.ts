import { createHash } from 'node:crypto'
import express, { type ErrorRequestHandler, type NextFunction, type Request, type Response, Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import type { Logger } from 'pino'
import { z } from 'zod'
import {
  type EnrolmentAnswer,
  enrolmentRequest,
  type Receipt,
  receiptRequest,
  requestPurpose,
  spoolReport,
  ticketRequest,
  trialRequest,
  trialTicketRequest,
} from '../../recorder/control-protocol.ts'
import { isStoredLine, type JournalLine, type StoredLine, storedContentType } from '../../storage/model/recording.ts'
import { rehearsal } from '../../storage/model/rehearsal.ts'
import { DiskObjectStore } from '../../storage/objects/disk-object-store.ts'
import { TicketRefusedError } from '../../storage/objects/disk-tickets.ts'
import { segmentKey } from '../../storage/objects/object-keys.ts'
import { ObjectConflictError, ObjectDamagedError, StoreUnavailableError } from '../../storage/objects/object-store.ts'
import { askForDraft } from '../../storage/records/ask-for-draft.ts'
import { putReceipt, readJournalLine } from '../../storage/records/journal.ts'
import { putRehearsal } from '../../storage/records/rehearsals.ts'
import { readSession } from '../../storage/records/sessions.ts'
import { isSameJson } from '../../storage/records/stored-json.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agents } from './agents.ts'
import { EnrolmentRefusedError, enrolByCode } from './enrolment.ts'
import { CredentialCheck, CredentialRefusedError, type KnownRecorder } from './recorder-credential.ts'
import { completeRecording } from './recording-progress.ts'
import { sessionLineNow } from './session-line.ts'
import { keepSpoolReport } from './spool-reports.ts'
import { readTrial, trialTicket } from './trial.ts'

/** No segment of 4 s comes near it; a source that sends more is broken. */
const largestSegmentBytes = 64 * 1024 * 1024
const largestQuestionBytes = 64 * 1024
/** A thousand sessions, and where something is wrong the lines of it. */
const largestReportBytes = 1024 * 1024
/** 424 Failed Dependency (RFC 4918 §11.4): unlike 409 it does not say that the segment is not in the store. */
const lineUnknown = 424
/** From one address. A code has 50 bits and lives 15 minutes. */
const enrolmentsPerMinute = 10

/** An answer to an agent that is not what it asked for: a status and a sentence for its log. */
class AgentProblem extends Error {
  override readonly name = 'AgentProblem'
  readonly status: number
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

/**
 * HTTP side of the agents, under `/agent`: tickets, receipts, and uploads for a store on disk. Tickets and receipts need a credential in
 * `Authorization`; an upload carries its ticket in its address.
 */
export function agentRoutes(parts: { storage: Storage; log: Logger; agents: Pick<Agents, 'list'> }): Router {
  const { storage, log } = parts
  const check = new CredentialCheck(storage)
  const router = Router()
  const question = express.raw({ type: 'application/json', limit: largestQuestionBytes })
  router.post('/agent/ticket', question, async (request, response) => {
    const { recorder, body } = await askedBy(check, request, ticketRequest)
    const line = ownSegment(recorder, body)
    await expectSession(storage, recorder, line)
    const wanted = { sizeBytes: line.bytes, md5Base64: body.md5, sha256: line.sha256, contentType: storedContentType(line) }
    const ticket = await storage.objects.ticket(segmentKey(recorder.council, line), wanted)
    // A store on disk is behind this very address; the agent knows it better than a setting does.
    const url = storage.objects instanceof DiskObjectStore ? pathOf(ticket.url) : ticket.url
    response.json({ ...ticket, url })
  })
  router.post('/agent/receipt', question, async (request, response) => {
    const { recorder, body } = await askedBy(check, request, receiptRequest)
    response.json(await confirm(storage, recorder, ownSegment(recorder, body), body.leaf))
  })
  router.post('/agent/trial/ticket', question, async (request, response) => {
    const { recorder, body } = await askedBy(check, request, trialTicketRequest)
    const ticket = await trialTicket(storage, { council: recorder.council, recorder: recorder.recorder.id }, body)
    response.json({ ...ticket, url: storage.objects instanceof DiskObjectStore ? pathOf(ticket.url) : ticket.url })
  })
  router.post('/agent/trial/receipt', question, async (request, response) => {
    const { recorder, body } = await askedBy(check, request, trialRequest)
    const read = await readTrial(storage, { council: recorder.council, recorder: recorder.recorder.id }, body)
    if (read === undefined) throw new AgentProblem(409, 'the trial is not in the store; ask for a ticket and put it there')
    response.json(read)
  })
  router.post('/agent/rehearsal', question, async (request, response) => {
    const { recorder, body } = await askedBy(check, request, rehearsal)
    await storage.database.inCouncil(recorder.council, (tx) => putRehearsal(tx, recorder.recorder.id, body))
    response.json({})
  })
  router.post('/agent/spool', express.raw({ type: 'application/json', limit: largestReportBytes }), async (request, response) => {
    const { recorder, body } = await askedBy(check, request, spoolReport)
    response.json({ keep: await keepSpoolReport(storage, recorder, body) })
  })
  const tries = rateLimit({ windowMs: 60_000, limit: enrolmentsPerMinute, standardHeaders: 'draft-8', legacyHeaders: false })
  router.post('/agent/enrol', tries, question, async (request, response) => {
    const asked = enrolmentRequest.safeParse(Buffer.isBuffer(request.body) ? parseJson(request.body) : undefined)
    if (!asked.success) throw new AgentProblem(400, `the question is malformed: ${z.prettifyError(asked.error)}`)
    const answer = await enrolByCode(storage, asked.data)
    const { council, session } = answer
    const line = session && (await sessionLineNow(storage, parts.agents.list(council), { council, session }))
    response.set('Cache-Control', 'no-store').json({ ...answer, ...(line === undefined ? {} : { line }) } satisfies EnrolmentAnswer)
  })
  router.put('/agent/objects/{*key}', (request, response, next) => void receive(storage, request, response).catch(next))
  router.use('/agent', answerProblem(log))
  return router
}

/** What went wrong, as an agent reads it. Stands last in a router of agents: a router is not asked about errors of another. */
export function answerProblem(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, message } = problemOf(error)
    if (status >= 500) log.error({ err: error }, 'a recorder could not be answered')
    if (response.headersSent) response.destroy()
    else response.status(status).set('Cache-Control', 'no-store').json({ error: message })
  }
}

/** Who asks by its credential, and what. @throws AgentProblem, CredentialRefusedError */
export async function askedBy<T extends z.ZodType>(
  check: CredentialCheck,
  request: Request,
  schema: T,
): Promise<{ recorder: KnownRecorder; body: z.output<T> }> {
  const bytes: unknown = request.body
  if (!Buffer.isBuffer(bytes)) throw new AgentProblem(415, 'expected application/json')
  const purpose = requestPurpose(request.path, createHash('sha256').update(bytes).digest('hex'))
  const given = /^Escano ([A-Za-z0-9+/=]{1,4096})$/.exec(request.get('Authorization') ?? '')?.[1] ?? ''
  const recorder = await check.verify(parseJson(Buffer.from(given, 'base64')), purpose)
  const body = schema.safeParse(parseJson(bytes))
  if (!body.success) throw new AgentProblem(400, `the question is malformed: ${z.prettifyError(body.error)}`)
  return { recorder, body: body.data }
}

/** A recorder speaks of its own segments of a session only. */
function ownSegment(recorder: KnownRecorder, body: { session: string; line: JournalLine }): StoredLine {
  const { line, session } = body
  if (!isStoredLine(line)) throw new AgentProblem(400, 'the line is no segment')
  if (line.recorder !== recorder.recorder.id || line.session !== session)
    throw new AgentProblem(403, 'the segment is not of this recorder and session')
  if (line.bytes > largestSegmentBytes) throw new AgentProblem(413, `a segment of ${line.bytes} bytes is more than ${largestSegmentBytes}`)
  return line
}

async function expectSession(storage: Storage, recorder: KnownRecorder, line: StoredLine): Promise<void> {
  const found = await storage.database.inCouncil(recorder.council, (tx) => readSession(tx, line.session))
  if (found === undefined) throw new AgentProblem(404, `session ${line.session} is not of this council`)
}

/** Reads what the store holds now and hashes it: only that is a receipt (design.md §2 "upload"). */
async function confirm(storage: Storage, recorder: KnownRecorder, line: StoredLine, leaf: number): Promise<Receipt> {
  const { council } = recorder
  const of = { session: line.session, recorder: recorder.recorder.id }
  const kept = await storage.database.inCouncil(council, (tx) => readJournalLine(tx, of, leaf))
  if (kept === undefined) throw new AgentProblem(lineUnknown, `line ${leaf} of the journal is not here yet; say it first`)
  if (!isSameJson(kept.content, line)) throw new AgentProblem(403, `line ${leaf} of the journal says something else`)
  const key = segmentKey(council, line)
  const stored = await storage.objects.head(key)
  if (stored === undefined) throw new AgentProblem(409, 'the segment is not in the store; ask for a ticket and put it there')
  const sha256 = await storage.objects.hash(key, stored.version)
  if (sha256 !== line.sha256 || stored.sizeBytes !== line.bytes) {
    throw new AgentProblem(422, `the store holds ${stored.sizeBytes} bytes ${sha256}, the journal says ${line.bytes} bytes ${line.sha256}`)
  }
  const { version, sizeBytes } = stored
  await storage.database.inCouncil(council, async (tx) => {
    await putReceipt(tx, { ...of, line: leaf, key, version, sizeBytes })
    await askForDraft(storage.jobs, tx, { council, session: of.session })
  })
  await completeRecording(storage, council, of.session)
  return { key, version, sha256, sizeBytes }
}

/** An upload to the store on disk. Its ticket is read before its body. */
async function receive(storage: Storage, request: Request, response: Response): Promise<void> {
  const { objects } = storage
  if (!(objects instanceof DiskObjectStore)) throw new AgentProblem(404, 'this store takes no uploads here')
  const granted = objects.openTicket(request.originalUrl)
  if (granted.sizeBytes > largestSegmentBytes) throw new AgentProblem(413, 'more than a segment may have')
  const bytes = await readBody(request, granted.sizeBytes)
  // Not the ticket's fault but the way's: the recorder may send the same again.
  if (bytes.length !== granted.sizeBytes || createHash('md5').update(bytes).digest('base64') !== granted.md5Base64) {
    throw new AgentProblem(422, `other bytes came than the ${granted.sizeBytes} the ticket is for`)
  }
  await objects.receive(request.originalUrl, bytes)
  response.status(200).json({})
}

async function readBody(request: Request, sizeBytes: number): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > sizeBytes) throw new AgentProblem(413, `more came than the ${sizeBytes} bytes of the ticket`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // Not JSON: the schema refuses undefined and says what it expected.
    return undefined
  }
}

function problemOf(error: unknown): { status: number; message: string } {
  if (error instanceof AgentProblem) return error
  if (error instanceof CredentialRefusedError) return { status: 401, message: error.message }
  if (error instanceof EnrolmentRefusedError) return { status: 403, message: error.message }
  if (error instanceof TicketRefusedError) return { status: 403, message: error.message }
  if (error instanceof ObjectDamagedError) return { status: 422, message: error.message }
  if (error instanceof ObjectConflictError) return { status: 409, message: error.message }
  if (error instanceof StoreUnavailableError) return { status: 503, message: 'the store cannot be reached' }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500)
    return { status: error.status, message: error.message }
  return { status: 500, message: 'the server failed; what was sent is kept by the recorder' }
}
