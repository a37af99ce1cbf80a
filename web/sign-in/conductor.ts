import type { CouncilId } from '../../storage/model/ids.ts'
import { type Account, readAccount, readSignIn } from '../../storage/records/accounts.ts'
import type { Tx } from '../../storage/records/database.ts'
import { type Substitution, substitutionsNow } from '../../storage/records/substitutions.ts'
import { readTabletOf } from '../../storage/records/tablets.ts'
import type { WebConfig } from '../config.ts'
import type { Identify } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { secretIn, tabletCookieName, tokenHash, tokenIn } from './sign-in-cookie.ts'

/** Who holds a tablet of the chamber (R11): the secretary, or who stands in for them in some sessions. */
export interface Conductor {
  account: string
  council: CouncilId
  name: string
  role: Account['role']
  /** Who marks, as events carry it. */
  by: { role: 'secretary' | 'acting-secretary'; id: string }
  /** From which device, as events carry it: the enrolled tablet, or the browser of one sign-in. */
  device: string
  /** Id of the enrolled tablet. */
  tablet?: string
  /** No password or passkey was asked: the tablet's own secret was enough. */
  byTabletAlone: boolean
  /** Sessions of a substitute, by id; whoever is the secretary conducts every one. */
  sessions?: ReadonlyMap<string, Substitution>
}

/** Which of the council's people a request or a live line of the chamber is of: by the sign-in's cookie, else by the enrolled tablet's. */
export function identifyConductor(
  parts: Pick<WebParts, 'storage' | 'config'>,
): (request: Parameters<Identify>[0], council: CouncilId) => Promise<Conductor | undefined> {
  return async ({ headers }, council) => {
    const token = tokenIn(headers.cookie, council, parts.config)
    const secret = secretIn(headers.cookie, tabletCookieName(council, parts.config))
    if (token === undefined && secret === undefined) return undefined
    return await parts.storage.database.inCouncil(council, async (tx) => {
      const found = await holderOf(tx, token && tokenHash(token), secret && tokenHash(secret))
      return (
        found && { ...found, ...(await officeOf(tx, found.of)), council, account: found.of.id, name: found.of.name, role: found.of.role }
      )
    })
  }
}

/** Whether somebody may conduct a session now. */
export function mayConduct(of: Conductor, session: string): boolean {
  return of.sessions === undefined || of.sessions.has(session)
}

/**
 * Whether somebody may come in from an address: a tablet's own secret is one factor, and enough in the town hall alone (R65).
 * @param address undefined when it is not known
 */
export function mayComeFrom(of: Conductor, address: string | undefined, config: Pick<WebConfig, 'isControlled'>): boolean {
  return !of.byTabletAlone || config.isControlled(address)
}

async function holderOf(tx: Tx, signInHash: string | undefined, tabletHash: string | undefined) {
  const signIn = signInHash === undefined ? undefined : await readSignIn(tx, signInHash)
  const enrolled = tabletHash === undefined ? undefined : await readTabletOf(tx, tabletHash)
  const of = signIn ? await readAccount(tx, signIn.account) : enrolled && (await readAccount(tx, enrolled.account))
  if (!of) return undefined
  const tablet = signIn?.tablet ?? enrolled?.id
  const device = tablet === undefined ? `browser-${signIn?.tokenHash.slice(0, 16)}` : `tablet-${tablet}`
  return { of, device, byTabletAlone: signIn === undefined, ...(tablet === undefined ? {} : { tablet }) }
}

async function officeOf(tx: Tx, of: Account): Promise<Pick<Conductor, 'by' | 'sessions'>> {
  const id = of.member ?? of.id
  if (of.role === 'secretary') return { by: { role: 'secretary', id } }
  const held = await substitutionsNow(tx, of.id)
  return { by: { role: 'acting-secretary', id }, sessions: new Map(held.map((one) => [one.session, one])) }
}
