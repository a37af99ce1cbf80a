import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { AgendaRefusedError } from '../../storage/model/agenda.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { lockList } from '../../storage/records/row-lock.ts'
import { putSession } from '../../storage/records/sessions.ts'
import { changeSession, listSetUpVersions, readSessionBefore, SetUpConflictError, seenOf } from '../../storage/records/set-up.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import type { PrepareSessionWords } from '../words/prepare-session-gl.ts'
import { prepareSessionWords } from '../words/prepare-words.ts'
import type { Moved } from './agenda-section.tsx'
import { FormRefusedError, isZodError, problemSentences, type Returned, readValues, type Values } from './form-state.ts'
import { newSession, refusalOf, sessionActs } from './session-acts.ts'
import { ItemPage, NewSessionPage, SessionPage } from './session-pages.tsx'
import { type PrepareView, readSetUp, readSurroundings, setUpHref } from './session-view.ts'

const shownQuery = z.object({
  feito: z.enum(['done', 'undone', 'none', 'imported']).optional().catch(undefined),
  n: z.coerce.number().int().nonnegative().catch(0),
  punto: z.string().max(50).optional().catch(undefined),
  cara: z.enum(['up', 'down']).optional().catch(undefined),
})

/** Sessions in preparation: made, dated, their agenda put in order. */
export function sessionSetUpRoutes(parts: WebParts): Router {
  const router = Router()
  const guards = [withCouncil(parts), signedIn(parts, 'secretary')]
  const form = urlencoded({ extended: false, limit: '256kb', parameterLimit: 200 })
  router.get('/c/:council/preparar', ...guards, (request, response) => showNew(parts, request, response, undefined))
  router.post('/c/:council/preparar', ...guards, form, (request, response) => create(parts, request, response))
  router.get('/c/:council/preparar/:session', ...guards, (request, response) => showSession(parts, request, response, undefined))
  router.post('/c/:council/preparar/:session', ...guards, form, change(parts, showSession))
  router.get('/c/:council/preparar/:session/punto/:item', ...guards, (request, response) => showItem(parts, request, response, undefined))
  router.post('/c/:council/preparar/:session/punto/:item', ...guards, form, change(parts, showItem))
  return router
}

/** What the pages of this room know of a request. */
export function prepareView(parts: WebParts, request: Request, returned: Returned | undefined): PrepareView {
  const visitor = visitorOf(request)
  const words = prepareSessionWords[visitor.language]
  return { pages: parts.pages, visitor, staff: staffOf(request), listed: councilOf(request), words, returned }
}

/** The sentences for what a person can put right; undefined for what is ours. */
export function sessionProblems(error: unknown, words: PrepareSessionWords): string[] | undefined {
  if (error instanceof SetUpConflictError) return [words.conflict]
  if (error instanceof AgendaRefusedError) return [refusalOf(error, words)]
  if (error instanceof FormRefusedError) return [error.sentence]
  return isZodError(error) ? problemSentences(error, words.fields, words.problems) : undefined
}

/** @throws RefusedError 409 the session has begun */
export function expectOpen(setUp: { open: boolean }): void {
  if (!setUp.open) throw new RefusedError(409, (_, language) => prepareSessionWords[language].frozen)
}

async function create(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const values = readValues(request.body)
  try {
    const made = await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
      await lockList(tx, 'sessions')
      const session = newSession(values, await readSurroundings(tx, view.words))
      await putSession(tx, session)
      await writeAudit(tx, { by: view.staff.account, action: 'session-create', object: `session ${session.id}`, result: 'done' })
      return session
    })
    response.redirect(303, setUpHref(view, made.slug, '?feito=done'))
  } catch (error) {
    const problems = sessionProblems(error, view.words)
    if (!problems) throw error
    response.status(422)
    await showNew(parts, request, response, { act: 'create', values, problems, conflict: false })
  }
}

type Show = (parts: WebParts, request: Request, response: Response, returned: Returned | undefined) => Promise<void>

function change(parts: WebParts, show: Show): RequestHandler {
  return async (request, response) => {
    const view = prepareView(parts, request, undefined)
    const values = readValues(request.body)
    const slug = String(request.params['session'])
    try {
      const done = await parts.storage.database.inCouncil(view.listed.id, (tx) => act(tx, slug, values, view))
      const moved = values['act'] === 'move' ? `&punto=${encodeURIComponent(values['item'] ?? '')}&cara=${values['by']}#orde` : ''
      response.redirect(303, setUpHref(view, done.slug, `?feito=${done.word}${moved}`))
    } catch (error) {
      const problems = sessionProblems(error, view.words)
      if (!problems) throw error
      const conflict = error instanceof SetUpConflictError
      response.status(conflict ? 409 : 422)
      await show(parts, request, response, { act: values['act'] ?? '', values, problems, conflict })
    }
  }
}

async function act(tx: Tx, slug: string, values: Values, view: PrepareView): Promise<{ word: 'done' | 'undone' | 'none'; slug: string }> {
  await lockList(tx, 'sessions')
  const setUp = await readSetUp(tx, slug, Date.now())
  expectOpen(setUp)
  const { id } = setUp.session
  const by = view.staff.account
  const wanted = values['act'] ?? ''
  const seen = values['seen'] ?? ''
  const written = { by, action: `session-${wanted}`, object: `session ${id}`, result: 'done' }
  if (wanted === 'undo') {
    const before = await readSessionBefore(tx, id, by)
    if (!before || seenOf(setUp.session) !== seen) return { word: 'none', slug }
    const next = await changeSession(tx, id, { by, part: (now) => now, seen, apply: () => before })
    await writeAudit(tx, written)
    return { word: 'undone', slug: next.slug }
  }
  const read = Object.hasOwn(sessionActs, wanted) ? sessionActs[wanted] : undefined
  if (!read) throw new PageNotFoundError()
  const next = await changeSession(tx, id, { by, seen, ...read(values, await readSurroundings(tx, view.words, id)) })
  await writeAudit(tx, written)
  return { word: 'done', slug: next.slug }
}

const showNew: Show = async (parts, request, response, returned) => {
  const view = prepareView(parts, request, returned)
  const around = await parts.storage.database.inCouncil(view.listed.id, (tx) => readSurroundings(tx, view.words))
  const values = {
    kind: 'ordinary',
    call: '1',
    time: '20:00',
    place: around.council.room,
    language: around.council.languages[0] ?? 'gl',
    recorded: 'yes',
  }
  sendPage(response, <NewSessionPage view={view} council={around.council} values={values} />)
}

const showSession: Show = async (parts, request, response, returned) => {
  const view = prepareView(parts, request, returned)
  const asked = shownQuery.parse(request.query)
  const read = await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
    const setUp = await readSetUp(tx, String(request.params['session']), Date.now())
    const before = await readSessionBefore(tx, setUp.session.id, view.staff.account)
    return { setUp, undoAtMs: before && (await listSetUpVersions(tx, setUp.session.id, 1))[0]?.atMs }
  })
  const moved: Moved | undefined = asked.punto && asked.cara ? { item: asked.punto, by: asked.cara } : undefined
  const said = asked.feito === 'imported' ? view.words.imported(asked.n) : asked.feito && view.words[asked.feito]
  sendPage(
    response,
    <SessionPage view={view} setUp={read.setUp} moved={moved} undoAtMs={read.undoAtMs} done={returned || moved ? undefined : said} />,
  )
}

const showItem: Show = async (parts, request, response, returned) => {
  const view = prepareView(parts, request, returned)
  const setUp = await parts.storage.database.inCouncil(view.listed.id, (tx) => readSetUp(tx, String(request.params['session']), Date.now()))
  expectOpen(setUp)
  const id = String(request.params['item'])
  const item = setUp.session.agenda.find((one) => one.id === id)
  if (id !== 'novo' && !item) throw new PageNotFoundError()
  sendPage(response, <ItemPage view={view} setUp={setUp} item={item} />)
}
