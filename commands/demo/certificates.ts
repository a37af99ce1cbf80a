import { Set as Asn1Set, BitString, Integer, OctetString, PrintableString, Sequence, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  RelativeDistinguishedNames,
} from 'pkijs'

/** Certificates of the demo's own authority. Every name says that it is a test. */

export const testMark = 'SINATURA DE PROBA, SEN VALOR LEGAL'

export interface IssuedKey {
  certificate: Certificate
  /** DER. */
  der: Uint8Array<ArrayBuffer>
  keys: CryptoKeyPair
  /** PKCS#8 in DER. */
  privateKey: Uint8Array<ArrayBuffer>
}

export type Purpose = 'authority' | 'person' | 'seal' | 'time-stamp'

export interface CertificateWish {
  purpose: Purpose
  commonName: string
  organization: string
  title?: string
  /** Code of the holder, e.g. a council's DIR3. */
  serialNumber?: string
  /** Absent: signed by itself, a root. */
  issuer?: IssuedKey
  from: Date
  until: Date
  /** RSA as most cards have it, or P-256. */
  algorithm: 'rsa' | 'ec'
}

const oid = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  unit: '2.5.4.11',
  title: '2.5.4.12',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const

/** First byte of the KeyUsage bits, from the left: 0x80 digitalSignature, 0x40 contentCommitment, 0x04 keyCertSign, 0x02 cRLSign. */
const keyUsageBits: Record<Purpose, number> = { authority: 0x06, person: 0x40, seal: 0xc0, 'time-stamp': 0xc0 }

/** Makes a key pair (RSA of 3072 bits or P-256, R60) and its certificate. */
export async function issueCertificate(wish: CertificateWish): Promise<IssuedKey> {
  const keys = await makeKeys(wish.algorithm)
  const certificate = new Certificate({ version: 2 })
  const serial = crypto.getRandomValues(new Uint8Array(16))
  // 0x40 to 0x7f in front: positive, and 16 bytes for sure.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  certificate.serialNumber = new Integer({ valueHex: serial })
  certificate.notBefore.value = wish.from
  certificate.notAfter.value = wish.until
  certificate.subject = nameOf(wish)
  certificate.issuer = wish.issuer?.certificate.subject ?? certificate.subject
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey)
  certificate.extensions = await extensionsOf(wish, certificate)
  await certificate.sign((wish.issuer?.keys ?? keys).privateKey, 'SHA-256')
  const der = new Uint8Array(certificate.toSchema(true).toBER())
  return {
    certificate: Certificate.fromBER(der),
    der,
    keys,
    privateKey: new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  }
}

async function makeKeys(algorithm: 'rsa' | 'ec'): Promise<CryptoKeyPair> {
  if (algorithm === 'ec') return await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
  return await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
}

/** Each attribute in a SET of its own; pkijs, left alone, would put them all into one. */
function nameOf(wish: CertificateWish): RelativeDistinguishedNames {
  const optional = (type: string, value: string | undefined) => (value === undefined ? [] : [{ type, value: new Utf8String({ value }) }])
  const attributes = [
    { type: oid.country, value: new PrintableString({ value: 'ES' }) },
    ...optional(oid.organization, wish.organization),
    ...optional(oid.unit, testMark),
    ...optional(oid.title, wish.title),
    ...(wish.serialNumber === undefined ? [] : [{ type: oid.serialNumber, value: new PrintableString({ value: wish.serialNumber }) }]),
    ...optional(oid.commonName, wish.commonName),
  ]
  const sets = attributes.map((one) => new Asn1Set({ value: [new AttributeTypeAndValue(one).toSchema()] }))
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: sets }).toBER())
}

async function extensionsOf(wish: CertificateWish, certificate: Certificate): Promise<Extension[]> {
  const subjectKey = await keyIdentifier(certificate)
  const issuerKey = wish.issuer === undefined ? subjectKey : await keyIdentifier(wish.issuer.certificate)
  const constraints =
    wish.purpose === 'authority' ? new BasicConstraints({ cA: true, pathLenConstraint: 0 }) : new BasicConstraints({ cA: false })
  const bits = keyUsageBits[wish.purpose]
  const unusedBits = Math.log2(bits & -bits)
  const extensions = [
    extension(oid.basicConstraints, true, constraints.toSchema().toBER()),
    extension(oid.keyUsage, true, new BitString({ valueHex: Uint8Array.of(bits), unusedBits }).toBER()),
    extension(oid.subjectKey, false, subjectKey.toBER()),
    extension(oid.authorityKey, false, new AuthorityKeyIdentifier({ keyIdentifier: issuerKey }).toSchema().toBER()),
  ]
  if (wish.purpose === 'time-stamp') {
    const usage = new ExtKeyUsage({ keyPurposes: [oid.timeStamping] })
    // RFC 3161 §2.3: this purpose alone, and critical.
    extensions.push(extension(oid.extendedKeyUsage, true, usage.toSchema().toBER()))
  }
  return extensions
}

function extension(extnID: string, critical: boolean, extnValue: ArrayBuffer): Extension {
  return new Extension({ extnID, critical, extnValue })
}

/** RFC 7093 §2 method 1: leftmost 160 bits of the SHA-256 of the public key. */
async function keyIdentifier(certificate: Certificate): Promise<OctetString> {
  const bits = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bits))
  return new OctetString({ valueHex: hash.slice(0, 20) })
}
