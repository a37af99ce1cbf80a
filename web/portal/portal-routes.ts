import { type Request, Router } from 'express'
import { z } from 'zod'
import type { Council } from '../../storage/model/council.ts'
import { isPublic, mayPublish } from '../../storage/model/law/publicity.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { listSessions, type SessionSummary } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { councilsPage, homePage, type ListedSession } from './home-page.tsx'
import { mediaRoutes } from './media-routes.ts'
import { type PageContext, pageContext } from './page-context.ts'
import { sessionPage } from './session-page.tsx'
import { isStaff, sessionOfRequest } from './session-request.ts'
import { sessionViews } from './session-views.ts'
import { generalVerifyPage, verifyPage } from './verify-page.tsx'
import { decidingVote, resultSentence } from './vote-sentence.ts'
import { wholeTextPage } from './whole-text-page.tsx'

const sectionNumber = z.coerce.number().int().min(0).max(10_000)
const startSeconds = z.coerce.number().min(0).max(400_000).optional().catch(undefined)

/** The citizens' pages. */
export function portalRoutes(webParts: WebParts): Router {
  const parts = { ...webParts, views: sessionViews(webParts.storage) }
  const router = Router()
  const context = (request: Request): PageContext => pageContext(parts.pages, visitorOf(request))

  router.get('/', async (request, response) => {
    const councils = await parts.storage.database.directory()
    const only = councils.length === 1 ? councils[0] : undefined
    if (only) response.redirect(302, visitorOf(request).href(`/c/${only.slug}`))
    else sendPage(response, councilsPage({ ...context(request), councils }))
  })
  router.get('/comprobar', async (request, response) => {
    sendPage(response, generalVerifyPage({ ...context(request), councils: await parts.storage.database.directory() }))
  })

  const council = Router({ mergeParams: true })
  council.get('/', async (request, response) => {
    const listed = councilOf(request)
    const staff = await isStaff(parts, request, listed)
    const found = await parts.storage.database.inCouncil(listed.id, (tx) => readHome(tx, staff, context(request)))
    sendPage(response, homePage({ ...context(request), listed, ...found }))
  })
  council.get('/comprobar', async (request, response) => {
    const listed = councilOf(request)
    const { sessions, council: full } = await parts.storage.database.inCouncil(listed.id, (tx) => readHome(tx, false, context(request)))
    sendPage(response, generalVerifyPage({ ...context(request), councils: [listed], sessions, council: full, listed }))
  })
  council.get('/confianza.json', async (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(await parts.minutes.trust())
  })
  council.use('/:session', mediaRoutes(parts))
  for (const path of ['/:session', '/:session/punto/:number']) {
    council.get(path, async (request, response) => {
      const view = await sessionOfRequest(parts, request)
      const number = sectionNumber.safeParse(request.params.number ?? 0)
      const seconds = startSeconds.parse(request.query.t)
      const page = number.success
        ? sessionPage({ ...context(request), view, number: number.data, ...(seconds === undefined ? {} : { startMs: seconds * 1000 }) })
        : undefined
      if (!page) throw new PageNotFoundError()
      response.set('Cache-Control', view.publishedAtMs === null ? 'no-store' : 'private, no-cache')
      sendPage(response, page)
    })
  }
  council.get('/:session/texto', async (request, response) => {
    sendPage(response, wholeTextPage({ ...context(request), view: await sessionOfRequest(parts, request) }))
  })
  council.get('/:session/comprobar', async (request, response) => {
    sendPage(response, verifyPage({ ...context(request), view: await sessionOfRequest(parts, request) }))
  })
  router.use('/c/:council', withCouncil(parts), council)
  return router
}

/** Sessions that are before the public now. */
async function readRunning(tx: Tx, council: Council, all: readonly SessionSummary[]): Promise<Session[]> {
  const running: Session[] = []
  for (const { session, stage } of all) {
    if (stage !== 'recording' || !session.recorded || !mayPublish(session).allowed) continue
    const events = (await readEvents(tx, session.id)).map((row) => row.event)
    if (['open', 'recess', 'closed-part'].includes(sessionState(events, council, session).phase)) running.push(session)
  }
  return running
}

async function readHome(tx: Tx, staff: boolean, { words, visitor }: PageContext) {
  const council = await readCouncil(tx)
  if (!council) throw new PageNotFoundError()
  const all = await listSessions(tx)
  const shown = all.filter((one) => isPublic(one.session, one.publishedAtMs) || staff)
  const sessions: ListedSession[] = []
  for (const one of shown) sessions.push(await listed(one))
  return { council, sessions, live: council.liveView ? await readRunning(tx, council, all) : [] }

  async function listed({ session, stage, publishedAtMs, verification }: SessionSummary): Promise<ListedSession> {
    const events = (await readEvents(tx, session.id)).map((row) => row.event)
    const state = council ? sessionState(events, council, session) : undefined
    return {
      session,
      stage,
      published: isPublic(session, publishedAtMs),
      verified: verification?.authentic === true,
      signed: stage === 'signed' || stage === 'kept' || stage === 'published',
      recorded: session.recorded,
      decisions: (state?.items ?? []).flatMap(({ item }) => {
        const vote = decidingVote((state?.votes ?? []).filter((vote) => vote.item === item.id && vote.status === 'proclaimed'))
        return vote
          ? [{ number: item.number, title: item.title[visitor.language], result: resultSentence(vote, words, visitor.language) }]
          : []
      }),
    }
  }
}
