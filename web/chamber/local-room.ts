import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { isClosedNow } from '../../storage/model/closed-parts.ts'
import { newId } from '../../storage/model/ids.ts'
import { sessionToConduct } from '../../storage/model/session.ts'
import { takesBack } from '../closed-part/closed-wish.ts'
import { judgeEvents } from '../control/accept-events.ts'
import { type EventsAnswer, eventsRequest } from '../control/room-protocol.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import { chamberWords, closedPartWords, controlWords } from '../words/staff-words.ts'
import type { ChamberSession } from './chamber-book.ts'
import {
  type ChamberEntry,
  type ChamberTablet,
  chamberEntry,
  isSignedBy,
  localCommand,
  signatureHeader,
  tabletBytes,
} from './chamber-protocol.ts'
import { isClosedHere, localClosedParts } from './local-closed.ts'
import { showPin, showRoom } from './local-pages.tsx'
import { bodyOf, jsonOf, type LocalParts, localSight } from './local-parts.ts'
import { conductorOfTablet } from './tablet-conductor.ts'

const room = '/c/:council/sala/:session'
/** How old the id of a command may be, either way: what was recorded on its way and sent again later is not obeyed. */
const freshMs = 120_000

/** The room as the recorder's own machine serves it, for tablets that told their PIN. */
export function localRoom(parts: LocalParts): Router {
  const router = Router()
  router.get('/c/:council/sala', (request, response) => {
    const next = request.params.council === parts.book.slug ? sessionToConduct(parts.book.sessions, parts.serverNow()) : undefined
    if (!next) throw new PageNotFoundError()
    response.redirect(303, visitorOf(request).href(`/c/${request.params.council}/sala/${next.slug}`))
  })
  router.get(room, (request, response) => {
    const of = roomOf(parts, request)
    const tablet = parts.signIn.identify(request.headers.cookie)
    // No 200: what keeps pages for later must not keep this one in the room's place.
    if (!tablet) return showPin(parts, request, response.status(401), request.originalUrl)
    showRoom(parts, request, response, { ...of, tablet })
  })
  router.get(`${room}/marcas`, withTablet(parts), (request, response) => {
    const after = z.coerce.number().int().nonnegative().catch(0).parse(request.query['desde'])
    const rows = parts.book.rows(roomOf(parts, request).session.id)
    const last = parts.book.cursors[roomOf(parts, request).session.id] ?? 0
    response.json({ rows: rows.filter((one) => one.row > after || one.row === last), serverMs: parts.serverNow() })
  })
  router.get(`${room}/estado`, withTablet(parts), (_request, response) => {
    response.json({ serverMs: parts.serverNow(), recorder: localSight(parts) })
  })
  router.get(`${room}/imaxe.jpg`, withTablet(parts), (request, response) => {
    const { session } = roomOf(parts, request)
    const { preview } = parts.recorder
    const shown = parts.recorder.proof.session === session.id && !isClosedHere(parts.book, session.id) ? preview : undefined
    if (shown === undefined) throw new PageNotFoundError()
    response.type('image/jpeg').set('Cache-Control', 'no-store').send(Buffer.from(shown))
  })
  router.post(`${room}/marcas`, withTablet(parts), takeMarks(parts))
  router.post(`${room}/gravador`, withTablet(parts), takeCommand(parts))
  return router
}

const tablets = new WeakMap<object, ChamberTablet>()

/** @throws RefusedError 428 the PIN was not told */
function withTablet(parts: LocalParts): RequestHandler {
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store')
    const tablet = parts.signIn.identify(request.headers.cookie)
    if (!tablet) throw new RefusedError(428, (_, language) => chamberWords[language].pinAsked)
    tablets.set(request, tablet)
    next()
  }
}

function roomOf(parts: LocalParts, request: Request): ChamberSession {
  const found = parts.book.find(String(request.params['council']), String(request.params['session']))
  if (!found) throw new PageNotFoundError()
  return found
}

/** What a tablet sent, when its own key signed it. @throws RefusedError 403 */
async function signedEntry(request: Request, kind: ChamberEntry['kind'], session: string): Promise<ChamberEntry> {
  const tablet = tablets.get(request)
  const body = bodyOf(request)
  const signature = request.get(signatureHeader) ?? ''
  const signed = tablet && (await isSignedBy(tablet.key, signature, tabletBytes({ purpose: kind, session, text: body })))
  if (!signed) throw new RefusedError(403, (words) => words.badRequest)
  return chamberEntry.parse({ id: newId(), kind, tablet: tablet.id, session, body, signature })
}

/** Marks: judged by what the chamber knows, kept on its disk; the server judges them anew when it is back. */
function takeMarks(parts: LocalParts): RequestHandler {
  const { book } = parts
  return async (request, response) => {
    const { council, session, stage } = roomOf(parts, request)
    const entry = await signedEntry(request, 'marks', session.id)
    const { events } = eventsRequest.parse(jsonOf(entry.body))
    const kept = book.rows(session.id).map((one) => one.event)
    const conductor = conductorOfTablet(tabletOf(request), council.id)
    const closedMarks = book.closedMarks(session.id)
    const { append, refused, closures } = judgeEvents(events, kept, { council, session, stage, conductor, closedMarks })
    const before = new Set<string>([...kept, ...closedMarks].map((one) => one.id))
    const fresh = append.filter((one) => !before.has(one.id))
    // A closing that the law refuses withholds all the same.
    const closing = closures.map((one) => one.event).filter((one) => !before.has(one.id))
    if (fresh.length > 0 || closing.length > 0) await book.add(entry, fresh, closing)
    const row = book.cursors[session.id] ?? 0
    if (fresh.length > 0)
      parts.tell(
        session.id,
        fresh.map((event) => ({ row, event })),
      )
    response.json({ accepted: [], known: [], refused, kept: append.map((one) => one.id) } satisfies EventsAnswer)
  }
}

/** Start, pause, resume, stop: obeyed once by its id. That it is done shows in the recorder's proof. */
function takeCommand(parts: LocalParts): RequestHandler {
  return async (request, response) => {
    const { session } = roomOf(parts, request)
    const entry = await signedEntry(request, 'command', session.id)
    const { id, action } = localCommand.parse(jsonOf(entry.body))
    if (parts.book.knowsCommand(id)) return answered(response, action)
    const askedMs = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    const refuse = () => new RefusedError(503, (_, language) => controlWords[language].commandFailed)
    if (Math.abs(askedMs - parts.serverNow()) > freshMs) throw new RefusedError(409, (_, language) => controlWords[language].commandFailed)
    if (!session.recorded) throw refuse()
    const closed = localClosedParts(parts.book, session.id)
    if (isClosedNow(closed) && (action === 'start' || (action === 'resume' && !parts.recorder.proof.proof.sealed))) {
      // Whoever paused it takes their pause back; the closed part's stays, and what comes after its end is recorded.
      if (action === 'resume')
        await parts.recorder
          .pause(session.id, takesBack(closed))
          .catch((cause: unknown) => parts.log.warn({ err: cause }, 'the recorder did not take back a pause'))
      throw new RefusedError(409, (_, language) => closedPartWords[language].resumeRefused)
    }
    await parts.book.add(entry, [])
    await parts.recorder[action](session.id).catch((cause: unknown) => {
      parts.log.warn({ err: cause }, 'the recorder did not obey a tablet')
      throw refuse()
    })
    answered(response, action)
  }
}

function answered(response: Response, asked: string): void {
  response.status(202).json({ asked })
}

function tabletOf(request: Request): ChamberTablet {
  const tablet = tablets.get(request)
  if (!tablet) throw new Error('the route lacks withTablet')
  return tablet
}
