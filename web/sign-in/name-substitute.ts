import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { putMember } from '../../storage/model/council-changes.ts'
import { momentOf } from '../../storage/model/council-clock.ts'
import { memberId, newId, type SessionId } from '../../storage/model/ids.ts'
import { type Account, findAccount, putAccount, readAccount } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { findSession, readStage } from '../../storage/records/sessions.ts'
import { changeCouncil, seenOf } from '../../storage/records/set-up.ts'
import { putInvitation, putSubstitution, substitution } from '../../storage/records/substitutions.ts'
import { hashPassword } from './password-hash.ts'
import { newToken, tokenHash } from './sign-in-cookie.ts'

/** Why nobody was named; its sentence stands under the same name in words/access-gl.ts. */
export class SubstituteRefusedError extends Error {
  override readonly name = 'SubstituteRefusedError'
  readonly reason: 'span' | 'login' | 'person' | 'missing' | 'started'
  constructor(reason: SubstituteRefusedError['reason'], options?: ErrorOptions) {
    super(`nobody was named: ${reason}`, options)
    this.reason = reason
  }
}

/** Who may be named with an account they have: whoever presides cannot attest, and the secretary needs no substitution (R80). */
export const substitutable: readonly Account['role'][] = ['member', 'technician', 'provincial', 'substitute']

const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
export const substituteForm = z.object({
  session: z.string().min(1).max(100),
  /** Id of an account; empty for somebody new. */
  account: z.union([z.literal(''), z.uuid()]),
  from: moment,
  to: moment,
  capacity: substitution.shape.capacity,
  ground: substitution.shape.ground,
})
const person = z.object({ name: z.string().trim().min(1).max(100), surname: z.string().trim().min(1).max(100) })
const treatment = z.enum(['Sr.', 'Sra.']).catch('Sra.')
const login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,60}$/)

/** Who was named; with the token of an invitation when they have no password of their own yet. */
export interface NamedSubstitute {
  name: string
  invitation?: string
}

/**
 * Names who conducts one session in the secretary's place for some hours (R11, R80). Whoever the acta could not name yet becomes a person
 * of the council without seat or office.
 * @throws SubstituteRefusedError
 */
export async function nameSubstitute(
  tx: Tx,
  values: Record<string, unknown>,
  of: { by: string; timeZone: string },
): Promise<NamedSubstitute> {
  const read = substituteForm.safeParse(values)
  if (!read.success) throw new SubstituteRefusedError('missing', { cause: read.error })
  const { capacity, ground } = read.data
  const session = await openSession(tx, read.data.session)
  const [fromMs, toMs] = [read.data.from, read.data.to].map((text) =>
    momentOf({ day: text.slice(0, 10), time: text.slice(11) }, of.timeZone),
  )
  if (fromMs === undefined || toMs === undefined || toMs <= fromMs || toMs <= Date.now()) throw new SubstituteRefusedError('span')
  const account = read.data.account === '' ? await newSubstitute(tx, values) : await knownAccount(tx, read.data.account)
  const member = account.member ?? (await makeMember(tx, values, account, of.by))
  await putAccount(tx, { ...account, member })
  const id = randomUUID()
  await putSubstitution(tx, { id, account: account.id, session, fromMs, toMs, capacity, ground, namedBy: of.by })
  await writeAudit(tx, { by: of.by, action: 'substitute-named', object: `session ${session}`, result: `account ${account.id}` })
  if (account.role !== 'substitute') return { name: account.name }
  const invitation = newToken()
  await putInvitation(tx, { tokenHash: tokenHash(invitation), account: account.id, expiresAtMs: toMs })
  return { name: account.name, invitation }
}

async function openSession(tx: Tx, slug: string): Promise<SessionId> {
  const session = await findSession(tx, slug)
  const stage = session && (await readStage(tx, session.id))
  if (!session || (stage !== 'prepared' && stage !== 'recording')) throw new SubstituteRefusedError('started')
  return session.id
}

async function knownAccount(tx: Tx, id: string): Promise<Account> {
  const account = await readAccount(tx, id)
  if (!account || !substitutable.includes(account.role)) throw new SubstituteRefusedError('person')
  return account
}

/** An account nobody has the password of until the invitation is used. */
async function newSubstitute(tx: Tx, values: Record<string, unknown>): Promise<Account> {
  const named = person.safeParse(values)
  const wanted = login.safeParse(values['login'])
  if (!named.success || !wanted.success) throw new SubstituteRefusedError('person')
  if (await findAccount(tx, wanted.data)) throw new SubstituteRefusedError('login')
  const name = `${named.data.name} ${named.data.surname}`
  return { id: randomUUID(), login: wanted.data, name, role: 'substitute', passwordHash: await hashPassword(newToken()) }
}

async function makeMember(tx: Tx, values: Record<string, unknown>, account: Account, by: string) {
  const id = memberId.parse(newId())
  const [name = account.name, ...rest] = account.name.split(' ')
  const written = person.safeParse(values)
  const named = written.success && account.role === 'substitute' ? written.data : { name, surname: rest.join(' ') || name }
  const title = treatment.parse(values['treatment'])
  await changeCouncil(tx, {
    by,
    part: () => null,
    seen: seenOf(null),
    apply: (current) => putMember(current, { id, ...named, treatment: title, legal: false }),
  })
  return id
}
