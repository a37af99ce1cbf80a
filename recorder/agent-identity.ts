import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { toBase64 } from '../storage/custody/sha256.ts'
import type { NoteSigner } from '../storage/custody/signer.ts'
import { type Credential, credentialBytes, type Enrolment } from './control-protocol.ts'

/** The agent's key file is missing, no Ed25519 key, or open to others. */
export class AgentKeyError extends Error {
  override readonly name = 'AgentKeyError'
}

/** Who this agent is, and what only it can do: sign. */
export interface AgentIdentity {
  readonly enrolment: Enrolment
  readonly publicKey: Uint8Array
  /** A credential for one purpose, good once. `offsetMs`: server clock minus ours, when the server told it. */
  credential(purpose: string, offsetMs?: number): Credential
  /** Signs notes under that origin (contracts.md §2). */
  noteSigner(origin: string): NoteSigner
}

/** @param keyFile PKCS#8 in PEM, readable by its owner alone @throws AgentKeyError */
export async function openAgentIdentity(enrolment: Enrolment, keyFile: string): Promise<AgentIdentity> {
  const key = await readKey(keyFile)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  const publicKey = new Uint8Array(Buffer.from(x ?? '', 'base64url'))
  const signBytes = (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, key))
  return {
    enrolment,
    publicKey,
    credential: (purpose, offsetMs = 0) => {
      const { council, recorder } = enrolment
      const claims = { council, recorder, timeMs: Date.now() + Math.round(offsetMs), nonce: randomBytes(16).toString('hex') }
      return { ...claims, signature: toBase64(signBytes(credentialBytes(purpose, claims))) }
    },
    noteSigner: (name) => ({ name, publicKey, sign: async (bytes) => signBytes(bytes) }),
  }
}

async function readKey(path: string): Promise<KeyObject> {
  let key: KeyObject
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AgentKeyError(`key of the recorder ${path} can be read by others (mode ${(mode & 0o777).toString(8)}, expected 600)`)
    }
    key = createPrivateKey(await readFile(path))
  } catch (cause) {
    if (cause instanceof AgentKeyError) throw cause
    throw new AgentKeyError(`key of the recorder ${path} cannot be read as PKCS#8 in PEM`, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new AgentKeyError(`key of the recorder ${path} is ${key.asymmetricKeyType}, expected ed25519`)
  return key
}
