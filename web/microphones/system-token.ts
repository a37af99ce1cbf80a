import { z } from 'zod'
import type { CouncilId } from '../../storage/model/ids.ts'
import { newId } from '../../storage/model/ids.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { type ConferenceSystem, findConferenceSystem, putConferenceSystem } from '../../storage/records/microphones.ts'
import type { Storage } from '../../storage/storage.ts'
import { newToken, tokenHash } from '../sign-in/sign-in-cookie.ts'

/** So that a token found somewhere says what it is of. */
const prefix = 'escano-mic-'
const bearer = new RegExp(`^Bearer (${prefix}[A-Za-z0-9_-]{43})$`)

export const systemName = z.string().trim().min(1).max(80)

/** Lets a conference system in. @returns its token, which nobody can read again */
export async function makeSystemToken(tx: Tx, of: { name: string; by: string }): Promise<string> {
  const token = prefix + newToken()
  const id = newId()
  await putConferenceSystem(tx, { id, ...of, tokenHash: tokenHash(token), madeAtMs: Date.now() })
  await writeAudit(tx, { by: of.by, action: 'microphone-token', object: `conference system ${id}`, result: 'made' })
  return token
}

/** The system whose token an `Authorization` header carries, if it is let in there now. */
export async function systemOf(
  storage: Storage,
  council: CouncilId,
  authorization: string | undefined,
): Promise<ConferenceSystem | undefined> {
  const token = bearer.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  return await storage.database.inCouncil(council, (tx) => findConferenceSystem(tx, tokenHash(token)))
}
