import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { closedMarginMs } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import { isWithheld } from '../../storage/model/public-view.ts'
import type { Session } from '../../storage/model/session.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { findSession } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { piecesOf, playlist } from '../portal/playlist.ts'
import { readPlayedSegments } from '../portal/read-session-view.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { ClosedPartPage } from './closed-part-page.tsx'
import { readClosedParts } from './closures.ts'
import { confirmLimits } from './confirm-limits.ts'
import { parseMediaTime } from './media-time.ts'

const address = '/c/:council/pechadas/:session'
/** Heard beside a closed part, so that its limits can be found. */
const aroundMs = 3 * closedMarginMs

const form = z.object({ marks: z.string().max(4000), from: z.string().max(20), to: z.string().max(20) })

/** Where the secretary, and nobody else, hears closed parts and confirms their limits (design.md §2 "closed parts and live"). */
export function closedPartRoutes(parts: WebParts): Router {
  const router = Router()
  const guard: RequestHandler[] = [withCouncil(parts), signedIn(parts, 'secretary')]
  const show: RequestHandler = async (request, response) => {
    const seen = await parts.storage.database.inCouncil(councilOf(request).id, async (tx) => {
      const found = await readClosed(tx, request)
      await writeAudit(tx, {
        ...{ by: staffOf(request).account, action: 'closed-parts-opened' },
        ...{ object: `session ${found.session.id}`, result: 'done' },
      })
      return found
    })
    const said = z.enum(['done', 'wrong', 'changed', 'open']).optional().catch(undefined).parse(request.query['feito'])
    const lines = seen.segments.map(({ line }) => line)
    const pieces = piecesOf(lines)
    sendPage(
      response,
      <ClosedPartPage pages={parts.pages} visitor={visitorOf(request)} listed={councilOf(request)} {...seen} {...{ said, pieces }} />,
    )
  }
  router.get(address, guard, show)
  router.post(address, guard, urlencoded({ extended: false, limit: '8kb' }), async (request: Request, response: Response) => {
    const wanted = form.parse(request.body)
    const [fromMs, toMs] = [parseMediaTime(wanted.from), parseMediaTime(wanted.to)]
    const staff = staffOf(request)
    const said = await parts.storage.database.inCouncil(councilOf(request).id, async (tx) => {
      if (fromMs === undefined || toMs === undefined || toMs < fromMs) return 'wrong'
      const of = await placeOf(tx, request)
      const result = await confirmLimits(tx, { ...of, staff }, { marks: wanted.marks.split(' '), fromMs, toMs })
      await writeAudit(tx, { by: staff.account, action: 'closed-part-confirmed', object: `session ${of.session.id}`, result })
      return result
    })
    response.redirect(303, `${visitorOf(request).href(visitorOf(request).path.split('?')[0] ?? '')}?feito=${said}`)
  })
  router.get(`${address}/video.m3u8`, guard, async (request: Request, response: Response) => {
    const { segments } = await parts.storage.database.inCouncil(councilOf(request).id, (tx) => readClosed(tx, request))
    const lines = segments.map(({ line }) => line)
    response.type('application/vnd.apple.mpegurl').send(playlist(lines, (line) => `segmentos/${line.sha256}.ts`))
  })
  router.get(`${address}/segmentos/:sha256.ts`, guard, async (request: Request, response: Response) => {
    const { segments } = await parts.storage.database.inCouncil(councilOf(request).id, (tx) => readClosed(tx, request))
    const found = segments.find(({ line }) => line.sha256 === request.params['sha256'])
    if (!found) throw new PageNotFoundError()
    response.set({ 'Content-Type': 'video/mp2t', 'Content-Length': String(found.line.bytes) })
    const stream = await parts.storage.objects.stream(found.key, { version: found.version })
    await pipeline(Readable.fromWeb(z.custom<import('node:stream/web').ReadableStream>().parse(stream)), response).catch(
      (cause: unknown) => {
        if (!response.destroyed) throw cause
      },
    )
  })
  return router
}

async function placeOf(tx: Tx, request: Request): Promise<{ council: Council; session: Session }> {
  const council = await readCouncil(tx)
  const session = await findSession(tx, String(request.params['session']))
  if (!council || !session) throw new PageNotFoundError()
  return { council, session }
}

/** The closed parts of a session with what was recorded in them and a minute around. */
async function readClosed(tx: Tx, request: Request) {
  const of = await placeOf(tx, request)
  const all = await readPlayedSegments(tx, of.session.id)
  const lines = all.map(({ line }) => line)
  const closed = await readClosedParts(tx, of, lines)
  const heard = closed.map(({ tapped }) => ({ fromMs: tapped.fromMs - aroundMs, toMs: tapped.toMs + aroundMs }))
  return { ...of, closed, segments: all.filter(({ line }) => isWithheld(line.ptsMs, line.ptsMs + line.durationMs, heard)) }
}
