import { createPublicKey, verify } from 'node:crypto'
import { credential, credentialBytes, credentialLifeMs } from '../../recorder/control-protocol.ts'
import type { CouncilId } from '../../storage/model/ids.ts'
import { type EnrolledRecorder, readRecorder, spendNonce } from '../../storage/records/recorders.ts'
import type { Storage } from '../../storage/storage.ts'

/** Whoever asks is not a recorder that this installation enrolled, or not now. */
export class CredentialRefusedError extends Error {
  override readonly name = 'CredentialRefusedError'
  readonly status = 401
}

/** A recorder that has shown it holds its key. */
export interface KnownRecorder {
  council: CouncilId
  dir3: string
  recorder: EnrolledRecorder
  /** Raw Ed25519, 32 bytes. */
  publicKey: Uint8Array
}

/** Lets in recorders by what they sign. A credential serves one purpose, once, for a few minutes. */
export class CredentialCheck {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** @throws CredentialRefusedError */
  async verify(given: unknown, purpose: string, nowMs: number = Date.now()): Promise<KnownRecorder> {
    const parsed = credential.safeParse(given)
    if (!parsed.success) throw new CredentialRefusedError('no credential of a recorder')
    const { council, recorder: id, timeMs, nonce, signature } = parsed.data
    if (Math.abs(nowMs - timeMs) > credentialLifeMs) {
      throw new CredentialRefusedError(`clocks differ by ${Math.round((timeMs - nowMs) / 1000)} s; set the recorder's clock`)
    }
    const entry = (await this.#storage.database.directory()).find((one) => one.id === council)
    const recorder = entry && (await this.#storage.database.inCouncil(council, (tx) => readRecorder(tx, id)))
    if (entry === undefined || recorder === undefined || recorder.revokedAtMs !== undefined) {
      throw new CredentialRefusedError('this recorder is not enrolled')
    }
    const publicKey = Buffer.from(recorder.publicKeyBase64, 'base64')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' })
    if (!verify(null, credentialBytes(purpose, parsed.data), key, Buffer.from(signature, 'base64'))) {
      throw new CredentialRefusedError('the signature of this recorder does not fit')
    }
    // Only after the signature: nobody else can fill the table. Kept in the records, so that it holds for every process and restart.
    const spent = { recorder: recorder.id, nonce, untilMs: nowMs + 2 * credentialLifeMs }
    if (!(await this.#storage.database.inCouncil(council, (tx) => spendNonce(tx, spent, nowMs)))) {
      throw new CredentialRefusedError('this credential was used before')
    }
    return { council, dir3: entry.dir3, recorder, publicKey: new Uint8Array(publicKey) }
  }
}
