import type { Request, RequestHandler } from 'express'
import { findSession } from '../../storage/records/sessions.ts'
import { councilOf } from '../council-of-request.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import type { WebParts } from '../web-parts.ts'
import { signInWords } from '../words/staff-words.ts'
import { type Conductor, identifyConductor, mayComeFrom, mayConduct } from './conductor.ts'
import { askToSignIn } from './signed-in.ts'

const conductors = new WeakMap<object, Conductor>()

/**
 * Lets pass who may conduct the session that `:session` names; without it, who may conduct any. An enrolled tablet and a substitute come
 * in here and nowhere else: every other page of the staff asks for a sign-in of its own (signed-in.ts). Stands after `withCouncil`.
 * @throws RefusedError 401 nobody is known, 403 not this session, or not now
 */
export function inChamber(parts: Pick<WebParts, 'storage' | 'config'>): RequestHandler {
  const identify = identifyConductor(parts)
  return async (request, response, next) => {
    const council = councilOf(request)
    response.set({ 'Cache-Control': 'no-store', Vary: 'Cookie' })
    const conductor = await identify(request, council.id)
    if (!conductor) return askToSignIn(request, response)
    if (!mayComeFrom(conductor, request.ip, parts.config)) return askToSignIn(request, response)
    if (conductor.sessions !== undefined && !(await isOneOf(parts, conductor, request))) {
      const substitute = conductor.sessions.size > 0 || conductor.role === 'substitute'
      throw new RefusedError(403, (_, language) => (substitute ? signInWords[language].notNow : signInWords[language].refused))
    }
    conductors.set(request, conductor)
    next()
  }
}

async function isOneOf(parts: Pick<WebParts, 'storage'>, conductor: Conductor, request: Request): Promise<boolean> {
  const { session: slug } = request.params
  if (slug === undefined) return (conductor.sessions?.size ?? 0) > 0
  const session = await parts.storage.database.inCouncil(conductor.council, (tx) => findSession(tx, String(slug)))
  if (!session) throw new PageNotFoundError()
  return mayConduct(conductor, session.id)
}

/** Who holds the tablet behind a request that came through `inChamber`. */
export function conductorOf(request: Request): Conductor {
  const known = conductors.get(request)
  if (!known) throw new Error(`nobody is known to hold the tablet of ${request.method} ${request.path}: the route lacks inChamber`)
  return known
}
