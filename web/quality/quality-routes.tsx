import { type Request, Router, urlencoded } from 'express'
import { z } from 'zod'
import type { SessionStage } from '../../storage/model/session.ts'
import { readActa } from '../../storage/records/actas.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readProgress } from '../../storage/records/progress.ts'
import { findSession, readStage } from '../../storage/records/sessions.ts'
import { readTranscriptQuality } from '../../storage/records/transcript-qualities.ts'
import { cancelChunkPlan, isPlanCancelled } from '../../storage/records/transcripts.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { qualityWords } from '../words/staff-words.ts'
import { QualityPage } from './quality-page.tsx'
import { transcriptionState } from './transcription-state.tsx'

/** Stages in which a transcript may still be made anew: the frozen acta names the one it rests on. */
const openStages: readonly SessionStage[] = ['closed', 'transcribed', 'draft', 'approved']
const wanted = z.object({ act: z.enum(['stop', 'again']) })

/** How good a session's transcript is, for the staff (P12 of the market study); how far it is, and whether it goes on. */
export function qualityRoutes(parts: WebParts): Router {
  const router = Router()
  const page = '/c/:council/calidade/:session'
  const readers = signedIn(parts, 'secretary', 'mayor', 'member')
  router.get(page, withCouncil(parts), readers, async (request, response) => {
    const listed = councilOf(request)
    const secretary = staffOf(request).role === 'secretary'
    const of = await parts.storage.database.inCouncil(listed.id, async (tx) => {
      const { council, session, stage } = await find(tx, request)
      const state = transcriptionState(await readProgress(tx, session.id), {
        cancelled: await isPlanCancelled(tx, session.id),
        open: openStages.includes(stage),
        nowMs: Date.now(),
      })
      const drafted = (await readActa(tx, session.id)) !== undefined
      return { council, session, quality: await readTranscriptQuality(tx, session.id), state, drafted }
    })
    if (of.state.kind === 'running') response.set('Refresh', '15')
    sendPage(response, <QualityPage pages={parts.pages} visitor={visitorOf(request)} listed={listed} of={{ ...of, secretary }} />)
  })
  const form = urlencoded({ extended: false, limit: '1kb' })
  router.post(page, withCouncil(parts), signedIn(parts, 'secretary'), form, async (request, response) => {
    const listed = councilOf(request)
    const { act } = wanted.parse(request.body)
    await parts.storage.database.inCouncil(listed.id, async (tx) => {
      const { session, stage } = await find(tx, request)
      if (!openStages.includes(stage)) throw new RefusedError(409, (_, language) => qualityWords[language].tooLate)
      if (act === 'stop') await cancelChunkPlan(tx, session.id)
      else await parts.storage.jobs.send('transcript.plan', { council: listed.id, session: session.id }, { tx })
      await writeAudit(tx, { by: staffOf(request).account, action: `transcript-${act}`, object: `session ${session.id}`, result: 'asked' })
    })
    response.redirect(303, visitorOf(request).href(visitorOf(request).path.split('?')[0] ?? ''))
  })
  return router
}

async function find(tx: Tx, request: Request) {
  const session = await findSession(tx, String(request.params['session']))
  const council = await readCouncil(tx)
  const stage = session && (await readStage(tx, session.id))
  if (!session || !council || !stage) throw new PageNotFoundError()
  return { session, council, stage }
}
