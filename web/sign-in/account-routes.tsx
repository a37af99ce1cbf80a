import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { listPasskeys, removePasskey } from '../../storage/records/passkeys.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { AccountPage } from './account-page.tsx'
import { relyingParty } from './relying-party.ts'
import { signedIn } from './signed-in.ts'
import { staffOf } from './staff-of-request.ts'

const removal = z.object({ remove: z.string().min(1).max(2000) })

/** `/c/<council>/conta`: what a person of the staff comes in with. */
export function accountRoutes(parts: WebParts): Router {
  const router = Router()
  const guard = [withCouncil(parts), signedIn(parts)]
  router.get('/c/:council/conta', guard, async (request: Request, response: Response) => {
    const council = councilOf(request)
    const staff = staffOf(request)
    const seen = await parts.storage.database.inCouncil(council.id, async (tx) => ({
      passkeys: await listPasskeys(tx, staff.account),
      timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
    }))
    const told = { added: request.query['feito'] === 'chave', possible: relyingParty(request, parts.config) !== undefined }
    sendPage(response, <AccountPage pages={parts.pages} visitor={visitorOf(request)} council={council} staff={staff} {...seen} {...told} />)
  })
  router.post('/c/:council/conta', guard, urlencoded({ extended: false, limit: '4kb' }), async (request: Request, response: Response) => {
    const { remove: id } = removal.parse(request.body)
    const { account } = staffOf(request)
    const { id: council, slug } = councilOf(request)
    await parts.storage.database.inCouncil(council, async (tx) => {
      if (!(await removePasskey(tx, { id, account }))) throw new PageNotFoundError()
      await writeAudit(tx, { by: account, action: 'passkey-removed', object: 'web', result: 'done' })
    })
    response.redirect(303, visitorOf(request).href(`/c/${slug}/conta`))
  })
  return router
}
