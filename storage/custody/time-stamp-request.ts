import { fromBER, Integer, OctetString, Sequence } from 'asn1js'
import { AlgorithmIdentifier, MessageImprint, PKIStatus, TimeStampReq, TimeStampResp } from 'pkijs'
import { ownBytes, sameBytes, toHex } from './sha256.ts'
import { sha256Oid } from './signed-attributes.ts'
import { imprintOf, readTimeStamp, type Stamped } from './time-stamp.ts'
import type { TimeStampAuthority } from './time-stamp-authority.ts'

const largestResponseBytes = 64 * 1024

/**
 * Asks for a token (RFC 3161 §2.4) over SHA-256, with a nonce and with the authority's certificates inside, and holds the answer
 * against the question. Whether the authority is trusted is `verifyTimeStamp`'s matter.
 * @returns the token, DER of its ContentInfo, as the authority sent it
 * @throws TimeStampRefusedError the authority says no · TimeStampAnswerError its answer does not fit the question
 */
export async function requestTimeStamp(authority: TimeStampAuthority, stamped: Stamped): Promise<Uint8Array> {
  const imprint = await imprintOf(stamped)
  const nonce = crypto.getRandomValues(new Uint8Array(8))
  // A first byte below 0x80 and above 0 keeps the DER integer positive and in one spelling.
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40
  const response = await authority.respond(encodeRequest(imprint, nonce))
  const token = tokenOf(response, authority.name)
  const info = readTimeStamp(token)
  if (!sameBytes(info.imprint, imprint)) {
    throw new TimeStampAnswerError(`${authority.name} stamped ${toHex(info.imprint)}, asked was ${toHex(imprint)}`)
  }
  if (info.nonce === undefined || !sameBytes(info.nonce, nonce)) throw new TimeStampAnswerError(`${authority.name} answered another nonce`)
  return token
}

function encodeRequest(imprint: Uint8Array, nonce: Uint8Array<ArrayBuffer>): Uint8Array {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256Oid }),
      hashedMessage: new OctetString({ valueHex: ownBytes(imprint) }),
    }),
    nonce: new Integer({ valueHex: nonce }),
    certReq: true,
  })
  return new Uint8Array(request.toSchema().toBER())
}

function tokenOf(response: Uint8Array, authority: string): Uint8Array {
  if (response.length > largestResponseBytes) throw new TimeStampAnswerError(`${authority} answered ${response.length} bytes`)
  const { result, offset } = fromBER(ownBytes(response))
  if (offset !== response.length || !(result instanceof Sequence)) throw new TimeStampAnswerError(`${authority} answered no TimeStampResp`)
  let status: TimeStampResp['status']
  try {
    status = new TimeStampResp({ schema: result }).status
  } catch (cause) {
    throw new TimeStampAnswerError(`${authority} answered no TimeStampResp`, { cause })
  }
  if (status.status !== PKIStatus.granted && status.status !== PKIStatus.grantedWithMods) {
    const said = status.statusStrings?.map((one) => String(one.valueBlock.value)).join('; ') ?? 'without a word'
    throw new TimeStampRefusedError(`${authority} refused the time-stamp: status ${status.status}, ${said}`)
  }
  // The token is cut out, not encoded again: its bytes are what was signed.
  const token = result.valueBlock.value[1]
  if (token === undefined) throw new TimeStampAnswerError(`${authority} granted a time-stamp without a token`)
  return new Uint8Array(token.valueBeforeDecodeView)
}

export class TimeStampRefusedError extends Error {
  override readonly name = 'TimeStampRefusedError'
}

export class TimeStampAnswerError extends Error {
  override readonly name = 'TimeStampAnswerError'
}
