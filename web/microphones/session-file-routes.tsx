import { type Request, type Response, Router, raw } from 'express'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { countSessionEvents } from '../../storage/records/microphones.ts'
import { findSession, readStage } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { SessionFilePage, type SessionFilePageProps } from './session-file-page.tsx'

/** A whole day of sixty microphones is a tenth of it. */
const largestFileBytes = 20_000_000

/** `/c/<council>/microfonos/<session>`: the file of a system that only tells afterwards, brought by the secretary or the technician. */
export function sessionFileRoutes(parts: WebParts): Router {
  const router = Router()
  const path = '/c/:council/microfonos/:session'
  const guards = [withCouncil(parts), signedIn(parts, 'secretary', 'technician')]
  router.get(path, ...guards, (request, response) => show(parts, request, response, undefined))
  const body = raw({ type: 'multipart/form-data', limit: largestFileBytes + 10_000 })
  router.post(path, ...guards, body, (request, response) => bring(parts, request, response))
  return router
}

async function bring(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { id: council } = councilOf(request)
  const by = staffOf(request).account
  const text = await fileIn(request)
  if (text === undefined) {
    response.status(422)
    return await show(parts, request, response, 'missing')
  }
  const session = await parts.storage.database.inCouncil(council, (tx) => findSession(tx, String(request.params['session'])))
  if (!session) throw new PageNotFoundError()
  // A file is one origin for its session, whoever brings it: brought twice it counts once.
  const from = { origin: session.id, session: session.id }
  const report = await parts.microphones.takeLines(council, from, text, { recordingTime: true, nowMs: Date.now() })
  const result = `${report.taken} new, ${report.known} known, ${report.refused.length} refused`
  await parts.storage.database.inCouncil(council, (tx) =>
    writeAudit(tx, { by, action: 'microphone-file', object: `session ${session.id}`, result }),
  )
  await show(parts, request, response, report)
}

/** The platform's own reader of multipart forms (RFC 7578). @returns what the file holds; undefined when none was chosen */
async function fileIn(request: Request): Promise<string | undefined> {
  const body: unknown = request.body
  if (!Buffer.isBuffer(body)) throw new RefusedError(400, (words) => words.badRequest)
  const form = await new globalThis.Response(new Uint8Array(body), { headers: { 'Content-Type': request.get('Content-Type') ?? '' } })
    .formData()
    .catch((cause: unknown) => {
      throw new RefusedError(400, (words) => words.badRequest, { cause })
    })
  const file = form.get('file')
  return file instanceof File && file.size > 0 ? await file.text() : undefined
}

async function show(parts: WebParts, request: Request, response: Response, report: SessionFilePageProps['report']): Promise<void> {
  const listed = councilOf(request)
  const seen = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const session = await findSession(tx, String(request.params['session']))
    if (!session) throw new PageNotFoundError()
    return {
      session,
      stage: (await readStage(tx, session.id)) ?? 'prepared',
      brought: await countSessionEvents(tx, session.id),
      timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
    }
  })
  sendPage(response, <SessionFilePage pages={parts.pages} visitor={visitorOf(request)} council={listed} report={report} {...seen} />)
}
