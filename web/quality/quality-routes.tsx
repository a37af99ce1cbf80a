import { Router } from 'express'
import { readCouncil } from '../../storage/records/councils.ts'
import { findSession } from '../../storage/records/sessions.ts'
import { readTranscriptQuality } from '../../storage/records/transcript-qualities.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { QualityPage } from './quality-page.tsx'

/** How good a session's transcript is, for the staff (P12 of the market study). */
export function qualityRoutes(parts: WebParts): Router {
  const router = Router()
  const readers = signedIn(parts, 'secretary', 'mayor', 'member')
  router.get('/c/:council/calidade/:session', withCouncil(parts), readers, async (request, response) => {
    const listed = councilOf(request)
    const { council, session, quality } = await parts.storage.database.inCouncil(listed.id, async (tx) => {
      const found = await findSession(tx, String(request.params['session']))
      const of = await readCouncil(tx)
      if (!found || !of) throw new PageNotFoundError()
      return { council: of, session: found, quality: await readTranscriptQuality(tx, found.id) }
    })
    sendPage(response, <QualityPage pages={parts.pages} visitor={visitorOf(request)} listed={listed} of={{ council, session, quality }} />)
  })
  return router
}
