import { createPublicKey, verify } from 'node:crypto'
import { type EnrolmentAnswer, type EnrolmentRequest, enrolmentBytes } from '../../recorder/control-protocol.ts'
import type { CouncilId } from '../../storage/model/ids.ts'
import { newId, recorderId } from '../../storage/model/ids.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { enrolRecorder, putEnrolmentCode, useEnrolmentCode } from '../../storage/records/recorders.ts'
import { listSessions } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import { newShortCode, shortCodeHash } from '../sign-in/short-code.ts'

/** The code is wrong, was used, or is past its time; which of them is not told. */
export class EnrolmentRefusedError extends Error {
  override readonly name = 'EnrolmentRefusedError'
}

export const enrolmentCodeLifeMs = 15 * 60_000
/** Makes a code for one recorder of this council: `XXXXX-XXXXX`. Only its hash is kept. */
export async function makeEnrolmentCode(tx: Tx, by: string): Promise<{ code: string; expiresAtMs: number }> {
  const code = newShortCode()
  const expiresAtMs = Date.now() + enrolmentCodeLifeMs
  await putEnrolmentCode(tx, { codeHash: shortCodeHash(code, 'enrolment'), by, expiresAtMs })
  await writeAudit(tx, { by, action: 'enrolment-code', object: 'recorder', result: 'made' })
  return { code, expiresAtMs }
}

/**
 * Enrols a recorder that shows a code and holds the key it names.
 * @throws EnrolmentRefusedError
 */
export async function enrolByCode(storage: Storage, asked: EnrolmentRequest): Promise<EnrolmentAnswer> {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(asked.publicKeyBase64, 'base64').toString('base64url') },
    format: 'jwk',
  })
  if (!verify(null, enrolmentBytes(asked), key, Buffer.from(asked.signature, 'base64'))) {
    throw new EnrolmentRefusedError('the recorder does not hold the key it names')
  }
  // The code tells nothing of its council, so each is asked; the way to here lets in a few tries a minute.
  for (const { id, dir3 } of await storage.database.directory()) {
    const answer = await storage.database.inCouncil(id, (tx) => enrolIn(tx, id, dir3, asked))
    if (answer !== undefined) return answer
  }
  throw new EnrolmentRefusedError('this code is wrong, was used, or is past its time; ask for a new one')
}

async function enrolIn(tx: Tx, council: CouncilId, dir3: string, asked: EnrolmentRequest): Promise<EnrolmentAnswer | undefined> {
  const recorder = recorderId.parse(newId())
  const by = await useEnrolmentCode(tx, shortCodeHash(asked.code, 'enrolment'), recorder, Date.now())
  if (by === undefined) return undefined
  await enrolRecorder(tx, { id: recorder, name: asked.name, publicKeyBase64: asked.publicKeyBase64 })
  await writeAudit(tx, { by, action: 'enrolment', object: `recorder ${recorder}`, result: 'enrolled' })
  const running = (await listSessions(tx)).find((one) => one.stage === 'recording')
  return {
    ...{ recorder, council, dir3, councilName: (await readCouncil(tx))?.name ?? dir3 },
    ...(running === undefined ? {} : { session: running.session.id }),
  }
}
