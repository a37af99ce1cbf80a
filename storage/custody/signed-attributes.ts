import { Set as Asn1Set, fromBER, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import { AlgorithmIdentifier, Attribute, type Certificate, GeneralName, IssuerSerial } from 'pkijs'
import { certificateDer, parseCertificate } from './certificate-path.ts'
import { digestName } from './public-key.ts'
import { ownBytes, sameBytes, sha256Now } from './sha256.ts'

export const contentTypeData = '1.2.840.113549.1.7.1'
export const contentTypeTstInfo = '1.2.840.113549.1.9.16.1.4'
export const sha256Oid = '2.16.840.1.101.3.4.2.1'

export const attributeOid = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
} as const

/**
 * What a signer's device signs: the DER of the signed attributes as a SET (RFC 5652 §5.4) of content type, message digest and signing
 * certificate. No signing time: it lies in the time-stamp, and for a PDF in its /M (ETSI EN 319 142-1).
 * @param digest SHA-256 of the content
 * @param certificate the signer's, DER
 */
export function signedAttributes(
  digest: Uint8Array,
  certificate: Uint8Array,
  contentType: string = contentTypeData,
): Uint8Array<ArrayBuffer> {
  const attributes = [
    attribute(attributeOid.contentType, new ObjectIdentifier({ value: contentType })),
    attribute(attributeOid.messageDigest, new OctetString({ valueHex: ownBytes(digest) })),
    attribute(attributeOid.signingCertificateV2, signingCertificate(parseCertificate(certificate))),
  ]
  // DER sorts a SET OF by its encodings (X.690 §11.6); a device that gets another order signs what nobody can rebuild.
  attributes.sort(compareBytes)
  const values = attributes.map((der) => fromBER(der).result)
  return new Uint8Array(new Asn1Set({ value: values }).toBER())
}

function attribute(type: string, value: ObjectIdentifier | OctetString | Sequence): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Attribute({ type, values: [value] }).toSchema().toBER())
}

/** SigningCertificateV2 (RFC 5035): one ESSCertIDv2 with SHA-256, its default, and the issuer's name and serial. */
function signingCertificate(certificate: Certificate): Sequence {
  const issuerSerial = new IssuerSerial({ serialNumber: certificate.serialNumber })
  issuerSerial.issuer.names = [new GeneralName({ type: 4, value: certificate.issuer })]
  const certificateId = new Sequence({
    value: [new OctetString({ valueHex: sha256Now(certificateDer(certificate)) }), issuerSerial.toSchema()],
  })
  return new Sequence({ value: [new Sequence({ value: [certificateId] })] })
}

/**
 * Holds the signing certificate attribute against the certificate whose key made the signature, so that no other certificate of the
 * same key can take its place.
 * @param values values of the attribute, as parsed
 * @throws SigningCertificateError absent, malformed, or naming another certificate
 */
export async function checkSigningCertificate(values: unknown[] | undefined, certificate: Certificate): Promise<void> {
  const certificateIds = parts(values?.[0])[0]
  const first = parts(parts(certificateIds)[0])
  if (values?.length !== 1 || first.length === 0)
    throw new SigningCertificateError('signing certificate attribute (ESS v2) is absent or malformed')
  const named = first[0] instanceof Sequence ? new AlgorithmIdentifier({ schema: first[0] }).algorithmId : sha256Oid
  const hash = first[0] instanceof Sequence ? first[1] : first[0]
  if (!(hash instanceof OctetString)) throw new SigningCertificateError('signing certificate attribute (ESS v2) holds no hash')
  const expected = new Uint8Array(await crypto.subtle.digest(digestName(named), certificateDer(certificate)))
  if (!sameBytes(hash.valueBlock.valueHexView, expected)) {
    throw new SigningCertificateError('signing certificate attribute names another certificate than the one whose key signed')
  }
}

function parts(value: unknown): unknown[] {
  return value instanceof Sequence ? value.valueBlock.value : []
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export class SigningCertificateError extends Error {
  override readonly name = 'SigningCertificateError'
}
