import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { PublicationRefusedError, publishSession, withdrawSession } from '../../minutes/acta/keep-acta.ts'
import type { SessionPlace } from '../../minutes/session-documents.ts'
import type { CouncilId } from '../../storage/model/ids.ts'
import { type Account, endSignIn, findAccount, putSignIn } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { sessionsWithClosedParts } from '../../storage/records/closed-marks.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { findSession, listSessions } from '../../storage/records/sessions.ts'
import { readTabletOf } from '../../storage/records/tablets.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { hashPassword, isPassword } from './password-hash.ts'
import { relyingParty } from './relying-party.ts'
import { cookieName, cookieOptions, newToken, secretIn, signInLifeMs, tabletCookieName, tokenHash, tokenIn } from './sign-in-cookie.ts'
import { SignInPage, type SignInProblem } from './sign-in-page.tsx'
import { signedIn } from './signed-in.ts'
import { staffOf } from './staff-of-request.ts'
import { TablePage } from './table-page.tsx'

/** The secretary's «Publicar» and «Retirar» (design.md §1). */
const publication = z.object({ session: z.string().max(100), act: z.enum(['publish', 'withdraw']) })
const form = z.object({
  login: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(1000),
  seguir: z.string().max(500).optional(),
})

/** Sign-in with a local account, sign-out, and the table from which the staff go to their work. */
export function signInRoutes(parts: WebParts, limit: AttemptLimit): Router {
  const router = Router()
  const absent = hashPassword('the password of nobody')
  const council = withCouncil(parts)
  router.get('/c/:council/entrar', council, async (request, response) => {
    const staff = await parts.identify(request, councilOf(request).id)
    const next = nextAddress(request)
    if (staff) return response.redirect(303, visitorOf(request).href(next))
    sendForm(parts, request, response, { next })
  })
  router.post('/c/:council/entrar', council, urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const council = councilOf(request)
    const read = form.safeParse(request.body)
    const login = read.success ? read.data.login.toLowerCase() : ''
    const attempt = { council: council.id, login, address: request.ip ?? 'unknown' }
    const waitMs = limit.begin(attempt)
    if (waitMs > 0) {
      response.status(429).set('Retry-After', String(Math.ceil(waitMs / 1000)))
      return sendForm(parts, request, response, { problem: 'too-many', waitMs, next: nextAddress(request) })
    }
    if (!parts.config.isControlled(request.ip)) {
      response.status(403)
      return sendForm(parts, request, response, { problem: 'outside', next: nextAddress(request), login })
    }
    const account = read.success ? await rightAccount(parts, council.id, login, read.data.password, await absent) : undefined
    if (!account) {
      response.status(401)
      return sendForm(parts, request, response, {
        problem: 'wrong',
        next: nextAddress(request),
        login: read.success ? read.data.login : '',
      })
    }
    limit.succeeded(attempt)
    await beginSignIn(parts, request, response, account)
    response.redirect(303, visitorOf(request).href(nextAddress(request, account)))
  })
  router.post('/c/:council/sair', council, async (request, response) => {
    await finishSignIn(parts, request, response)
    response.redirect(303, visitorOf(request).href(`/c/${councilOf(request).slug}/entrar?saiu=1`))
  })
  router.get('/c/:council/mesa', council, signedIn(parts), async (request, response) => {
    const council = councilOf(request)
    const seen = await parts.storage.database.inCouncil(council.id, async (tx) => {
      const setUp = await readCouncil(tx)
      if (!setUp) throw new PageNotFoundError()
      const closed = staffOf(request).role === 'secretary' ? await sessionsWithClosedParts(tx) : new Set<string>()
      return { sessions: await listSessions(tx), setUp, closed }
    })
    sendPage(response, <TablePage pages={parts.pages} visitor={visitorOf(request)} council={council} staff={staffOf(request)} {...seen} />)
  })
  router.post(
    '/c/:council/mesa',
    council,
    signedIn(parts, 'secretary'),
    urlencoded({ extended: false, limit: '1kb' }),
    async (request, response) => {
      const { session, act } = publication.parse(request.body)
      const here = councilOf(request)
      const found = await parts.storage.database.inCouncil(here.id, (tx) => findSession(tx, session))
      if (!found) throw new PageNotFoundError()
      const place = { council: here.id, session: found.id }
      await (act === 'publish' ? publishLawfully(parts, place) : withdrawSession(parts.minutes, place))
      await parts.storage.database.inCouncil(here.id, (tx) =>
        writeAudit(tx, { by: staffOf(request).account, action: `session-${act}`, object: `session ${found.id}`, result: 'done' }),
      )
      response.redirect(303, visitorOf(request).href(`/c/${here.slug}/mesa`))
    },
  )
  return router
}

/** What the law does not let be public is answered with its article (R82). */
async function publishLawfully(parts: WebParts, place: SessionPlace): Promise<void> {
  try {
    await publishSession(parts.minutes, place)
  } catch (error) {
    if (!(error instanceof PublicationRefusedError)) throw error
    const { reason, article } = error.ruling
    throw new RefusedError(409, (_words, language) => `${reason[language]} (${article})`, { cause: error })
  }
}

/** The account whose password this is. Who is unknown costs the same time as who is known. */
async function rightAccount(parts: WebParts, council: CouncilId, login: string, password: string, absent: string) {
  const account = await parts.storage.database.inCouncil(council, (tx) => findAccount(tx, login))
  const right = await isPassword(password, account?.passwordHash ?? absent)
  const granted = right && account !== undefined
  await parts.storage.database.inCouncil(council, (tx) =>
    writeAudit(tx, { by: account?.id ?? 'nobody', action: 'sign-in', object: 'web', result: granted ? 'granted' : 'refused' }),
  )
  return granted ? account : undefined
}

/** A new token at each sign-in: one that somebody planted before is worth nothing. One made on an enrolled tablet ends with the tablet. */
export async function beginSignIn(parts: WebParts, request: Request, response: Response, account: Account): Promise<void> {
  const council = councilOf(request)
  const before = tokenIn(request.headers.cookie, council.id, parts.config)
  const secret = secretIn(request.headers.cookie, tabletCookieName(council.id, parts.config))
  const token = newToken()
  await parts.storage.database.inCouncil(council.id, async (tx) => {
    if (before !== undefined) await endSignIn(tx, tokenHash(before))
    const tablet = secret === undefined ? undefined : await readTabletOf(tx, tokenHash(secret))
    await putSignIn(tx, {
      ...{ tokenHash: tokenHash(token), account: account.id, expiresAtMs: Date.now() + signInLifeMs },
      ...(tablet ? { tablet: tablet.id } : {}),
    })
  })
  response.cookie(cookieName(council.id, parts.config), token, { ...cookieOptions(parts.config), maxAge: signInLifeMs })
}

async function finishSignIn(parts: WebParts, request: Request, response: Response): Promise<void> {
  const council = councilOf(request)
  const token = tokenIn(request.headers.cookie, council.id, parts.config)
  const staff = await parts.identify(request, council.id)
  if (token !== undefined) {
    await parts.storage.database.inCouncil(council.id, async (tx) => {
      await endSignIn(tx, tokenHash(token))
      if (staff) await writeAudit(tx, { by: staff.account, action: 'sign-out', object: 'web', result: 'done' })
    })
  }
  response.clearCookie(cookieName(council.id, parts.config), cookieOptions(parts.config))
}

/** Where the person wanted to go: an address of this council only, so that nobody is sent elsewhere by a link. */
export function nextAddress(request: Request, account?: Account): string {
  const home = `/c/${councilOf(request).slug}/`
  const asked = z.string().safeParse((request.body as Record<string, unknown> | undefined)?.seguir ?? request.query.seguir)
  const safe = asked.success && asked.data.startsWith(home) && /^[A-Za-z0-9/_.?=&%-]*$/.test(asked.data) && !asked.data.includes('//')
  return safe ? asked.data : `${home}${account?.role === 'substitute' ? 'sala' : 'mesa'}`
}

function sendForm(parts: WebParts, request: Request, response: Response, state: SignInProblem & { next: string; login?: string }): void {
  response.set('Cache-Control', 'no-store')
  const left = request.query.saiu === '1' && state.problem === undefined
  const passkeys = relyingParty(request, parts.config) !== undefined
  const asked = { pages: parts.pages, visitor: visitorOf(request), council: councilOf(request), left, passkeys }
  sendPage(response, <SignInPage {...asked} {...state} />)
}
