import { randomUUID } from 'node:crypto'
import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { endSignIn } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { putTablet, type Tablet, useTabletCode } from '../../storage/records/tablets.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { EnrolTabletPage } from './enrol-tablet-page.tsx'
import { shortCodeHash } from './short-code.ts'
import { cookieName, cookieOptions, newToken, tabletCookieLifeMs, tabletCookieName, tokenHash, tokenIn } from './sign-in-cookie.ts'

const form = z.object({ code: z.string().trim().min(1).max(30) })

/**
 * `/c/<council>/tableta`: where a tablet comes in by a code. Opening the page uses nothing up, since whoever previews links opens it too;
 * its button does. The tablet's key is a cookie that no script can read, so a plain http installation is served as well.
 */
export function enrolTabletRoutes(parts: WebParts, limit: AttemptLimit): Router {
  const router = Router()
  const council = withCouncil(parts)
  router.get('/c/:council/tableta', council, (request, response) => {
    const code = z.string().max(30).catch('').parse(request.query['codigo'])
    show(parts, request, response, { code })
  })
  router.post('/c/:council/tableta', council, urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const read = form.safeParse(request.body)
    const attempt = { council: councilOf(request).id, login: 'tablet code', address: request.ip ?? 'unknown' }
    const waitMs = limit.begin(attempt)
    if (waitMs > 0) {
      response.status(429).set('Retry-After', String(Math.ceil(waitMs / 1000)))
      return show(parts, request, response, { code: '', problem: { waitMs } })
    }
    const secret = newToken()
    const enrolled = read.success ? await enrol(parts, request, { code: read.data.code, secret }) : undefined
    if (!enrolled) {
      response.status(401)
      return show(parts, request, response, { code: read.success ? read.data.code : '', problem: {} })
    }
    limit.succeeded(attempt)
    const { id, slug } = councilOf(request)
    const options = cookieOptions(parts.config)
    response.cookie(tabletCookieName(id, parts.config), secret, { ...options, maxAge: tabletCookieLifeMs })
    response.clearCookie(cookieName(id, parts.config), options)
    response.redirect(303, visitorOf(request).href(`/c/${slug}/sala`))
  })
  return router
}

/** Whoever was signed in on the tablet is not any more: what it may do hangs on its own key alone. */
async function enrol(parts: WebParts, request: Request, of: { code: string; secret: string }): Promise<Tablet | undefined> {
  const { id: council } = councilOf(request)
  const before = tokenIn(request.headers.cookie, council, parts.config)
  return await parts.storage.database.inCouncil(council, async (tx) => {
    const id = randomUUID()
    const code = await useTabletCode(tx, { codeHash: shortCodeHash(of.code, 'tablet'), tablet: id })
    const result = code ? 'enrolled' : 'refused'
    await writeAudit(tx, { by: code?.account ?? 'nobody', action: 'tablet-enrolment', object: code ? `tablet ${id}` : 'tablet', result })
    if (!code) return undefined
    if (before !== undefined) await endSignIn(tx, tokenHash(before))
    const enrolled = { id, name: code.name, account: code.account, credentialHash: tokenHash(of.secret), createdAtMs: Date.now() }
    await putTablet(tx, enrolled)
    return enrolled
  })
}

function show(parts: WebParts, request: Request, response: Response, state: { code: string; problem?: { waitMs?: number } }): void {
  response.set('Cache-Control', 'no-store')
  sendPage(response, <EnrolTabletPage pages={parts.pages} visitor={visitorOf(request)} council={councilOf(request)} {...state} />)
}
