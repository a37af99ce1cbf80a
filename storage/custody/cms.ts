import { Sequence } from 'asn1js'
import { CertificateRefusedError, certificateDer, keyUsage, serialOf, subjectName, verifyCertificatePath } from './certificate-path.ts'
import { attributeOid, contentTypeData, signedAttributes } from './signed-attributes.ts'
import {
  assembleSignedData,
  type OpenedSignedData,
  readSignedData,
  SignedDataMalformedError,
  type SignedDataParts,
  verifySignerInfo,
} from './signed-data.ts'
import type { Signer } from './signer.ts'
import { verifyTimeStamp } from './time-stamp.ts'
import type { TimeStampAuthority } from './time-stamp-authority.ts'
import { requestTimeStamp } from './time-stamp-request.ts'

/** Detached CMS signatures as CAdES baseline has them (ETSI EN 319 122-1): of seals, and inside the PDF signatures of an acta. */

/** `B-T` carries a time-stamp over the signature value, `B-B` none. */
export type SignatureLevel = 'B-B' | 'B-T'

export interface SigningRequest {
  /** SHA-256 of the content. */
  digest: Uint8Array
  signer: Signer
  /** Who stamps the signature: with it the signature is B-T, or it is not made at all. */
  timeStamp?: TimeStampAuthority
}

/**
 * Signs a digest with a device at hand. @returns DER of the detached CMS
 * @throws whatever the device or the authority throws: a level is never lowered in silence (R56)
 */
export async function signCms(of: SigningRequest): Promise<Uint8Array<ArrayBuffer>> {
  const [certificate] = of.signer.chain
  if (certificate === undefined) throw new SignedDataMalformedError('a signature needs the certificate of its signer')
  const attributes = signedAttributes(of.digest, certificate)
  const signature = await of.signer.sign(attributes)
  return await assembleCms({ attributes, signature, algorithm: of.signer.algorithm, chain: of.signer.chain }, of.timeStamp)
}

/** Puts together what a device far away signed: the DER of signed-attributes.ts and its signature value. */
export async function assembleCms(
  of: Pick<SignedDataParts, 'attributes' | 'signature' | 'algorithm' | 'chain'>,
  timeStamp?: TimeStampAuthority,
): Promise<Uint8Array<ArrayBuffer>> {
  if (timeStamp === undefined) return assembleSignedData(of)
  return assembleSignedData({ ...of, timeStampToken: await requestTimeStamp(timeStamp, of.signature) })
}

export interface CmsTrust {
  /** Anchors of signers, PEM. */
  roots: string[]
  /** Anchors of time-stamp authorities, PEM. */
  tsaRoots: string[]
  /** When a signature without time-stamp is judged; default now. */
  at?: Date
}

export interface VerifiedCms {
  signer: { subject: string; serial: string; certificateDer: Uint8Array }
  /** Time of the time-stamp; absent at level B-B. */
  time?: Date
  level: SignatureLevel
}

/**
 * Checks a detached signature over a digest: content, signature, signing certificate, time-stamp, and the signer's certificate as it stood at
 * the time-stamp's time.
 * @param digest SHA-256 of the content
 * @throws SignedDataMalformedError · SignatureDigestError · SignatureInvalidError · SigningCertificateError · AlgorithmRefusedError ·
 *   CertificateExpiredError · UnknownAnchorError · CertificateRefusedError · what verifyTimeStamp throws
 */
export async function verifyCms(cms: Uint8Array, digest: Uint8Array, trust: CmsTrust): Promise<VerifiedCms> {
  const opened = readSignedData(cms)
  if (opened.content !== undefined || opened.contentType !== contentTypeData) {
    throw new SignedDataMalformedError('expected a detached signature over data')
  }
  await verifySignerInfo(opened, digest)
  const token = timeStampToken(opened)
  const stamped = token === undefined ? undefined : await verifyTimeStamp(token, opened.signature, trust.tsaRoots)
  checkPurpose(opened)
  await verifyCertificatePath({
    certificate: opened.certificate,
    others: opened.certificates,
    roots: trust.roots,
    at: stamped?.time ?? trust.at ?? new Date(),
  })
  return {
    signer: {
      subject: subjectName(opened.certificate),
      serial: serialOf(opened.certificate),
      certificateDer: certificateDer(opened.certificate),
    },
    ...(stamped === undefined ? {} : { time: stamped.time }),
    level: stamped === undefined ? 'B-B' : 'B-T',
  }
}

/** The token that a signature carries, DER as it came, or undefined. @throws SignedDataMalformedError more than one, or no token */
export function timeStampToken(opened: OpenedSignedData): Uint8Array<ArrayBuffer> | undefined {
  const values = opened.unsigned.get(attributeOid.timeStampToken)
  if (values === undefined) return undefined
  const [token] = values
  if (values.length !== 1 || !(token instanceof Sequence)) {
    throw new SignedDataMalformedError(`expected one time-stamp token on a signature, found ${values.length} values`)
  }
  return new Uint8Array(token.valueBeforeDecodeView)
}

/** A certificate that says what its key is for must say that it signs documents (RFC 5280 §4.2.1.3; ETSI EN 319 412-2 §4.3.2). */
function checkPurpose(opened: OpenedSignedData): void {
  const usage = keyUsage(opened.certificate)
  if (usage !== undefined && !usage.has('nonRepudiation') && !usage.has('digitalSignature')) {
    throw new CertificateRefusedError(
      `${subjectName(opened.certificate)}: its key is not for signatures (${[...usage].join(', ') || 'no use'})`,
    )
  }
}
