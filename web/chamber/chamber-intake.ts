import { Router, raw } from 'express'
import type { Session } from '../../storage/model/session.ts'
import { isAudited, writeAudit } from '../../storage/records/audit.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { expectsMicrophones } from '../../storage/records/microphones.ts'
import { putChamberPage } from '../../storage/records/recorders.ts'
import { lockList } from '../../storage/records/row-lock.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { listSessions, readSession } from '../../storage/records/sessions.ts'
import { answerProblem, askedBy } from '../agent/agent-routes.ts'
import { CredentialCheck, type KnownRecorder } from '../agent/recorder-credential.ts'
import { keepMarks } from '../control/keep-marks.ts'
import type { LiveRooms } from '../control/room-live.ts'
import { eventsRequest } from '../control/room-protocol.ts'
import { RefusedError } from '../error-response.ts'
import type { WebParts } from '../web-parts.ts'
import {
  type ChamberEntry,
  chamberEntry,
  entryPath,
  isSignedBy,
  localCommand,
  type SyncAnswer,
  syncPath,
  syncRequest,
  tabletBytes,
} from './chamber-protocol.ts'
import { jsonOf } from './local-parts.ts'
import { chamberTablets, tabletConductor } from './tablet-conductor.ts'

const rememberedMs = 62 * 86_400_000
/** Sessions a recorder must be able to conduct by itself: those about now, and the next one. */
const aroundMs = 3 * 86_400_000

/**
 * What the agent of a chamber asks the server for so that its page works without a line, and what it brings back. Each entry is judged
 * here anew by the tablet's own signature: the agent carries it, and cannot make one.
 */
export function chamberIntake(parts: WebParts, rooms: LiveRooms): Router {
  const router = Router()
  const check = new CredentialCheck(parts.storage)
  const bytes = (limit: string) => raw({ type: 'application/json', limit })
  router.post(syncPath, bytes('64kb'), async (request, response) => {
    const { recorder, body } = await askedBy(check, request, syncRequest)
    response.set('Cache-Control', 'no-store').json(await answerSync(parts, recorder, body))
  })
  router.post(entryPath, bytes('1200kb'), async (request, response) => {
    const { recorder, body } = await askedBy(check, request, chamberEntry)
    response.set('Cache-Control', 'no-store').json(await takeEntry(parts, rooms, recorder, body))
  })
  router.use(syncPath, answerProblem(parts.log))
  return router
}

async function answerSync(parts: WebParts, of: KnownRecorder, asked: ReturnType<typeof syncRequest.parse>): Promise<SyncAnswer> {
  const { storage } = parts
  const slug = (await storage.database.directory()).find((one) => one.id === of.council)?.slug
  return await storage.database.inCouncil(of.council, async (tx) => {
    const council = await readCouncil(tx)
    if (!council || slug === undefined) throw new RefusedError(404, (words) => words.notFound)
    await putChamberPage(tx, of.recorder.id, asked.page)
    const microphones = await expectsMicrophones(tx, Date.now() - rememberedMs)
    const sessions: SyncAnswer['sessions'] = []
    for (const { session, stage } of sessionsAround(await listSessions(tx), Date.now())) {
      const rows = await readEvents(tx, session.id, asked.rows[session.id] ?? 0)
      sessions.push({ session, stage, microphones, rows, closedMarks: await readClosedMarks(tx, session.id) })
    }
    return { serverMs: Date.now(), slug, council, sessions, tablets: await chamberTablets(tx) }
  })
}

/** The nearest first. */
function sessionsAround<T extends { session: Session }>(all: readonly T[], nowMs: number): T[] {
  const far = (one: T) => Math.abs(one.session.convenedFor - nowMs)
  const near = [...all].sort((a, b) => far(a) - far(b))
  return near.filter((one, index) => index === 0 || far(one) < aroundMs).slice(0, 10)
}

async function takeEntry(parts: WebParts, rooms: LiveRooms, of: KnownRecorder, entry: ChamberEntry) {
  const { storage } = parts
  const found = await storage.database.inCouncil(of.council, async (tx) => ({
    council: await readCouncil(tx),
    session: await readSession(tx, entry.session),
    by: await tabletConductor(tx, of.council, entry.tablet),
  }))
  const { council, session, by } = found
  if (!council || !session) throw new RefusedError(404, (words) => words.notFound)
  const bytes = tabletBytes({ purpose: entry.kind, session: entry.session, text: entry.body })
  if (!by || !(await isSignedBy(by.key, entry.signature, bytes))) throw new RefusedError(403, (words) => words.badRequest)
  if (entry.kind === 'marks') {
    const { events } = eventsRequest.parse(jsonOf(entry.body))
    return await keepMarks(parts, rooms, { council, session, conductor: by.conductor, events })
  }
  const { id, action } = localCommand.parse(jsonOf(entry.body))
  const object = `session ${session.id} command ${id}`
  return await storage.database.inCouncil(council.id, async (tx) => {
    await lockList(tx, `chamber command ${id}`)
    // An answer that got lost is asked for again: what was noted stays noted once.
    const noted = await isAudited(tx, object)
    const entered = { by: by.conductor.account, action: `recorder-${action}`, object, result: 'asked without a line' }
    if (!noted) await writeAudit(tx, entered)
    return { noted: !noted }
  })
}
