import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

const flags = { present: 0x01, verified: 0x04, attested: 0x40 }

/** An authenticator of one passkey, to WebAuthn level 3 §6.1 and §6.5.4 and RFC 9053, that can also be made to answer wrongly. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(16)
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  counter = 0

  /** The answer to a registration. @param as.origin where its page says it is */
  register(challenge: string, as: { rpId: string; origin: string; verified?: boolean }) {
    const data = clientData('webauthn.create', challenge, as.origin)
    const idLength = Buffer.from([0, this.id.length])
    const attested = Buffer.concat([Buffer.alloc(16), idLength, this.id, this.#coseKey()])
    const authData = Buffer.concat([this.#header(as, flags.attested), attested])
    // CBOR {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestation = Buffer.concat([
      Buffer.from([0xa3, ...text('fmt'), ...text('none'), ...text('attStmt'), 0xa0, ...text('authData'), 0x58, authData.length]),
      authData,
    ])
    const response = { clientDataJSON: base64url(data), attestationObject: base64url(attestation), transports: ['internal'] }
    return { ...this.#envelope(), response }
  }

  /** The answer to a sign-in; each counts one up. */
  answer(challenge: string, as: { rpId: string; origin: string; verified?: boolean }) {
    this.counter += 1
    const data = clientData('webauthn.get', challenge, as.origin)
    const authenticatorData = this.#header(as, 0)
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(data).digest()])
    const signature = createSign('sha256').update(signed).sign(this.#keys.privateKey)
    const parts = { clientDataJSON: base64url(data), authenticatorData: base64url(authenticatorData), signature: base64url(signature) }
    return { ...this.#envelope(), response: parts }
  }

  #envelope() {
    return { id: base64url(this.id), rawId: base64url(this.id), type: 'public-key', clientExtensionResults: {} }
  }

  #header({ rpId, verified = true }: { rpId: string; verified?: boolean }, more: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    const set = flags.present | (verified ? flags.verified : 0) | more
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([set]), counter])
  }

  /** CBOR {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20])
    return Buffer.concat([head, Buffer.from(x, 'base64url'), Buffer.from([0x22, 0x58, 0x20]), Buffer.from(y, 'base64url')])
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

const base64url = (bytes: Buffer) => bytes.toString('base64url')
/** A short CBOR text string (RFC 8949 §3.1, major type 3). */
const text = (of: string) => [0x60 + of.length, ...Buffer.from(of)]
