import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { council as councilSchema } from '../../storage/model/council.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { changeCouncil, SetUpConflictError } from '../../storage/records/set-up.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { VocabularyPage, type VocabularyPageProps } from './vocabulary-page.tsx'

const form = z.object({ seen: z.string().max(100), vocabulary: z.string().max(50_000) })
const { vocabulary: vocabularySchema } = councilSchema.shape

/** `/c/<council>/vocabulario`: words that are said here and no recognizer knows. */
export function vocabularyRoutes(parts: WebParts): Router {
  const router = Router()
  const guards = [withCouncil(parts), signedIn(parts, 'secretary')]
  router.get('/c/:council/vocabulario', ...guards, (request, response) => {
    return show(parts, request, response, request.query['feito'] === 'saved' ? { said: 'saved' } : {})
  })
  router.post('/c/:council/vocabulario', ...guards, urlencoded({ extended: false, limit: '100kb' }), async (request, response) => {
    const here = councilOf(request)
    const by = staffOf(request).account
    const { seen, vocabulary } = form.parse(request.body)
    const wanted = vocabularySchema.safeParse(linesOf(vocabulary))
    if (!wanted.success) return await show(parts, request, response.status(422), { said: 'tooMany', written: vocabulary })
    try {
      await parts.storage.database.inCouncil(here.id, async (tx) => {
        const apply = (current: z.output<typeof councilSchema>) => ({ ...current, vocabulary: wanted.data })
        await changeCouncil(tx, { by, part: (current) => current.vocabulary, seen, apply })
        await writeAudit(tx, { by, action: 'council-vocabulary', object: `council ${here.id}`, result: `${wanted.data.length} words` })
      })
      response.redirect(303, visitorOf(request).href(`/c/${here.slug}/vocabulario?feito=saved`))
    } catch (error) {
      if (!(error instanceof SetUpConflictError)) throw error
      await show(parts, request, response.status(409), { said: 'conflict', written: vocabulary })
    }
  })
  return router
}

function linesOf(text: string): string[] {
  return [...new Set(text.split(/[\r\n]+/).map((line) => line.replace(/\s+/g, ' ').trim()))].filter((line) => line !== '')
}

async function show(
  parts: WebParts,
  request: Request,
  response: Response,
  more: Pick<VocabularyPageProps, 'said' | 'written'>,
): Promise<void> {
  const listed = councilOf(request)
  const council = await parts.storage.database.inCouncil(listed.id, readCouncil)
  if (!council) throw new PageNotFoundError()
  sendPage(response, <VocabularyPage pages={parts.pages} visitor={visitorOf(request)} listed={listed} council={council} {...more} />)
}
