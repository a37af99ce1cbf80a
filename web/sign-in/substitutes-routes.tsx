import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { listAccounts } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { listSessions } from '../../storage/records/sessions.ts'
import { listSubstitutions, revokeSubstitution } from '../../storage/records/substitutions.ts'
import { cutRoomLines } from '../control/room-live.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { readValues, type Values } from '../prepare/form-state.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { nameSubstitute, SubstituteRefusedError } from './name-substitute.ts'
import { signedIn } from './signed-in.ts'
import { staffOf } from './staff-of-request.ts'
import { SubstitutesPage, type SubstitutesPageProps } from './substitutes-page.tsx'

const revocation = z.object({ act: z.literal('revoke'), substitution: z.uuid() })

/** `/c/<council>/substitucions`: for the secretary, and for the mayor, who decides when there is no secretary to do it. */
export function substitutesRoutes(parts: WebParts): Router {
  const router = Router()
  const guard = [withCouncil(parts), signedIn(parts, 'secretary', 'mayor')]
  router.get('/c/:council/substitucions', guard, (request: Request, response: Response) => show(parts, request, response))
  router.post(
    '/c/:council/substitucions',
    guard,
    urlencoded({ extended: false, limit: '8kb' }),
    async (request: Request, response: Response) => {
      const values = readValues(request.body)
      const revoked = revocation.safeParse(values)
      if (!revoked.success) return await name(parts, request, response, values)
      const here = councilOf(request)
      const session = await parts.storage.database.inCouncil(here.id, async (tx) => {
        const found = await revokeSubstitution(tx, revoked.data.substitution)
        if (!found) throw new PageNotFoundError()
        await writeAudit(tx, { by: staffOf(request).account, action: 'substitute-revoked', object: `session ${found}`, result: 'done' })
        return found
      })
      cutRoomLines(parts.sockets, (one) => one.council === here.id && one.sessions?.get(session)?.id === revoked.data.substitution)
      response.redirect(303, visitorOf(request).href(`/c/${here.slug}/substitucions`))
    },
  )
  return router
}

async function name(parts: WebParts, request: Request, response: Response, values: Values): Promise<void> {
  const { id: council, slug } = councilOf(request)
  try {
    const named = await parts.storage.database.inCouncil(council, async (tx) => {
      const timeZone = (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid'
      return await nameSubstitute(tx, values, { by: staffOf(request).account, timeZone })
    })
    const { href } = visitorOf(request)
    if (named.invitation === undefined) return response.redirect(303, href(`/c/${slug}/substitucions`))
    const server = parts.config.publicUrl ?? `${request.protocol}://${request.get('Host')}`
    const address = server + href(`/c/${slug}/convite/${named.invitation}`)
    await show(parts, request, response, { invitation: { name: named.name, address } })
  } catch (cause) {
    if (!(cause instanceof SubstituteRefusedError)) throw cause
    response.status(422)
    await show(parts, request, response, { returned: { values, problem: cause.reason } })
  }
}

async function show(
  parts: WebParts,
  request: Request,
  response: Response,
  more: Partial<Pick<SubstitutesPageProps, 'invitation' | 'returned'>> = {},
): Promise<void> {
  const council = councilOf(request)
  const seen = await parts.storage.database.inCouncil(council.id, async (tx) => {
    const all = await listSessions(tx)
    const open = all.filter((one) => one.stage === 'prepared' || one.stage === 'recording').map((one) => one.session)
    return {
      substitutions: await listSubstitutions(tx),
      accounts: await listAccounts(tx),
      sessions: all.map((one) => one.session),
      open: open.toSorted((a, b) => a.convenedFor - b.convenedFor),
      timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
    }
  })
  sendPage(response, <SubstitutesPage pages={parts.pages} visitor={visitorOf(request)} council={council} {...seen} {...more} />)
}
