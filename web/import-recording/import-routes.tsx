import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { readCouncil } from '../../storage/records/councils.ts'
import { listImports } from '../../storage/records/imports.ts'
import { readProgress } from '../../storage/records/progress.ts'
import { readSessionSummary } from '../../storage/records/sessions.ts'
import { UploadStore } from '../../storage/uploads/upload-store.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { ImportPage, type ListedImport } from './import-page.tsx'
import { recordingTaking } from './take-recording.ts'
import { uploadRoutes } from './upload-routes.ts'

const discard = z.object({ act: z.literal('discard'), upload: z.uuid() })

/** `/c/<council>/importar`: old recordings become sessions. */
export function importRoutes(parts: WebParts): Router {
  const router = Router()
  const store = new UploadStore(parts.config.uploads)
  const guards = [withCouncil(parts), signedIn(parts, 'secretary', 'technician')]
  router.get('/c/:council/importar', ...guards, (request, response) => show(parts, store, request, response))
  router.post('/c/:council/importar', ...guards, urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const { upload } = discard.parse(request.body)
    const unfinished = await store.listUnfinished(councilOf(request).id)
    const found = unfinished.find((one) => one.id === upload)
    if (found) await store.remove(found)
    response.redirect(303, visitorOf(request).href(`/c/${councilOf(request).slug}/importar`))
  })
  router.use(uploadRoutes('/c/:council/importar/ficheiros', guards, recordingTaking(parts, store)))
  return router
}

async function show(parts: WebParts, store: UploadStore, request: Request, response: Response): Promise<void> {
  const listed = councilOf(request)
  const { council, imports } = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const council = await readCouncil(tx)
    if (!council) throw new PageNotFoundError()
    const imports: ListedImport[] = []
    for (const of of await listImports(tx)) {
      const summary = await readSessionSummary(tx, of.session)
      const progress = (await readProgress(tx, of.session)).find((one) => one.step === 'import')
      if (summary) imports.push({ of, summary, progress })
    }
    return { council, imports }
  })
  const unfinished = await store.listUnfinished(listed.id)
  sendPage(response, <ImportPage pages={parts.pages} visitor={visitorOf(request)} listed={listed} of={{ council, imports, unfinished }} />)
}
