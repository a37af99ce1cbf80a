import { fromBER, type ObjectIdentifier, OctetString } from 'asn1js'
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs'
import { parseCertificate } from './certificate-path.ts'
import { AlgorithmRefusedError, digestName, isSignedBy } from './public-key.ts'
import { ownBytes, sameBytes } from './sha256.ts'
import { attributeOid, checkSigningCertificate, contentTypeData, sha256Oid } from './signed-attributes.ts'
import type { SignatureAlgorithm } from './signer.ts'

/** CMS SignedData with one signer (RFC 5652 §5): what seals, PDF signatures and time-stamp tokens have in common. */

const largestBytes = 1 << 20
/** A path has at most eight; more would only make its search long. */
const mostCertificates = 64
const signatureOid: Record<SignatureAlgorithm, string> = {
  'rsa-pkcs1-sha256': '1.2.840.113549.1.1.1',
  'ecdsa-p256-sha256': '1.2.840.10045.4.3.2',
}

export interface SignedDataParts {
  /** DER that the device signed: signed-attributes.ts. */
  attributes: Uint8Array
  signature: Uint8Array
  algorithm: SignatureAlgorithm
  /** Certificates in DER, the signer's first. */
  chain: Uint8Array[]
  /** Content that travels inside, as a time-stamp token's does; absent for a detached signature. */
  content?: { type: string; bytes: Uint8Array }
  /** Time-stamp token over the signature value, to be carried unsigned. */
  timeStampToken?: Uint8Array
}

/** Puts a SignedData together from what was signed elsewhere. @returns DER of the ContentInfo */
export function assembleSignedData(of: SignedDataParts): Uint8Array<ArrayBuffer> {
  const certificates = of.chain.map(parseCertificate)
  const [certificate] = certificates
  if (certificate === undefined) throw new SignedDataMalformedError('a signature needs the certificate of its signer')
  const { result } = fromBER(ownBytes(of.attributes))
  // Inside the structure the SET goes under the implicit tag [0]; its content octets stay as signed.
  const values = 'value' in result.valueBlock ? (result.valueBlock.value as never[]) : []
  const signer = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
    digestAlgorithm: sha256(),
    signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: values.map((schema) => new Attribute({ schema })) }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithmId: signatureOid[of.algorithm],
      ...(of.algorithm === 'rsa-pkcs1-sha256' ? { algorithmParams: fromBER(Uint8Array.of(5, 0)).result } : {}),
    }),
    signature: new OctetString({ valueHex: ownBytes(of.signature) }),
  })
  if (of.timeStampToken !== undefined) signer.unsignedAttrs = unsignedToken(of.timeStampToken)
  const signedData = new SignedData({
    version: of.content === undefined ? 1 : 3,
    digestAlgorithms: [sha256()],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: of.content?.type ?? contentTypeData }),
    certificates,
    signerInfos: [signer],
  })
  if (of.content !== undefined) signedData.encapContentInfo.eContent = new OctetString({ valueHex: ownBytes(of.content.bytes) })
  const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signedData.toSchema(true) })
  return new Uint8Array(info.toSchema().toBER())
}

function sha256(): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithmId: sha256Oid })
}

function unsignedToken(token: Uint8Array): SignedAndUnsignedAttributes {
  const values = [fromBER(ownBytes(token)).result]
  return new SignedAndUnsignedAttributes({ type: 1, attributes: [new Attribute({ type: attributeOid.timeStampToken, values })] })
}

export interface OpenedSignedData {
  certificate: Certificate
  /** All that came along, the signer's too. */
  certificates: Certificate[]
  contentType: string
  /** Absent in a detached signature. */
  content?: Uint8Array
  digestAlgorithm: string
  signatureAlgorithm: string
  signature: Uint8Array
  /** The signed attributes as the DER SET that was signed. */
  attributes: Uint8Array
  /** Values of the attributes by OID. */
  signed: Map<string, unknown[]>
  unsigned: Map<string, unknown[]>
}

/**
 * Reads a SignedData of one signer, all of whose bytes belong to it. Nothing is verified yet.
 * @throws SignedDataMalformedError
 */
export function readSignedData(der: Uint8Array): OpenedSignedData {
  if (der.length > largestBytes) throw new SignedDataMalformedError(`a signature of ${der.length} bytes is too large`)
  let opened: OpenedSignedData | undefined
  try {
    opened = open(der)
  } catch (cause) {
    throw new SignedDataMalformedError('bytes are not a CMS SignedData', { cause })
  }
  if (opened === undefined) throw new SignedDataMalformedError('expected one CMS signature with its certificate and signed attributes')
  return opened
}

function open(der: Uint8Array): OpenedSignedData | undefined {
  const { result, offset } = fromBER(ownBytes(der))
  if (offset !== der.length) return undefined
  const info = new ContentInfo({ schema: result })
  if (info.contentType !== ContentInfo.SIGNED_DATA) return undefined
  const data = new SignedData({ schema: info.content })
  const [signer] = data.signerInfos
  const certificates = (data.certificates ?? []).filter((one) => one instanceof Certificate)
  if (signer === undefined || data.signerInfos.length !== 1 || signer.signedAttrs === undefined || certificates.length > mostCertificates)
    return undefined
  const { sid } = signer
  if (!(sid instanceof IssuerAndSerialNumber)) return undefined
  const certificate = certificates.find((one) => one.issuer.isEqual(sid.issuer) && one.serialNumber.isEqual(sid.serialNumber))
  if (certificate === undefined) return undefined
  const content = data.encapContentInfo.eContent
  return {
    certificate,
    certificates,
    contentType: data.encapContentInfo.eContentType,
    ...(content === undefined ? {} : { content: new Uint8Array(content.getValue()) }),
    digestAlgorithm: signer.digestAlgorithm.algorithmId,
    signatureAlgorithm: signer.signatureAlgorithm.algorithmId,
    signature: new Uint8Array(signer.signature.valueBlock.valueHexView),
    attributes: new Uint8Array(signer.signedAttrs.encodedValue),
    signed: byType(signer.signedAttrs.attributes),
    unsigned: byType(signer.unsignedAttrs?.attributes ?? []),
  }
}

/** An attribute given twice has no meaning (RFC 5652 §11): its values are then joined and no longer one. */
function byType(attributes: Attribute[]): Map<string, unknown[]> {
  const map = new Map<string, unknown[]>()
  for (const one of attributes) map.set(one.type, [...(map.get(one.type) ?? []), ...one.values])
  return map
}

/**
 * Checks that the signer signed this content: message digest, content type, signing certificate, signature.
 * @param content the bytes' digest in SHA-256 for a detached signature; for content inside, that content is hashed
 * @throws SignatureDigestError the content is another · SignatureInvalidError · SigningCertificateError · AlgorithmRefusedError
 */
export async function verifySignerInfo(opened: OpenedSignedData, digest?: Uint8Array): Promise<void> {
  const hash = digestName(opened.digestAlgorithm)
  const content = opened.content === undefined ? undefined : ownBytes(opened.content)
  if (digest !== undefined && hash !== 'SHA-256') throw new AlgorithmRefusedError(`expected a signature over SHA-256, found ${hash}`)
  const found = digest ?? (content === undefined ? undefined : new Uint8Array(await crypto.subtle.digest(hash, content)))
  const signedDigest = single(opened.signed, attributeOid.messageDigest)
  if (!(signedDigest instanceof OctetString) || found === undefined || !sameBytes(signedDigest.valueBlock.valueHexView, found)) {
    throw new SignatureDigestError('the bytes are not the ones that were signed')
  }
  const type = single(opened.signed, attributeOid.contentType) as ObjectIdentifier | undefined
  if (type?.valueBlock?.toString() !== opened.contentType)
    throw new SignatureInvalidError('signed content type differs from the one stated')
  await checkSigningCertificate(opened.signed.get(attributeOid.signingCertificateV2), opened.certificate)
  const fits = await isSignedBy(opened.certificate, {
    data: opened.attributes,
    signature: opened.signature,
    algorithm: opened.signatureAlgorithm,
    digest: opened.digestAlgorithm,
  })
  if (!fits) throw new SignatureInvalidError('the signature does not fit its certificate and attributes')
}

function single(attributes: Map<string, unknown[]>, type: string): unknown {
  const values = attributes.get(type)
  return values?.length === 1 ? values[0] : undefined
}

export class SignedDataMalformedError extends Error {
  override readonly name = 'SignedDataMalformedError'
}

export class SignatureDigestError extends Error {
  override readonly name = 'SignatureDigestError'
}

export class SignatureInvalidError extends Error {
  override readonly name = 'SignatureInvalidError'
}
