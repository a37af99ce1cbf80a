import { json, type Request, Router } from 'express'
import { z } from 'zod'
import { passkey } from '../../storage/records/passkeys.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { RefusedError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { accessWords, signInWords } from '../words/staff-words.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import {
  type Asking,
  accountOfPasskey,
  askToRegister,
  askToSignIn,
  authenticationAnswer,
  challengeLifeMs,
  PasskeyRefusedError,
  registerPasskey,
  registrationAnswer,
} from './passkeys.ts'
import { relyingParty } from './relying-party.ts'
import { cookieOptions, newToken, passkeyCookieName, secretIn, tokenHash, tokenIn } from './sign-in-cookie.ts'
import { beginSignIn, nextAddress } from './sign-in-routes.tsx'
import { signedIn } from './signed-in.ts'
import { staffOf } from './staff-of-request.ts'

const newPasskey = z.object({ name: z.string().trim().pipe(passkey.shape.name), response: registrationAnswer })
const entry = z.object({ response: authenticationAnswer, seguir: z.string().max(500).optional() })

/** What the browser's passkey dialogue needs: a challenge for it, and where its answer goes. */
export function passkeysRoutes(parts: WebParts, limit: AttemptLimit): Router {
  const router = Router()
  const council = withCouncil(parts)
  const body = json({ limit: '32kb' })
  router.post('/c/:council/conta/chaves/reto', council, signedIn(parts), async (request, response) => {
    const { account: id, login, name } = staffOf(request)
    response.json(await askToRegister(asking(parts, request, ownSecret(parts, request)), { id, login, name }))
  })
  router.post('/c/:council/conta/chaves', council, signedIn(parts), body, async (request, response) => {
    const asked = newPasskey.parse(request.body)
    const of = asking(parts, request, ownSecret(parts, request))
    await registerPasskey(of, staffOf(request).account, asked).catch(refusedWith(422, 'passkeyFailed'))
    response.status(201).json({ to: visitorOf(request).href(`/c/${councilOf(request).slug}/conta?feito=chave`) })
  })
  router.post('/c/:council/entrar/chave/reto', council, async (request, response) => {
    const secret = newToken()
    const options = await askToSignIn(asking(parts, request, secret))
    const name = passkeyCookieName(councilOf(request).id, parts.config)
    response.cookie(name, secret, { ...cookieOptions(parts.config), maxAge: challengeLifeMs })
    response.set('Cache-Control', 'no-store').json(options)
  })
  router.post('/c/:council/entrar/chave', council, body, async (request, response) => {
    const { response: answer } = entry.parse(request.body)
    // Counted by passkey: nobody keeps everybody out by failing with one.
    const attempt = { council: councilOf(request).id, login: `passkey ${answer.id}`, address: request.ip ?? 'unknown' }
    const waitMs = limit.begin(attempt)
    if (waitMs > 0) throw new RefusedError(429, (_, language) => signInWords[language].tooMany(Math.ceil(waitMs / 60_000)))
    const secret = secretIn(request.headers.cookie, passkeyCookieName(councilOf(request).id, parts.config))
    const of = asking(parts, request, secret ?? newToken())
    const account = await accountOfPasskey(of, answer).catch(refusedWith(401, 'passkeyRefused'))
    limit.succeeded(attempt)
    await beginSignIn(parts, request, response, account)
    response.set('Cache-Control', 'no-store').json({ to: visitorOf(request).href(nextAddress(request, account)) })
  })
  return router
}

/** The secret of the sign-in that asks: another sign-in, of the same person too, cannot answer its challenge. */
function ownSecret(parts: WebParts, request: Request): string {
  return tokenIn(request.headers.cookie, councilOf(request).id, parts.config) ?? newToken()
}

function asking(parts: WebParts, request: Request, secret: string): Asking {
  const party = relyingParty(request, parts.config)
  if (!party) throw new RefusedError(409, (_, language) => accessWords[language].passkeyOut)
  return { storage: parts.storage, council: councilOf(request).id, party, boundTo: tokenHash(secret) }
}

function refusedWith(status: 401 | 422, sentence: 'passkeyFailed' | 'passkeyRefused') {
  return (cause: unknown): never => {
    if (!(cause instanceof PasskeyRefusedError)) throw cause
    throw new RefusedError(status, (_, language) => accessWords[language][sentence], { cause })
  }
}
