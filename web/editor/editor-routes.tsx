import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { isEditable } from '../../minutes/review-acta.ts'
import { glossaryOf } from '../../storage/model/glossary.ts'
import { speakerQuestions } from '../../storage/model/speaker-questions.ts'
import { listActaVersions, readActa } from '../../storage/records/actas.ts'
import { beginningOf, type Progress, readProgress, remainingMs } from '../../storage/records/progress.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { readSessionView } from '../portal/read-session-view.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { editorWords } from '../words/staff-words.ts'
import { actaSections, chosenSection, sectionAt } from './acta-sections.ts'
import { EditorDocument, WaitingDocument } from './editor-document.tsx'
import type { Done, EditorView, WaitingView } from './editor-view.ts'
import { refusalOf } from './refusal.ts'
import { readReviewForm } from './review-form.ts'
import { type ReviewOutcome, reviewActa } from './review-way.ts'
import { speakerRoutes } from './speaker-routes.tsx'

const address = '/c/:council/editor/:session'
const query = z.object({
  punto: z.string().max(20).optional().catch(undefined),
  t: z.coerce.number().nonnegative().optional().catch(undefined),
  feito: z.enum(['accepted', 'rewritten', 'undone', 'nothing', 'attributed']).optional().catch(undefined),
  n: z.coerce.number().int().nonnegative().catch(0),
})

/** The acta editor: read by the secretary, the mayor and the members, changed by the secretary alone (R32). */
export function editorRoutes(parts: WebParts): Router {
  const router = Router()
  const readers = signedIn(parts, 'secretary', 'mayor', 'member')
  router.get(address, withCouncil(parts), readers, async (request, response) => {
    const asked = query.parse(request.query)
    const done: Done | undefined = asked.feito === 'accepted' ? { kind: 'accepted', count: asked.n } : asked.feito && { kind: asked.feito }
    await show(parts, request, response, { punto: asked.punto, startMs: asked.t === undefined ? undefined : asked.t * 1000, done })
  })
  router.use(speakerRoutes(parts))
  router.post(
    address,
    withCouncil(parts),
    signedIn(parts, 'secretary'),
    urlencoded({ extended: false, limit: '2mb', parameterLimit: 2000 }),
    change(parts),
  )
  return router
}

/** One change, then the page again: by redirect when it was done, at once when something has to be read. */
function change(parts: WebParts): RequestHandler {
  return async (request, response) => {
    const wanted = readReviewForm(request.body)
    const visitor = visitorOf(request)
    const outcome = await reviewActa(parts, councilOf(request).id, String(request.params['session']), wanted, staffOf(request))
    if (outcome.kind === 'done') {
      const count = outcome.done.kind === 'accepted' ? `&n=${outcome.done.count}` : ''
      const place = `?punto=${encodeURIComponent(wanted.punto)}&feito=${outcome.done.kind}${count}`
      return response.redirect(303, `${visitor.href(visitor.path.split('?')[0] ?? '')}${place}`)
    }
    response.status(outcome.kind === 'conflict' ? 409 : 422)
    await show(parts, request, response, { punto: wanted.punto, startMs: undefined, done: undefined, outcome })
  }
}

interface Shown {
  punto: string | undefined
  startMs: number | undefined
  done: Done | undefined
  outcome?: Exclude<ReviewOutcome, { kind: 'done' }>
}

async function show(parts: WebParts, request: Request, response: Response, shown: Shown): Promise<void> {
  const listed = councilOf(request)
  const visitor = visitorOf(request)
  const staff = staffOf(request)
  const words = editorWords[visitor.language]
  const read = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const session = await readSessionView(tx, listed.slug, String(request.params['session']), true)
    if (!session) throw new PageNotFoundError()
    const id = session.session.id
    const acta = await readActa(tx, id)
    return { session, acta, versions: await listActaVersions(tx, id), told: await readProgress(tx, id) }
  })
  const { session, acta, versions } = read
  const sections = acta ? actaSections(acta) : []
  const heard = shown.startMs === undefined ? undefined : sectionAt(sections, session.state.items, shown.startMs)
  const section = chosenSection(sections, shown.punto ?? heard)
  if (!acta || !section) {
    response.set('Refresh', '15')
    sendPage(response, <WaitingDocument pages={parts.pages} view={{ visitor, words, session, progress: waitedFor(read.told) }} />)
    return
  }
  const editable = staff.role === 'secretary' && isEditable(session.stage)
  const view: EditorView = {
    visitor,
    words,
    staff,
    session,
    acta,
    glossary: glossaryOf(session.council, session.session),
    versions,
    sections,
    section,
    editable,
    mayUndo: editable && versions.length > 1 && versions.at(-1)?.by === staff.account,
    questions: speakerQuestions(acta, session.transcript).length,
    startMs: shown.startMs,
    done: shown.done,
    refusal: refusalOf(shown, { editable, stage: session.stage, role: staff.role, words }),
    conflict: shown.outcome?.kind === 'conflict' ? shown.outcome : undefined,
  }
  sendPage(response, <EditorDocument pages={parts.pages} view={view} />)
}

/** What is being done, and how long it will take. */
function waitedFor(told: readonly Progress[]): WaitingView['progress'] {
  const latest = told.findLast((one) => !one.step.endsWith(beginningOf('')))
  if (!latest || latest.total === 0) return undefined
  return { percent: Math.floor((100 * latest.done) / latest.total), leftMs: remainingMs(told, latest.step, Date.now()) }
}
