import { type PDFDict, PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from '@cantoo/pdf-lib'
import { signCms } from '../../storage/custody/cms.ts'
import { concatBytes, ownBytes, sha256 } from '../../storage/custody/sha256.ts'
import { readSignedData, verifySignerInfo } from '../../storage/custody/signed-data.ts'
import type { Signer } from '../../storage/custody/signer.ts'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'
import { expectUntouched } from './pdf-signed-revisions.ts'
import {
  addInvisibleField,
  drawAppearance,
  findField,
  type SignatureField,
  type SignatureLook,
  signatureFields,
} from './signature-field.ts'

/** PAdES signatures (ETSI EN 319 142-1) as increments: every byte that was there stays, and what is added only adds. */

/** Room for a CMS with its chain and time-stamp: about 7 KiB are used, real chains take more. */
const contentsBytes = 16 * 1024
const longestNumber = '/**********'

export interface SignatureWish {
  field: SignatureField
  /** Who signs, as /Name has it. */
  name: string
  reason: string
  /** Time the signer's side claims (/M); the one that counts is the time-stamp's. */
  at: Date
  /** What the field shows; absent: nothing. */
  look?: SignatureLook
}

/** A PDF with an empty signature: its device signs `digest`, then `completeSignature` closes it. Stale as soon as another one is open. */
export interface PreparedSignature {
  pdf: Uint8Array<ArrayBuffer>
  /** Offset and length of the two signed ranges. */
  byteRange: [number, number, number, number]
  /** SHA-256 of the two ranges. */
  digest: Uint8Array<ArrayBuffer>
}

/**
 * Adds an increment with an empty signature in a field (made by the document, or else invisible).
 * @throws SignatureOrderError the field is signed, or its turn is past or has not come: seal, secretary, mayor (R57)
 * @throws what expectUntouched throws: nobody signs over bytes that changed after an earlier signature
 * @throws PdfUnreadableError
 */
export async function prepareSignature(pdf: Uint8Array, wish: SignatureWish): Promise<PreparedSignature> {
  await expectUntouched(pdf)
  const document = await load(pdf)
  checkOrder(document, wish.field)
  const snapshot = document.takeSnapshot()
  const found = findField(document, wish.field)
  const { field, changed } = found === undefined ? addInvisibleField(document, wish.field) : { field: found, changed: [] }
  await drawAppearance(document, field.dictionary, wish.look ?? { lines: [] })
  field.dictionary.set(PDFName.of('V'), document.context.register(signatureDictionary(document, wish)))
  snapshot.markRefsForSave([field.ref, ...changed])
  const increment = await document.saveIncremental(snapshot, { useObjectStreams: false })
  return await closeRanges(concatBytes(pdf, increment), pdf.length)
}

async function load(pdf: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false })
  } catch (cause) {
    throw new PdfUnreadableError('the PDF to be signed cannot be read', { cause })
  }
}

function checkOrder(document: PDFDocument, wanted: SignatureField): void {
  const isSigned = (field: SignatureField) => findField(document, field)?.signed === true
  if (isSigned(wanted)) throw new SignatureOrderError(`the field «${wanted}» is signed already`)
  const later = signatureFields.slice(signatureFields.indexOf(wanted) + 1).find(isSigned)
  if (later !== undefined) throw new SignatureOrderError(`«${wanted}» comes before «${later}», which has signed already`)
  if (wanted === 'mayor' && !isSigned('secretary')) {
    throw new SignatureOrderError('the visto e prace comes after the signature of the secretary, which is missing (R57)')
  }
}

function signatureDictionary(document: PDFDocument, wish: SignatureWish): PDFDict {
  const dictionary = document.context.obj({ Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached' })
  const blank = PDFName.of('**********')
  dictionary.set(PDFName.of('ByteRange'), document.context.obj([PDFNumber.of(0), blank, blank, blank]))
  dictionary.set(PDFName.of('Contents'), PDFHexString.of('0'.repeat(2 * contentsBytes)))
  dictionary.set(PDFName.of('Name'), PDFHexString.fromText(wish.name))
  dictionary.set(PDFName.of('Reason'), PDFHexString.fromText(wish.reason))
  dictionary.set(PDFName.of('M'), PDFString.fromDate(wish.at))
  return dictionary
}

/** Writes the true ranges over their placeholders, padded with blanks, and hashes them. */
async function closeRanges(pdf: Uint8Array<ArrayBuffer>, from: number): Promise<PreparedSignature> {
  const open = find(pdf, `<${'0'.repeat(64)}`, from)
  const close = open + 2 * contentsBytes + 2
  const rangeAt = find(pdf, `[ 0 ${longestNumber}`, from)
  const rangeEnd = find(pdf, ']', rangeAt)
  const byteRange: PreparedSignature['byteRange'] = [0, open, close, pdf.length - close]
  const text = `[ ${byteRange.join(' ')}`.padEnd(rangeEnd - rangeAt, ' ')
  pdf.set(new TextEncoder().encode(text), rangeAt)
  return { pdf, byteRange, digest: await rangesDigest(pdf, byteRange) }
}

async function rangesDigest(pdf: Uint8Array, [from, length, next, rest]: PreparedSignature['byteRange']) {
  return await sha256(concatBytes(pdf.subarray(from, from + length), pdf.subarray(next, next + rest)))
}

function find(pdf: Uint8Array, text: string, from: number): number {
  const at = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).indexOf(text, from, 'latin1')
  if (at < 0) throw new PdfUnreadableError(`the increment holds no «${text.slice(0, 16)}»`)
  return at
}

/**
 * Puts the CMS into its place. @returns the signed PDF, of which the prepared one's bytes outside /Contents are untouched
 * @throws SignatureDigestError the prepared bytes are not those that were signed · SignatureTooLargeError · SignedDataMalformedError
 */
export async function completeSignature(prepared: PreparedSignature, cms: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  await verifySignerInfo(readSignedData(cms), await rangesDigest(prepared.pdf, prepared.byteRange))
  if (cms.length > contentsBytes)
    throw new SignatureTooLargeError(`a CMS of ${cms.length} bytes does not fit the ${contentsBytes} reserved`)
  const signed = ownBytes(prepared.pdf).slice()
  signed.set(new TextEncoder().encode(Buffer.from(cms).toString('hex')), prepared.byteRange[1] + 1)
  return signed
}

/** Prepares, signs with a device at hand, completes: level B-T. @throws as the three of them */
export async function signPdf(
  pdf: Uint8Array,
  wish: SignatureWish & { signer: Signer; timeStamp: TimeStampAuthority },
): Promise<Uint8Array<ArrayBuffer>> {
  const prepared = await prepareSignature(pdf, wish)
  return await completeSignature(prepared, await signCms({ digest: prepared.digest, signer: wish.signer, timeStamp: wish.timeStamp }))
}

export class PdfUnreadableError extends Error {
  override readonly name = 'PdfUnreadableError'
}

export class SignatureOrderError extends Error {
  override readonly name = 'SignatureOrderError'
}

export class SignatureTooLargeError extends Error {
  override readonly name = 'SignatureTooLargeError'
}
