import type { Request, RequestHandler, Response } from 'express'
import { councilOf } from '../council-of-request.ts'
import { RefusedError } from '../error-response.ts'
import { type Staff, visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { signInWords } from '../words/staff-words.ts'
import { knowStaff } from './staff-of-request.ts'

/**
 * Lets pass who is signed in, in one of `roles` when any are named. Others are asked to sign in where they can (a page), or refused.
 * Stands after `withCouncil`.
 * @throws RefusedError 401 nobody is signed in, 403 another role
 */
export function signedIn(parts: Pick<WebParts, 'identify'>, ...roles: Staff['role'][]): RequestHandler {
  return async (request, response, next) => {
    const council = councilOf(request)
    const staff = await parts.identify(request, council.id)
    response.set({ 'Cache-Control': 'no-store', Vary: 'Cookie' })
    if (!staff) return askToSignIn(request, response)
    if (roles.length > 0 && !roles.includes(staff.role)) throw new RefusedError(403, (_, language) => signInWords[language].refused)
    knowStaff(request, staff)
    next()
  }
}

/** Sends a person who asked for a page to the door; anything else is refused. @throws RefusedError 401 */
export function askToSignIn(request: Request, response: Response): void {
  const visitor = visitorOf(request)
  if (request.method !== 'GET' || request.accepts(['html', 'json']) !== 'html') {
    throw new RefusedError(401, (_, language) => signInWords[language].needed)
  }
  response.redirect(303, visitor.href(`/c/${councilOf(request).slug}/entrar?seguir=${encodeURIComponent(visitor.path)}`))
}
