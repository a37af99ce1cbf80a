import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { countMicrophoneEvents, listConferenceSystems, revokeConferenceSystem } from '../../storage/records/microphones.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { listSessions } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { MicrophonesPage, type MicrophonesPageProps } from './microphones-page.tsx'
import { makeSystemToken, systemName } from './system-token.ts'

const form = z.discriminatedUnion('act', [
  z.object({ act: z.literal('add'), name: z.string().max(1000).default('') }),
  z.object({ act: z.literal('revoke'), system: z.uuid() }),
])

/** `/c/<council>/microfonos`: the conference systems that may tell of their microphones, for the secretary and the technician. */
export function microphonesRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  const staff = signedIn(parts, 'secretary', 'technician')
  router.get('/c/:council/microfonos', council, staff, (request, response) => show(parts, request, response, {}))
  router.post('/c/:council/microfonos', council, staff, urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    const here = councilOf(request)
    const by = staffOf(request).account
    const asked = form.parse(request.body)
    if (asked.act === 'add') {
      const name = systemName.safeParse(asked.name)
      if (!name.success) {
        response.status(422)
        return await show(parts, request, response, { nameMissing: true })
      }
      const token = await parts.storage.database.inCouncil(here.id, (tx) => makeSystemToken(tx, { name: name.data, by }))
      const server = parts.config.publicUrl ?? `${request.protocol}://${request.get('Host')}`
      return await show(parts, request, response, { made: { name: name.data, token, server } })
    }
    await parts.storage.database.inCouncil(here.id, async (tx) => {
      if (!(await revokeConferenceSystem(tx, asked.system, Date.now()))) throw new PageNotFoundError()
      await writeAudit(tx, { by, action: 'microphone-token', object: `conference system ${asked.system}`, result: 'revoked' })
    })
    response.redirect(303, visitorOf(request).href(`/c/${here.slug}/microfonos`))
  })
  return router
}

type Shown = Pick<MicrophonesPageProps, 'made' | 'nameMissing'>

async function show(parts: WebParts, request: Request, response: Response, shown: Shown): Promise<void> {
  const council = councilOf(request)
  const seen = await parts.storage.database.inCouncil(council.id, async (tx) => ({
    systems: await listConferenceSystems(tx),
    recorders: await listRecorders(tx),
    counts: await countMicrophoneEvents(tx),
    sessions: (await listSessions(tx)).map((one) => one.session),
    timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
  }))
  sendPage(response, <MicrophonesPage pages={parts.pages} visitor={visitorOf(request)} council={council} {...seen} {...shown} />)
}
