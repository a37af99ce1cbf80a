import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { CouncilRefusedError } from '../../storage/model/council-changes.ts'
import { wallTime } from '../../storage/model/council-clock.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { changeCouncil, listSetUpVersions, readCouncilBefore, SetUpConflictError, seenOf } from '../../storage/records/set-up.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import type { PrepareCouncilWords } from '../words/prepare-council-gl.ts'
import { prepareCouncilWords } from '../words/prepare-words.ts'
import { councilActs } from './council-acts.ts'
import { CouncilPage } from './council-page.tsx'
import { type CouncilSection, type CouncilView, councilSections, dayWords } from './council-view.ts'
import { isZodError, problemSentences, type Returned, readValues, type Values } from './form-state.ts'

const doneWord = z.enum(['done', 'undone', 'none']).optional().catch(undefined)
const section = z.enum(councilSections)
const isDay = /^\d{4}-\d{2}-\d{2}$/

/** The council's set-up: the secretary changes it, one form at a time. */
export function councilSetUpRoutes(parts: WebParts): Router {
  const router = Router()
  const guards = [withCouncil(parts), signedIn(parts, 'secretary')]
  const form = urlencoded({ extended: false, limit: '64kb', parameterLimit: 100 })
  router.get('/c/:council/concello', ...guards, (request, response) => {
    response.redirect(303, visitorOf(request).href(`/c/${councilOf(request).slug}/concello/datos`))
  })
  for (const path of ['/c/:council/concello/:section', '/c/:council/concello/:section/:member']) {
    router.get(path, ...guards, (request, response) => show(parts, request, response, undefined))
    router.post(path, ...guards, form, (request, response) => change(parts, request, response))
  }
  return router
}

async function change(parts: WebParts, request: Request, response: Response): Promise<void> {
  const values = readValues(request.body)
  const visitor = visitorOf(request)
  const by = staffOf(request).account
  const here = visitor.href(visitor.path.split('?')[0] ?? '')
  try {
    const done = await parts.storage.database.inCouncil(councilOf(request).id, (tx) => act(tx, values, by))
    // Somebody new gets a page of their own, where their offices are.
    const place = done.member ? here.replace(/\/novo$/, `/${done.member}`) : here
    response.redirect(303, `${place}?feito=${done.word}`)
  } catch (error) {
    const problems = problemsOf(error, prepareCouncilWords[visitor.language], (day) => dayWords(day, visitor))
    if (!problems) throw error
    response.status(error instanceof SetUpConflictError ? 409 : 422)
    await show(parts, request, response, {
      act: values['act'] ?? '',
      values,
      problems,
      conflict: error instanceof SetUpConflictError,
    })
  }
}

async function act(tx: Tx, values: Values, by: string): Promise<{ word: 'done' | 'undone' | 'none'; member?: string }> {
  const wanted = values['act'] ?? ''
  const seen = values['seen'] ?? ''
  if (wanted === 'undo') {
    const before = await readCouncilBefore(tx, by)
    const current = await readCouncil(tx)
    if (!before || seenOf(current) !== seen) return { word: 'none' }
    await changeCouncil(tx, { by, part: (now) => now, seen, apply: () => before })
    await writeAudit(tx, { by, action: 'council-undo', object: 'council', result: 'done' })
    return { word: 'undone' }
  }
  const read = Object.hasOwn(councilActs, wanted) ? councilActs[wanted] : undefined
  if (!read) throw new PageNotFoundError()
  const known = new Set((await readCouncil(tx))?.members.map((one) => one.id))
  const next = await changeCouncil(tx, { by, seen, ...read(values) })
  await writeAudit(tx, { by, action: `council-${wanted}`, object: 'council', result: 'done' })
  const added = next.members.find((one) => !known.has(one.id))
  return { word: 'done', ...(added ? { member: added.id } : {}) }
}

/** The sentences for what a person can put right; undefined for what is ours. */
function problemsOf(error: unknown, words: PrepareCouncilWords, say: (day: string) => string): string[] | undefined {
  if (error instanceof SetUpConflictError) return [words.conflict]
  if (error instanceof CouncilRefusedError) return [words.refusals[error.reason](isDay.test(error.about) ? say(error.about) : error.about)]
  if (!isZodError(error)) return undefined
  const { legalNumber, languages, email, closedPartRecording, closedPartKeys, ...general } = words.problems
  const own = { legalNumber, languages, email, closedPartRecording, closedPartKeys }
  return problemSentences(error, words.fields, general, own)
}

async function show(parts: WebParts, request: Request, response: Response, returned: Returned | undefined): Promise<void> {
  const listed = councilOf(request)
  const visitor = visitorOf(request)
  const staff = staffOf(request)
  const asked = section.safeParse(request.params['section'])
  if (!asked.success) throw new PageNotFoundError()
  const read = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const council = await readCouncil(tx)
    if (!council) throw new PageNotFoundError()
    const before = await readCouncilBefore(tx, staff.account)
    return { council, undoAtMs: before && (await listSetUpVersions(tx, 'council', 1))[0]?.atMs }
  })
  const view: CouncilView = {
    pages: parts.pages,
    visitor,
    staff,
    listed,
    words: prepareCouncilWords[visitor.language],
    council: read.council,
    section: asked.data,
    member: knownMember(read.council, request.params['member'], asked.data),
    today: wallTime(Date.now(), read.council.timeZone).day,
    returned,
    done: returned ? undefined : doneWord.parse(request.query['feito']),
    undoAtMs: read.undoAtMs,
  }
  sendPage(response, <CouncilPage view={view} />)
}

/** Only the part of members has pages of its own below. */
function knownMember(council: CouncilView['council'], id: unknown, of: CouncilSection): string | undefined {
  if (id === undefined) return undefined
  const known = id === 'novo' || council.members.some((one) => one.id === id)
  if (of !== 'membros' || !known || typeof id !== 'string') throw new PageNotFoundError()
  return id
}
