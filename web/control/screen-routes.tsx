import { Router } from 'express'
import { z } from 'zod'
import type { Council } from '../../storage/model/council.ts'
import type { CouncilId, SessionId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { putScreenLink, readScreenLink } from '../../storage/records/screen-links.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { findSession, readSession } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { conductorOf, inChamber } from '../sign-in/in-chamber.ts'
import { newToken, tokenHash } from '../sign-in/sign-in-cookie.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { conductWords } from '../words/staff-words.ts'
import { recorderSight } from './chamber.ts'
import type { LiveRooms } from './room-live.ts'
import { ScreenDocument } from './screen-document.tsx'
import { type ScreenView, toScreenView } from './screen-view.ts'

/** An evening, and the night that a long plenary takes. */
const linkLifeMs = 24 * 3_600_000

/** The second screen: its link, given to who holds the tablet, and the page and its state for who has the link. */
export function screenRoutes(parts: WebParts, rooms: LiveRooms): Router {
  const router = Router()
  const council = withCouncil(parts)
  router.post('/c/:council/sala/:session/pantalla', council, inChamber(parts), async (request, response) => {
    const here = councilOf(request)
    const token = newToken()
    const slug = await parts.storage.database.inCouncil(here.id, async (tx) => {
      const session = await findSession(tx, String(request.params['session']))
      if (!session) throw new PageNotFoundError()
      await putScreenLink(tx, { session: session.id, tokenHash: tokenHash(token), expiresAtMs: Date.now() + linkLifeMs })
      await writeAudit(tx, { by: conductorOf(request).account, action: 'screen-link', object: `session ${session.id}`, result: 'given' })
      return session.slug
    })
    response.status(201).json({ path: visitorOf(request).href(`/c/${here.slug}/sala/${slug}/pantalla/${token}`) })
  })
  router.get('/c/:council/sala/:session/pantalla/:token', council, async (request, response) => {
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    const here = councilOf(request)
    const token = String(request.params['token'])
    const screen = await readScreen(parts, here.id, token)
    if (!screen) throw new RefusedError(404, (_, language) => conductWords[language].screenGone)
    const visitor = visitorOf(request)
    sendPage(
      response,
      <ScreenDocument pages={parts.pages} visitor={visitor} seed={{ ...screen, council: here.slug, token, serverMs: Date.now() }} />,
    )
  })
  openScreenLine(parts, rooms)
  return router
}

interface Screen {
  session: SessionId
  view: ScreenView
}

/** What a token lets be seen; undefined when it opens no screen. */
async function readScreen(parts: WebParts, council: CouncilId, token: string): Promise<Screen | undefined> {
  const found = await parts.storage.database.inCouncil(council, (tx) => readSessionOf(tx, token))
  if (!found) return undefined
  const state = sessionState(found.events, found.council, found.session)
  const { id } = found.session
  return { session: id, view: toScreenView(state, found.council, found.session, recorderSight(parts.agents, council, id)) }
}

async function readSessionOf(tx: Tx, token: string) {
  const id = /^[A-Za-z0-9_-]{43}$/.test(token) ? await readScreenLink(tx, tokenHash(token)) : undefined
  const council: Council | undefined = id && (await readCouncil(tx))
  const session: Session | undefined = id && (await readSession(tx, id))
  if (!council || !session) return undefined
  return { council, session, events: (await readEvents(tx, session.id)).map((one) => one.event) }
}

const lineRequest = z.object({ council: z.string().max(100), token: z.string().max(100) })
/** Told so often even when nothing changes: silence then means that the line is gone. */
const tellEveryMs = 2_000

/** The live line to the screens, namespace `/pantalla`: it opens with the link's token, and tells what the page shows. */
function openScreenLine(parts: WebParts, rooms: LiveRooms): void {
  const namespace = parts.sockets.of('/pantalla')
  namespace.use((socket, next) => {
    findScreen(parts, socket.handshake.auth)
      .then((found) => {
        Object.assign(socket.data as object, found)
        next()
      })
      .catch((cause: Error) => next(cause))
  })
  namespace.on('connection', (socket) => {
    const { council, token, session } = socket.data as FoundScreen
    const tell = () => {
      readScreen(parts, council, token)
        .then((screen) => (screen ? socket.emit('screen', { serverMs: Date.now(), view: screen.view }) : socket.disconnect(true)))
        .catch((cause: unknown) => parts.log.warn({ err: cause }, 'a screen was not told'))
    }
    const steady = setInterval(tell, tellEveryMs)
    const deaf = rooms.onEvents((of) => {
      if (of === session) tell()
    })
    socket.on('disconnect', () => {
      clearInterval(steady)
      deaf()
    })
    tell()
  })
}

interface FoundScreen {
  council: CouncilId
  token: string
  session: SessionId
}

async function findScreen(parts: WebParts, auth: unknown): Promise<FoundScreen> {
  const asked = lineRequest.safeParse(auth)
  const council = asked.success ? (await parts.storage.database.directory()).find((one) => one.slug === asked.data.council) : undefined
  const screen = asked.success && council ? await readScreen(parts, council.id, asked.data.token) : undefined
  if (!asked.success || !council || !screen) throw new Error('this screen is not open to you')
  return { council: council.id, token: asked.data.token, session: screen.session }
}
