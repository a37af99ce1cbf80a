import { fromBER, Integer, OctetString, Sequence, Utf8String } from 'asn1js'
import { Accuracy, AlgorithmIdentifier, GeneralName, MessageImprint, TimeStampReq, TSTInfo } from 'pkijs'
import { parseCertificate } from '../../storage/custody/certificate-path.ts'
import { ownBytes, sha256 } from '../../storage/custody/sha256.ts'
import { contentTypeTstInfo, sha256Oid, signedAttributes } from '../../storage/custody/signed-attributes.ts'
import { assembleSignedData } from '../../storage/custody/signed-data.ts'
import type { Signer } from '../../storage/custody/signer.ts'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'

/** Policy of test tokens: a UUID-based OID (X.667), so that it stands for nobody's. */
const testPolicy = '2.25.213478015904267113204517893422150163'

/**
 * An authority of RFC 3161 in process. Its tokens are genuine; only its clock (the machine's) and its root (the demo's) are nobody's guarantee.
 * @param signer key with critical purpose timeStamping
 */
export function localTimeStampAuthority(name: string, signer: Signer, clock: () => Date = () => new Date()): TimeStampAuthority {
  return {
    name,
    respond: async (request) => {
      const question = readRequest(request)
      if (typeof question === 'string') return rejection(question)
      return granted(await makeToken(question, signer, clock()))
    },
  }
}

/** The request, or the sentence why it is refused. */
function readRequest(bytes: Uint8Array): TimeStampReq | string {
  let request: TimeStampReq
  try {
    request = new TimeStampReq({ schema: fromBER(ownBytes(bytes)).result })
  } catch {
    return 'the request is no TimeStampReq'
  }
  const { hashAlgorithm, hashedMessage } = request.messageImprint
  if (hashAlgorithm.algorithmId !== sha256Oid || hashedMessage.valueBlock.valueHexView.length !== 32) return 'only SHA-256 is stamped'
  if (request.reqPolicy !== undefined && request.reqPolicy !== testPolicy) return `policy ${request.reqPolicy} is not offered`
  return request
}

async function makeToken(request: TimeStampReq, signer: Signer, time: Date): Promise<Uint8Array> {
  const [der] = signer.chain
  if (der === undefined) throw new TypeError('a time-stamp authority needs its certificate')
  const serial = crypto.getRandomValues(new Uint8Array(16))
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  const content = new Uint8Array(
    new TSTInfo({
      version: 1,
      policy: testPolicy,
      messageImprint: new MessageImprint({
        hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256Oid }),
        hashedMessage: new OctetString({ valueHex: ownBytes(request.messageImprint.hashedMessage.valueBlock.valueHexView) }),
      }),
      serialNumber: new Integer({ valueHex: serial }),
      genTime: new Date(Math.floor(time.getTime() / 1000) * 1000),
      // Whole seconds: DER forbids the trailing zeros that milliseconds would sometimes end in (RFC 3161 §2.4.2).
      accuracy: new Accuracy({ seconds: 1 }),
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
      tsa: new GeneralName({ type: 4, value: parseCertificate(der).subject }),
    })
      .toSchema()
      .toBER(),
  )
  const attributes = signedAttributes(await sha256(content), der, contentTypeTstInfo)
  return assembleSignedData({
    attributes,
    signature: await signer.sign(attributes),
    algorithm: signer.algorithm,
    chain: signer.chain,
    content: { type: contentTypeTstInfo, bytes: content },
  })
}

/** TimeStampResp with status granted (0). */
function granted(token: Uint8Array): Uint8Array {
  const status = new Sequence({ value: [new Integer({ value: 0 })] })
  return new Uint8Array(new Sequence({ value: [status, fromBER(ownBytes(token)).result] }).toBER())
}

/** TimeStampResp with status rejection (2) and a sentence. */
function rejection(why: string): Uint8Array {
  const status = new Sequence({ value: [new Integer({ value: 2 }), new Sequence({ value: [new Utf8String({ value: why })] })] })
  return new Uint8Array(new Sequence({ value: [status] }).toBER())
}
