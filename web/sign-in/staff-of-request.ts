import type { Request } from 'express'
import { readAccount, readSignIn } from '../../storage/records/accounts.ts'
import type { Identify, Staff } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { tokenHash, tokenIn } from './sign-in-cookie.ts'

export function identifyStaff(parts: Pick<WebParts, 'storage' | 'config'>): Identify {
  return async (request, council) => {
    const token = tokenIn(request.headers.cookie, council, parts.config)
    if (token === undefined) return undefined
    const account = await parts.storage.database.inCouncil(council, async (tx) => {
      const signIn = await readSignIn(tx, tokenHash(token))
      return signIn && (await readAccount(tx, signIn.account))
    })
    // Who only stands in for somebody is known in the chamber alone (conductor.ts).
    if (!account || account.role === 'substitute') return undefined
    const { id, login, name, role, member } = account
    return { account: id, council, login, name, role, ...(member ? { member } : {}) }
  }
}

const staff = new WeakMap<object, Staff>()

/** Remembers who sends a request that a guard let through (signed-in.ts). */
export function knowStaff(request: Request, person: Staff): void {
  staff.set(request, person)
}

/** The person of the staff behind a request that came through `signedIn`. */
export function staffOf(request: Request): Staff {
  const known = staff.get(request)
  if (!known) throw new Error(`nobody is known to send ${request.method} ${request.path}: the route lacks signedIn`)
  return known
}
