import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { newId } from '../../storage/model/ids.ts'
import { fileEntry, fileSlot, sessionFile } from '../../storage/model/session-file.ts'
import { readActa } from '../../storage/records/actas.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { putFileEntry, readFileEntries } from '../../storage/records/session-files.ts'
import { withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import type { WebParts } from '../web-parts.ts'
import { FilePage } from './file-page.tsx'
import { type Returned, readValues } from './form-state.ts'
import { prepareView, sessionProblems } from './session-routes.tsx'
import { readSetUp, setUpHref } from './session-view.ts'

const done = z.enum(['filed']).optional().catch(undefined)

/** The expediente of a session: what is in each of its fixed slots, and what is missing (R8). */
export function fileRoutes(parts: WebParts): Router {
  const router = Router()
  const guards = [withCouncil(parts), signedIn(parts, 'secretary')]
  const path = '/c/:council/preparar/:session/expediente'
  router.get(path, ...guards, (request, response) => show(parts, request, response, undefined))
  router.post(path, ...guards, urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 }), (request, response) =>
    file(parts, request, response),
  )
  return router
}

async function file(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const values = readValues(request.body)
  try {
    const annuls = values['act'] === 'take-back' ? values['entry'] : undefined
    const entry = fileEntry.parse({
      id: newId(),
      slot: fileSlot.parse(values['slot']),
      text: annuls ? '—' : values['text'],
      ...(annuls ? { annuls } : {}),
    })
    await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
      const { session } = await readSetUp(tx, String(request.params['session']), Date.now())
      await putFileEntry(tx, session.id, entry, view.staff.account)
      await writeAudit(tx, {
        by: view.staff.account,
        action: `file-${annuls ? 'take-back' : 'entry'}`,
        object: `session ${session.id}`,
        result: entry.slot,
      })
    })
    response.redirect(303, setUpHref(view, String(request.params['session']), '/expediente?feito=filed'))
  } catch (error) {
    const problems = sessionProblems(error, view.words)
    if (!problems) throw error
    response.status(422)
    await show(parts, request, response, { act: values['act'] ?? '', values, problems, conflict: false })
  }
}

async function show(parts: WebParts, request: Request, response: Response, returned: Returned | undefined): Promise<void> {
  const view = prepareView(parts, request, returned)
  const read = await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
    const setUp = await readSetUp(tx, String(request.params['session']), Date.now())
    const entries = await readFileEntries(tx, setUp.session.id)
    const drafted = (await readActa(tx, setUp.session.id)) !== undefined
    return { setUp, entries, drafted }
  })
  const { setUp, entries } = read
  const slots = sessionFile(entries, {
    convocations: setUp.issued?.number ?? 0,
    actaDrafted: read.drafted,
    published: setUp.summary.stage === 'published',
  })
  const said = returned ? undefined : done.parse(request.query['feito'])
  sendPage(response, <FilePage view={view} setUp={setUp} slots={slots} kept={entries} done={said && view.words[said]} />)
}
