import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { recorderId, sessionId } from '../../storage/model/ids.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { listImports } from '../../storage/records/imports.ts'
import { readLastReconciliation } from '../../storage/records/reconciliations.ts'
import { type EnrolledRecorder, enrolRecorder, listRecorders, readRecorder } from '../../storage/records/recorders.ts'
import { readLastRehearsals } from '../../storage/records/rehearsals.ts'
import { readSpoolReports } from '../../storage/records/spool-reports.ts'
import { enrolmentCodeLifeMs, makeEnrolmentCode } from '../agent/enrolment.ts'
import { giveUpRecorder, readWaitedFor } from '../agent/give-up.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { RecordersPage, type RecordersPageProps } from './recorders-page.tsx'

const form = z.discriminatedUnion('act', [
  z.object({ act: z.literal('code') }),
  z.object({ act: z.literal('revoke'), recorder: recorderId }),
  z.object({ act: z.literal('give-up'), recorder: recorderId, session: sessionId }),
])

/** `/c/<council>/gravadoras`: the machines of a council, for its secretary and technician. */
export function recordersRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  const staff = signedIn(parts, 'secretary', 'technician')
  router.get('/c/:council/gravadoras', council, staff, (request, response) => show(parts, request, response))
  router.post('/c/:council/gravadoras', council, staff, urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const here = councilOf(request)
    const by = staffOf(request).account
    const asked = form.parse(request.body)
    if (asked.act === 'code') {
      const made = await parts.storage.database.inCouncil(here.id, (tx) => makeEnrolmentCode(tx, by))
      const server = parts.config.publicUrl ?? `${request.protocol}://${request.get('Host')}`
      return await show(parts, request, response, { code: made.code, minutes: enrolmentCodeLifeMs / 60_000, server })
    }
    const back = visitorOf(request).href(`/c/${here.slug}/gravadoras`)
    if (asked.act === 'give-up') {
      const waited = await parts.storage.database.inCouncil(here.id, (tx) => readWaitedFor(tx, parts.agents.list(here.id)))
      // What the page offered a while ago may have come in, or be recorded again.
      if (waited.some((one) => one.session === asked.session && one.recorder === asked.recorder)) {
        await giveUpRecorder(parts.storage, { council: here.id, session: asked.session, recorder: asked.recorder, by })
      }
      return response.redirect(303, back)
    }
    await parts.storage.database.inCouncil(here.id, async (tx) => {
      const recorder = await readRecorder(tx, asked.recorder)
      if (recorder === undefined) throw new PageNotFoundError()
      await enrolRecorder(tx, { ...recorder, revokedAtMs: recorder.revokedAtMs ?? Date.now() })
      await writeAudit(tx, { by, action: 'recorder-revoked', object: `recorder ${recorder.id}`, result: 'done' })
    })
    parts.agents.cut(here.id, asked.recorder)
    response.redirect(303, back)
  })
  return router
}

/** Those of chambers: what read an imported file was made for that alone. */
async function chamberRecorders(tx: Tx): Promise<EnrolledRecorder[]> {
  const readers = new Set((await listImports(tx)).map((one) => one.recorder))
  return (await listRecorders(tx)).filter((one) => !readers.has(one.id))
}

async function show(parts: WebParts, request: Request, response: Response, code?: RecordersPageProps['code']): Promise<void> {
  const council = councilOf(request)
  const agents = parts.agents.list(council.id)
  const seen = await parts.storage.database.inCouncil(council.id, async (tx) => ({
    waited: await readWaitedFor(tx, agents),
    spools: await readSpoolReports(tx),
    recorders: await chamberRecorders(tx),
    rehearsals: await readLastRehearsals(tx),
    reconciliation: await readLastReconciliation(tx),
    timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
  }))
  sendPage(
    response,
    <RecordersPage pages={parts.pages} visitor={visitorOf(request)} council={council} agents={agents} code={code} {...seen} />,
  )
}
