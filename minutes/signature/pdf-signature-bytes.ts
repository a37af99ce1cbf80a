import { concatBytes, sameBytes, sha256 } from '../../storage/custody/sha256.ts'
import type { PdfRevision } from './pdf-document.ts'
import type { PdfSignatureField } from './pdf-fields.ts'
import { itemsOf, nameOf, textOf } from './pdf-values.ts'

/** The bytes of one signature in a PDF, cut out and held to their rules; whether the signature is good is not said here. */
export interface PdfSignatureBytes {
  field: string
  kind: 'signature' | 'time-stamp'
  /** Name the signature claims. */
  name?: string
  /** DER of the CMS, or of the bare token. */
  der: Uint8Array<ArrayBuffer>
  /** SHA-256 of the signed ranges. */
  digest: Uint8Array<ArrayBuffer>
  /** End of the revision it closes. */
  end: number
}

/** The signature does not cover its revision whole, or its room holds more than it (contracts.md §5). */
export class PdfCoverageError extends Error {
  override readonly name = 'PdfCoverageError'
}

const kinds: Record<string, PdfSignatureBytes['kind']> = { 'ETSI.CAdES.detached': 'signature', 'ETSI.RFC3161': 'time-stamp' }
const largestContents = 256 * 1024

/**
 * Cuts a signature out: two ranges from byte 0 to the revision's end that leave out /Contents and nothing else, padding all zero.
 * @throws PdfCoverageError
 */
export async function cutSignature(
  revision: PdfRevision,
  field: PdfSignatureField & { signature: NonNullable<PdfSignatureField['signature']> },
): Promise<PdfSignatureBytes> {
  const what = `signature «${field.name}»`
  const { entries } = field.signature.dict
  const ranges = itemsOf(entries.get('ByteRange'))
  const [start, length, next, rest] = ranges
  const numbers = ranges.length === 4 && ranges.every((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0)
  if (!numbers || start !== 0) throw new PdfCoverageError(`${what}: /ByteRange is not four offsets from 0`)
  const [open, close, end] = [Number(length), Number(next), Number(next) + Number(rest)]
  const contents = entries.get('Contents')
  if (typeof contents !== 'object' || contents === null || contents.kind !== 'string' || !contents.hex)
    throw new PdfCoverageError(`${what}: /Contents is no hexadecimal string`)
  if (contents.from !== open || contents.to !== close || contents.bytes.length > largestContents) {
    throw new PdfCoverageError(`${what}: it leaves out bytes ${open} to ${close}, its /Contents are ${contents.from} to ${contents.to}`)
  }
  if (end > revision.end) throw new PdfCoverageError(`${what}: it claims ${end} bytes, there are ${revision.end}`)
  const kind = kinds[nameOf(entries.get('SubFilter')) ?? '']
  if (kind === undefined) throw new PdfCoverageError(`${what}: /SubFilter is neither a CAdES signature nor a time-stamp`)
  const name = textOf(entries.get('Name'))
  return {
    field: field.name,
    kind,
    ...(name === undefined ? {} : { name }),
    der: withoutPadding(contents.bytes, revision.bytes.subarray(open + 1, close - 1), what),
    digest: await sha256(concatBytes(revision.bytes.subarray(0, open), revision.bytes.subarray(close, end))),
    end,
  }
}

/** The DER at the start of the room; all that follows, digit by digit, must be zero: no byte may change unseen. */
function withoutPadding(bytes: Uint8Array, digits: Uint8Array, what: string): Uint8Array<ArrayBuffer> {
  const length = derLength(bytes)
  if (length === undefined || length > bytes.length) throw new PdfCoverageError(`${what}: /Contents hold no DER`)
  if (digits.length !== 2 * bytes.length) throw new PdfCoverageError(`${what}: /Contents hold blanks`)
  if (digits.subarray(2 * length).some((digit) => digit !== 0x30))
    throw new PdfCoverageError(`${what}: the padding of /Contents is not zero`)
  // Digits have two spellings (a, A): the one that we write is the only one.
  const spelt = new TextEncoder().encode(Array.from(bytes.subarray(0, length), (byte) => byte.toString(16).padStart(2, '0')).join(''))
  const upper = new TextEncoder().encode(new TextDecoder().decode(spelt).toUpperCase())
  const found = digits.subarray(0, 2 * length)
  if (!sameBytes(found, spelt) && !sameBytes(found, upper)) throw new PdfCoverageError(`${what}: /Contents mix two spellings`)
  return new Uint8Array(bytes.subarray(0, length))
}

/** Length of a DER SEQUENCE with its header (X.690 §8.1.3). */
function derLength(bytes: Uint8Array): number | undefined {
  const [tag, first = 0] = bytes
  if (tag !== 0x30) return undefined
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  if (count < 1 || count > 3) return undefined
  let length = 0
  for (let at = 0; at < count; at++) length = length * 256 + (bytes[2 + at] ?? 0)
  return 2 + count + length
}
