import { readSignedData, verifySignerInfo } from '../../storage/custody/signed-data.ts'
import { type PdfRevision, readRevision } from './pdf-document.ts'
import { signatureFieldsOf } from './pdf-fields.ts'
import { expectOnlySignatures, PdfRevisionError } from './pdf-revisions.ts'
import { cutSignature, PdfCoverageError, type PdfSignatureBytes } from './pdf-signature-bytes.ts'

const mostSignatures = 64

/** All signatures of a file, in the order they were made. @throws PdfCoverageError one leaves out more than its own /Contents */
export async function cutSignatures(whole: PdfRevision): Promise<PdfSignatureBytes[]> {
  const signed = signatureFieldsOf(whole).flatMap((one) => (one.signature === undefined ? [] : [{ ...one, signature: one.signature }]))
  if (signed.length > mostSignatures) throw new PdfCoverageError(`${signed.length} signatures are too many`)
  const cut: PdfSignatureBytes[] = []
  for (const one of signed) cut.push(await cutSignature(whole, one))
  cut.sort((a, b) => a.end - b.end)
  for (const [at, one] of cut.entries())
    if (cut[at + 1]?.end === one.end) throw new PdfCoverageError('two signatures close the same revision')
  return cut
}

/**
 * Walks from the first signed revision to the end of the file. @returns a sentence for the report
 * @throws PdfRevisionError a later one changed more than signatures may · PdfCoverageError · PdfMalformedError
 */
export function compareRevisions(whole: PdfRevision, signatures: PdfSignatureBytes[]): string {
  const ends = [...new Set([...signatures.map((one) => one.end), whole.end])]
  let earlier: PdfRevision | undefined
  for (const end of ends) {
    const revision = end === whole.end ? whole : readRevision(whole.bytes, end)
    if (earlier !== undefined) {
      if (earlier.tables[0] === revision.tables[0]) throw new PdfRevisionError(`bytes after ${earlier.end} belong to no revision`)
      expectOnlySignatures(earlier, revision)
    }
    const closing = signatures.find((one) => one.end === end)
    const known = signatureFieldsOf(revision).some((one) => one.name === closing?.field && one.signature !== undefined)
    if (closing !== undefined && !known) throw new PdfCoverageError(`signature «${closing.field}» is not in the revision that it closes`)
    earlier = revision
  }
  return `${ends.length} revisions, which add only signatures`
}

/**
 * Holds a PDF that is about to be signed against the signatures it carries already, without asking who made them.
 * @throws SignatureDigestError its bytes changed since · PdfRevisionError · PdfCoverageError · PdfMalformedError · SignatureInvalidError
 */
export async function expectUntouched(pdf: Uint8Array): Promise<void> {
  const whole = readRevision(pdf, pdf.length)
  const signatures = await cutSignatures(whole)
  for (const one of signatures) if (one.kind === 'signature') await verifySignerInfo(readSignedData(one.der), one.digest)
  compareRevisions(whole, signatures)
}
