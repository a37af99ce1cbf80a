import { fromBER, Integer, Sequence } from 'asn1js'
import type { Certificate } from 'pkijs'
import { ownBytes } from './sha256.ts'

/** What may sign, and how (R60): SHA-256 or better, RSA of 2048 bits or more, P-256 or P-384. All else is refused, SHA-1 first. */

type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'

const digests: Record<string, Hash> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

const rsaEncryption = '1.2.840.113549.1.1.1'
const signatures: Record<string, { key: 'rsa' | 'ec'; hash: Hash }> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'SHA-512' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'SHA-512' },
}

const ecPublicKey = '1.2.840.10045.2.1'
const curves: Record<string, { name: 'P-256' | 'P-384'; bytes: number }> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bytes: 32 },
  '1.3.132.0.34': { name: 'P-384', bytes: 48 },
}

/** Fewer bits than the 3072 that new keys get: cards in use still carry 2048, and what they signed must stay readable. */
const fewestRsaBits = 2048

/** Name that WebCrypto gives a digest. @throws AlgorithmRefusedError weaker than SHA-256, or unknown */
export function digestName(oid: string): Hash {
  const name = digests[oid]
  if (name === undefined) throw new AlgorithmRefusedError(`digest algorithm ${oid} is refused: expected SHA-256 or better`)
  return name
}

/**
 * Whether `signature` over `data` was made with the certificate's key.
 * @param algorithm OID of the signature algorithm; plain rsaEncryption takes its digest from `digest`
 * @throws AlgorithmRefusedError algorithm, curve or key length that R60 does not admit
 */
export async function isSignedBy(
  certificate: Certificate,
  of: { data: Uint8Array; signature: Uint8Array; algorithm: string; digest?: string },
): Promise<boolean> {
  const wanted =
    of.algorithm === rsaEncryption && of.digest !== undefined ? { key: 'rsa', hash: digestName(of.digest) } : signatures[of.algorithm]
  if (wanted === undefined)
    throw new AlgorithmRefusedError(`signature algorithm ${of.algorithm} is refused: expected RSA or ECDSA with SHA-256 or better`)
  const spki = new Uint8Array(certificate.subjectPublicKeyInfo.toSchema().toBER())
  if (wanted.key === 'rsa') {
    const key = await importKey(spki, { name: 'RSASSA-PKCS1-v1_5', hash: wanted.hash })
    const bits = 'modulusLength' in key.algorithm ? Number(key.algorithm.modulusLength) : 0
    if (bits < fewestRsaBits) throw new AlgorithmRefusedError(`RSA key of ${bits} bits is refused: expected ${fewestRsaBits} or more`)
    return await crypto.subtle.verify({ name: 'RSASSA-PKCS1-v1_5' }, key, ownBytes(of.signature), ownBytes(of.data))
  }
  const curve = curveOf(certificate)
  const key = await importKey(spki, { name: 'ECDSA', namedCurve: curve.name })
  const raw = rawEcdsa(of.signature, curve.bytes)
  return raw !== undefined && (await crypto.subtle.verify({ name: 'ECDSA', hash: wanted.hash }, key, raw, ownBytes(of.data)))
}

function curveOf(certificate: Certificate) {
  const { algorithmId, algorithmParams } = certificate.subjectPublicKeyInfo.algorithm
  const oid = algorithmId === ecPublicKey ? String(algorithmParams?.valueBlock?.toString()) : algorithmId
  const curve = curves[oid]
  if (curve === undefined) throw new AlgorithmRefusedError(`key or curve ${oid} is refused: expected RSA, P-256 or P-384`)
  return curve
}

async function importKey(spki: Uint8Array<ArrayBuffer>, algorithm: RsaHashedImportParams | EcKeyImportParams): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
  } catch (cause) {
    throw new AlgorithmRefusedError(`the public key is no ${algorithm.name} key`, { cause })
  }
}

/** r ‖ s, as WebCrypto reads it, from the DER that X.509 and CMS carry (RFC 3279 §2.2.3); undefined when it is no such thing. */
function rawEcdsa(der: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> | undefined {
  const { result, offset } = fromBER(ownBytes(der))
  if (offset !== der.length || !(result instanceof Sequence)) return undefined
  const raw = new Uint8Array(2 * bytes)
  const numbers = result.valueBlock.value
  if (numbers.length !== 2) return undefined
  for (const [place, number] of numbers.entries()) {
    if (!(number instanceof Integer)) return undefined
    const digits = number.valueBlock.valueHexView
    const from = digits.findIndex((digit) => digit !== 0)
    const plain = from < 0 ? new Uint8Array() : digits.subarray(from)
    if (plain.length > bytes) return undefined
    raw.set(plain, (place + 1) * bytes - plain.length)
  }
  return raw
}

export class AlgorithmRefusedError extends Error {
  override readonly name = 'AlgorithmRefusedError'
}
