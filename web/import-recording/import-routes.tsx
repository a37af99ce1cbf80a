import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { sessionId } from '../../storage/model/ids.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { listImports } from '../../storage/records/imports.ts'
import { readProgress } from '../../storage/records/progress.ts'
import { readSessionSummary } from '../../storage/records/sessions.ts'
import { UploadStore } from '../../storage/uploads/upload-store.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { ImportPage, type ListedImport } from './import-page.tsx'
import { recordingTaking } from './take-recording.ts'
import { uploadRoutes } from './upload-routes.ts'
import { withdrawImport } from './withdraw-import.ts'

const act = z.discriminatedUnion('act', [
  z.object({ act: z.literal('discard'), upload: z.uuid() }),
  z.object({ act: z.literal('withdraw'), session: sessionId }),
])

/** `/c/<council>/importar`: old recordings become sessions. */
export function importRoutes(parts: WebParts): Router {
  const router = Router()
  const store = new UploadStore(parts.config.uploads)
  const guards = [withCouncil(parts), signedIn(parts, 'secretary', 'technician')]
  router.get('/c/:council/importar', ...guards, (request, response) => show(parts, store, request, response))
  router.post('/c/:council/importar', ...guards, urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const asked = act.parse(request.body)
    const { id: council } = councilOf(request)
    if (asked.act === 'withdraw') {
      const { account, name, role } = staffOf(request)
      await withdrawImport(parts.storage, { council, session: asked.session }, { account, name, role })
    } else {
      const found = (await store.listUnfinished(council)).find((one) => one.id === asked.upload)
      if (found) await store.remove(found)
    }
    response.redirect(303, visitorOf(request).href(`/c/${councilOf(request).slug}/importar`))
  })
  router.use(uploadRoutes('/c/:council/importar/ficheiros', guards, recordingTaking(parts, store)))
  return router
}

async function show(parts: WebParts, store: UploadStore, request: Request, response: Response): Promise<void> {
  const listed = councilOf(request)
  const { council, imports, withdrawn } = await parts.storage.database.inCouncil(listed.id, async (tx) => {
    const council = await readCouncil(tx)
    if (!council) throw new PageNotFoundError()
    const imports: ListedImport[] = []
    const all = await listImports(tx)
    for (const of of all) {
      const summary = await readSessionSummary(tx, of.session)
      const progress = (await readProgress(tx, of.session)).find((one) => one.step === 'import')
      if (summary) imports.push({ of, summary, progress })
    }
    return { council, imports, withdrawn: all.filter((one) => one.withdrawn !== undefined) }
  })
  const unfinished = await store.listUnfinished(listed.id)
  const of = { council, imports, withdrawn, unfinished }
  sendPage(response, <ImportPage pages={parts.pages} visitor={visitorOf(request)} listed={listed} of={of} />)
}
