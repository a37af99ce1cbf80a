import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { isEditable } from '../../minutes/review-acta.ts'
import { speakerQuestions } from '../../storage/model/speaker-questions.ts'
import { listActaVersions, readActa } from '../../storage/records/actas.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { readSessionView } from '../portal/read-session-view.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { editorWords } from '../words/staff-words.ts'
import { refusalOf } from './refusal.ts'
import { readReviewForm } from './review-form.ts'
import { type ReviewOutcome, reviewActa } from './review-way.ts'
import { SpeakerPage } from './speaker-page.tsx'

const address = '/c/:council/editor/:session/quen-fala'
const query = z.object({
  frase: z.string().max(200).optional().catch(undefined),
  antes: z.string().max(200).optional().catch(undefined),
  feito: z.enum(['attributed', 'undone', 'nothing']).optional().catch(undefined),
})

/** Who speaks here? The secretary says it where the evidence does not; each answer is a version of the acta. */
export function speakerRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  const secretary = signedIn(parts, 'secretary')
  router.get(address, council, secretary, async (request, response) => {
    const { frase, antes, feito } = query.parse(request.query)
    await show(parts, request, response, { sentence: frase, answered: antes, done: feito })
  })
  router.post(address, council, secretary, urlencoded({ extended: false, limit: '64kb' }), async (request, response) => {
    const wanted = readReviewForm(request.body)
    if (wanted.act !== 'attribute' && wanted.act !== 'undo' && wanted.act !== 'none') throw new PageNotFoundError()
    const outcome = await reviewActa(parts, councilOf(request).id, String(request.params['session']), wanted, staffOf(request))
    const visitor = visitorOf(request)
    // The page then shows the next question: it is the first that is left after the one that was answered.
    if (outcome.kind === 'done') {
      const told = new URLSearchParams({ feito: outcome.done.kind, frase: wanted.punto })
      if (wanted.act === 'attribute') told.set('antes', wanted.sentences[0] ?? '')
      return response.redirect(303, `${visitor.href(visitor.path.split('?')[0] ?? '')}?${told}`)
    }
    response.status(422)
    await show(parts, request, response, { sentence: wanted.punto, answered: undefined, done: undefined, outcome })
  })
  return router
}

interface Shown {
  sentence: string | undefined
  /** The one that was answered just now. */
  answered: string | undefined
  done: 'attributed' | 'undone' | 'nothing' | undefined
  outcome?: Exclude<ReviewOutcome, { kind: 'done' }>
}

async function show(parts: WebParts, request: Request, response: Response, { sentence, answered, done, outcome }: Shown): Promise<void> {
  const listed = councilOf(request)
  const visitor = visitorOf(request)
  const staff = staffOf(request)
  const read = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const session = await readSessionView(tx, listed.slug, String(request.params['session']), true)
    const acta = session && (await readActa(tx, session.session.id))
    if (!session || !acta) throw new PageNotFoundError()
    return { session, acta, versions: await listActaVersions(tx, session.session.id) }
  })
  const { session, acta, versions } = read
  const questions = speakerQuestions(acta, session.transcript)
  const words = editorWords[visitor.language]
  const editable = isEditable(session.stage)
  sendPage(
    response,
    <SpeakerPage
      pages={parts.pages}
      view={{
        ...{ visitor, words, listed, session, acta, questions, answered, editable, done },
        question: questions.find((one) => one.sentence.id === sentence) ?? questions[0],
        mayUndo: editable && versions.length > 1 && versions.at(-1)?.by === staff.account,
        refusal: refusalOf(outcome ? { outcome } : {}, { editable, stage: session.stage, role: staff.role, words }),
      }}
    />,
  )
}
