import { json, type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { isClosedNow } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { expectsMicrophones } from '../../storage/records/microphones.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { findSession } from '../../storage/records/sessions.ts'
import { readTablet } from '../../storage/records/tablets.ts'
import { chamberHeader } from '../chamber/chamber-protocol.ts'
import { takesBack } from '../closed-part/closed-wish.ts'
import { readClosedParts } from '../closed-part/closures.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import type { Conductor } from '../sign-in/conductor.ts'
import { conductorOf, inChamber } from '../sign-in/in-chamber.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { closedPartWords, controlWords } from '../words/staff-words.ts'
import { chamberRecorder, recorderSight, recordersAtWork, shownPreview } from './chamber.ts'
import { readChamberNotes } from './chamber-notes.ts'
import { installRoutes } from './install-routes.ts'
import { keepMarks } from './keep-marks.ts'
import { readDraftLines } from './read-draft-lines.ts'
import type { Attesting, RoomSeed } from './room.ts'
import type { LiveRooms } from './room-live.ts'
import { commandRequest, type draftedAnswer, eventsRequest } from './room-protocol.ts'
import { screenRoutes } from './screen-routes.tsx'
import { TabletDocument } from './tablet-document.tsx'

const room = '/c/:council/sala/:session'
/** A chamber whose microphones were told of within two months will tell of them again. */
const rememberedMs = 62 * 86_400_000

/** The chamber page: its first paint, the marks of the tablets, and what is asked of the recorder. */
export function controlRoutes(parts: WebParts, rooms: LiveRooms): Router {
  const router = Router()
  const guard: RequestHandler[] = [withCouncil(parts), inChamber(parts)]
  router.use(installRoutes(parts))
  router.use(screenRoutes(parts, rooms))
  router.get(room, guard, showRoom(parts))
  router.get(`${room}/marcas`, guard, async (request: Request, response: Response) => {
    const after = z.coerce.number().int().nonnegative().catch(0).parse(request.query['desde'])
    const { session } = await roomOf(parts, request)
    const { id } = councilOf(request)
    const recorder = chamberRecorder(parts.agents, id, session.id)?.recorder
    const told = await parts.storage.database.inCouncil(id, async (tx) => ({
      rows: await readEvents(tx, session.id, after),
      notes: await readChamberNotes(tx, recorder),
    }))
    response.json({ ...told, serverMs: Date.now() })
  })
  router.get(`${room}/estado`, guard, async (request: Request, response: Response) => {
    const { council, session } = await roomOf(parts, request)
    response.json({ serverMs: Date.now(), recorder: recorderSight(parts.agents, council.id, session.id) })
  })
  router.get(`${room}/imaxe.jpg`, guard, async (request: Request, response: Response) => {
    const { council, session } = await roomOf(parts, request)
    const jpeg = await shownPreview(parts, council, session)
    if (jpeg === undefined) throw new PageNotFoundError()
    response.type('image/jpeg').set('Cache-Control', 'no-store').send(Buffer.from(jpeg))
  })
  router.get(`${room}/borrador.json`, guard, async (request: Request, response: Response) => {
    const { council, session } = await roomOf(parts, request)
    const lines = await readDraftLines(parts, { council, session }, visitorOf(request).language)
    response.set('Cache-Control', 'no-store').json({ lines } satisfies z.infer<typeof draftedAnswer>)
  })
  router.post(`${room}/marcas`, guard, json({ limit: '1mb' }), takeEvents(parts, rooms))
  router.post(`${room}/gravador`, guard, json({ limit: '1kb' }), commandRecorder(parts))
  return router
}

async function roomOf(parts: WebParts, request: Request): Promise<{ council: Council; session: Session }> {
  return await parts.storage.database.inCouncil(councilOf(request).id, async (tx) => {
    const council = await readCouncil(tx)
    const session = await findSession(tx, String(request.params['session']))
    if (!council || !session) throw new PageNotFoundError()
    return { council, session }
  })
}

function showRoom(parts: WebParts): RequestHandler {
  return async (request, response) => {
    const visitor = visitorOf(request)
    const conductor = conductorOf(request)
    const { council, session } = await roomOf(parts, request)
    const recorder = chamberRecorder(parts.agents, council.id, session.id)?.recorder
    const { events, microphones, notes } = await parts.storage.database.inCouncil(council.id, async (tx) => ({
      events: await readEvents(tx, session.id),
      microphones: await expectsMicrophones(tx, Date.now() - rememberedMs),
      notes: await readChamberNotes(tx, recorder),
    }))
    const home = `/c/${councilOf(request).slug}`
    const seed: RoomSeed = {
      language: visitor.language,
      council,
      session,
      person: { account: conductor.account, name: conductor.name, ...conductor.by, ...substituteIn(conductor, session, council) },
      events,
      recorder: recorderSight(parts.agents, council.id, session.id),
      microphones,
      notes,
      serverMs: Date.now(),
      ...(await prepareWay(parts, request, conductor)),
      paths: {
        room: visitor.href(`${home}/sala/${session.slug}`),
        table: visitor.href(`${home}/mesa`),
        recorders: visitor.href(`${home}/gravadoras`),
        signIn: visitor.href(`${home}/entrar?seguir=${home}/sala/${session.slug}`),
      },
    }
    sendPage(response, <TabletDocument pages={parts.pages} visitor={visitor} seed={seed} />)
  }
}

/** A tablet that came through the chamber's own page and has no key for when there is no line is told where to get one. */
async function prepareWay(parts: WebParts, request: Request, { tablet, council }: Conductor): Promise<{ prepare?: string }> {
  if (tablet === undefined || request.get(chamberHeader) === undefined) return {}
  const known = await parts.storage.database.inCouncil(council, (tx) => readTablet(tx, tablet))
  return known?.chamberKey === undefined ? { prepare: visitorOf(request).href(`/c/${councilOf(request).slug}/tableta/pin`) } : {}
}

/** How a substitute attests in a session, when they are somebody the acta can name. */
function substituteIn({ by, sessions }: Conductor, session: Session, council: Council): { attests?: Attesting } {
  const named = sessions?.get(session.id)
  const member = council.members.find((one) => one.id === by.id)
  return named && member ? { attests: { person: member.id, capacity: named.capacity, cause: named.ground } } : {}
}

function takeEvents(parts: WebParts, rooms: LiveRooms): RequestHandler {
  return async (request, response) => {
    const { events } = eventsRequest.parse(request.body)
    const { council, session } = await roomOf(parts, request)
    response.json(await keepMarks(parts, rooms, { council, session, conductor: conductorOf(request), events }))
  }
}

/** Start, pause, resume, stop: asked of the recorder, audited (R11). What comes of it shows in its proof. */
function commandRecorder(parts: WebParts): RequestHandler {
  return async (request, response) => {
    const { action, source } = commandRequest.parse(request.body)
    const { council, session } = await roomOf(parts, request)
    const conductor = conductorOf(request)
    const view = chamberRecorder(parts.agents, council.id, session.id)
    const audit = (result: string) =>
      parts.storage.database.inCouncil(council.id, (tx) =>
        writeAudit(tx, { by: conductor.account, action: `recorder-${action}`, object: `session ${session.id}`, result }),
      )
    if (action === 'start' || action === 'resume') {
      const closed = await parts.storage.database.inCouncil(council.id, (tx) => readClosedParts(tx, { council, session }))
      if (isClosedNow(closed) && !(action === 'resume' && view?.proof?.sealed)) {
        // Whoever paused it takes their pause back; the closed part's stays, and what comes after its end is recorded.
        if (action === 'resume' && view?.connected)
          await parts.agents
            .send(council.id, view.recorder, { type: 'pause', session: session.id, ...takesBack(closed) })
            .catch((cause: unknown) => parts.log.warn({ err: cause }, 'the recorder did not take back a pause'))
        await audit('closed part')
        throw new RefusedError(409, (_, language) => closedPartWords[language].resumeRefused)
      }
    }
    if (!view?.connected || !session.recorded) {
      await audit('no recorder')
      throw new RefusedError(503, (_, language) => controlWords[language].details.noRecorder)
    }
    const origin = treeOrigin(council.dir3, session.id, view.recorder)
    const other = source !== undefined && council.demo ? { source } : {}
    try {
      if (action === 'start') await parts.agents.send(council.id, view.recorder, { type: 'start', session: session.id, origin, ...other })
      else {
        const told = new Set([view.recorder, ...recordersAtWork(parts.agents, council.id, session.id)])
        await Promise.all([...told].map((recorder) => parts.agents.send(council.id, recorder, { type: action, session: session.id })))
      }
    } catch (cause) {
      await audit('refused')
      throw new RefusedError(503, (_, language) => controlWords[language].commandFailed, { cause })
    }
    await audit('asked')
    response.status(202).json({ asked: action })
  }
}
