import { TSTInfo } from 'pkijs'
import { extendedKeyUsage, subjectName, verifyCertificatePath } from './certificate-path.ts'
import { ownBytes, sameBytes, sha256, toHex } from './sha256.ts'
import { contentTypeTstInfo, sha256Oid } from './signed-attributes.ts'
import { type OpenedSignedData, readSignedData, verifySignerInfo } from './signed-data.ts'

const largestTokenBytes = 64 * 1024
const timeStampingPurpose = '1.3.6.1.5.5.7.3.8'

/** What is stamped: bytes, or their SHA-256 when they are too large to hold. */
export type Stamped = Uint8Array | { sha256: Uint8Array }

export async function imprintOf(stamped: Stamped): Promise<Uint8Array> {
  return stamped instanceof Uint8Array ? await sha256(stamped) : stamped.sha256
}

/** A token as it reads, nothing verified yet. */
export interface ReadTimeStamp {
  opened: OpenedSignedData
  /** SHA-256 of what was stamped. */
  imprint: Uint8Array
  nonce?: Uint8Array
  time: Date
}

/** Reads a token (RFC 3161 §2.4.2). @throws TimeStampError no token over SHA-256 · SignedDataMalformedError */
export function readTimeStamp(token: Uint8Array): ReadTimeStamp {
  if (token.length > largestTokenBytes) throw new TimeStampError(`a time-stamp token of ${token.length} bytes is too large`)
  const opened = readSignedData(token)
  if (opened.contentType !== contentTypeTstInfo || opened.content === undefined)
    throw new TimeStampError('the signed content is no TSTInfo')
  let info: TSTInfo
  try {
    info = TSTInfo.fromBER(ownBytes(opened.content))
  } catch (cause) {
    throw new TimeStampError('the signed content is no TSTInfo', { cause })
  }
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== sha256Oid) {
    throw new TimeStampError(`the time-stamp is over digest ${hashAlgorithm.algorithmId}, expected SHA-256`)
  }
  if (Number.isNaN(info.genTime.getTime())) throw new TimeStampError('the time-stamp says no time')
  return {
    opened,
    imprint: new Uint8Array(hashedMessage.valueBlock.valueHexView),
    ...(info.nonce === undefined ? {} : { nonce: new Uint8Array(info.nonce.valueBlock.valueHexView) }),
    time: info.genTime,
  }
}

/**
 * Checks a token over `stamped`: imprint, signature with its signing certificate attribute, the purpose of the authority's certificate
 * (timeStamping, critical and alone, RFC 3161 §2.3) and its path to an anchor at the token's time.
 * @param tsaRoots anchors of time-stamp authorities, PEM
 * @returns time of the token and name of the authority
 * @throws TimeStampImprintError · TimeStampError · CertificateUnknownIssuerError and the other errors of signed-data.ts and certificate-path.ts
 */
export async function verifyTimeStamp(token: Uint8Array, stamped: Stamped, tsaRoots: string[]): Promise<{ time: Date; authority: string }> {
  const { opened, imprint, time } = readTimeStamp(token)
  const expected = await imprintOf(stamped)
  if (!sameBytes(imprint, expected)) {
    throw new TimeStampImprintError(`the time-stamp is over ${toHex(imprint)}, the bytes have ${toHex(expected)}`)
  }
  await verifySignerInfo(opened)
  const authority = subjectName(opened.certificate)
  const purpose = extendedKeyUsage(opened.certificate)
  if (purpose?.critical !== true || purpose.purposes.length !== 1 || purpose.purposes[0] !== timeStampingPurpose) {
    throw new TimeStampError(`${authority} is no time-stamp authority: its certificate is not for time-stamping alone`)
  }
  await verifyCertificatePath({ certificate: opened.certificate, others: opened.certificates, roots: tsaRoots, at: time })
  return { time, authority }
}

export class TimeStampError extends Error {
  override readonly name = 'TimeStampError'
}

/** The token is over other bytes. */
export class TimeStampImprintError extends Error {
  override readonly name = 'TimeStampImprintError'
}
