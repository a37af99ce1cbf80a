import { UnknownAnchorError } from '../../storage/custody/certificate-path.ts'
import { verifyCms } from '../../storage/custody/cms.ts'
import { sha256, toHex } from '../../storage/custody/sha256.ts'
import { verifyTimeStamp } from '../../storage/custody/time-stamp.ts'
import type { Check } from '../../storage/custody/trust.ts'
import { type PdfAttachment, readAttachments } from './pdf-attachments.ts'
import { readRevision } from './pdf-document.ts'
import { PdfCoverageError, type PdfSignatureBytes } from './pdf-signature-bytes.ts'
import { compareRevisions, cutSignatures } from './pdf-signed-revisions.ts'

/** Anchors as PEM: of signers, and of time-stamp authorities. They never come from the PDF. */
export interface PdfTrust {
  roots: string[]
  tsaRoots: string[]
}

export interface PdfSignature {
  kind: 'signature' | 'time-stamp'
  /** `seal`, `secretary`, `mayor`, or what another document calls it. */
  field: string
  /** Name that the signature claims. */
  name?: string
  /** Subject of the certificate, or of the time-stamp authority. */
  signer: string
  /** Time of the time-stamp. */
  time: Date
  /** SHA-256 of the file up to the end of the revision that it closes, hexadecimal. */
  revisionSha256: string
}

export interface PdfVerification {
  /** `pdf-structure`, `pdf-coverage`, `pdf-revisions`, `pdf-signatures` (one a signature), `anchor-unknown`, `signature-order`. */
  checks: Check[]
  /** Those that hold. */
  signatures: PdfSignature[]
  attachments: PdfAttachment[]
}

/**
 * Checks the signatures of an acta's PDF: each covers its whole revision but its own /Contents, is a CAdES signature with time-stamp (B-T) up
 * to an anchor, and everything after the first signature only adds signatures and long-term data. Pure; of bounded time and memory.
 * Reports what fails, never throws on what it is given.
 */
export async function verifyPdfSignatures(pdf: Uint8Array, trust: PdfTrust): Promise<PdfVerification> {
  const report: PdfVerification = { checks: [], signatures: [], attachments: [] }
  const { checks } = report
  const whole = await attempt(checks, 'pdf-structure', async () => {
    const revision = readRevision(pdf, pdf.length)
    report.attachments = await readAttachments(revision)
    return { answer: revision, detail: `${revision.offsets.size} objects, ${report.attachments.length} attachments` }
  })
  if (whole === undefined) return report
  const found = await attempt(checks, 'pdf-coverage', async () => {
    const cut = await cutSignatures(whole)
    if (cut.length === 0) throw new PdfCoverageError('the PDF carries no signature')
    return { answer: cut, detail: `${cut.length} signatures and time-stamps, each over the whole of its revision` }
  })
  if (found === undefined) return report
  await attempt(checks, 'pdf-revisions', async () => ({ answer: true, detail: compareRevisions(whole, found) }))
  for (const one of found) {
    const signature = await verifyOne(pdf, one, trust, checks)
    if (signature !== undefined) report.signatures.push(signature)
  }
  await attempt(checks, 'signature-order', async () => ({ answer: true, detail: expectOrder(report.signatures) }))
  return report
}

async function verifyOne(pdf: Uint8Array, one: PdfSignatureBytes, trust: PdfTrust, checks: Check[]): Promise<PdfSignature | undefined> {
  return await attempt(
    checks,
    'pdf-signatures',
    async () => {
      const { signer, time } = await verifyDer(one, trust)
      const revisionSha256 = toHex(await sha256(pdf.subarray(0, one.end)))
      const named = one.name === undefined ? {} : { name: one.name }
      const answer: PdfSignature = { kind: one.kind, field: one.field, ...named, signer, time, revisionSha256 }
      return { answer, detail: `${one.field}: ${signer}, ${time.toISOString()}` }
    },
    `${one.field}: `,
  )
}

async function verifyDer(one: PdfSignatureBytes, trust: PdfTrust): Promise<{ signer: string; time: Date }> {
  if (one.kind === 'time-stamp') {
    const { time, authority } = await verifyTimeStamp(one.der, { sha256: one.digest }, trust.tsaRoots)
    return { signer: authority, time }
  }
  const { signer, time } = await verifyCms(one.der, one.digest, trust)
  if (time === undefined) throw new PdfCoverageError('the signature carries no time-stamp: level B-B, expected B-T')
  return { signer: signer.subject, time }
}

/** Secretary first, then the mayor's visto e prace, by two people, in the order of their time-stamps too (R34, R57). */
function expectOrder(signatures: PdfSignature[]): string {
  const made = signatures.filter((one) => one.kind === 'signature')
  const [secretary, mayor] = ['secretary', 'mayor'].map((field) => made.findIndex((one) => one.field === field))
  const first = made[secretary ?? -1]
  const second = made[mayor ?? -1]
  if (first === undefined || second === undefined || secretary === undefined || mayor === undefined) {
    throw new PdfCoverageError(`an acta is signed by secretary and mayor; valid here: ${made.map((one) => one.field).join(', ') || 'none'}`)
  }
  if (mayor < secretary || second.time < first.time) throw new PdfCoverageError('the mayor signed before the secretary')
  if (first.signer === second.signer) throw new PdfCoverageError('secretary and mayor signed with the same certificate')
  return 'secretary, then mayor'
}

/** Runs one check and writes it down; an unknown anchor has a code of its own. */
async function attempt<T>(
  checks: Check[],
  code: string,
  run: () => Promise<{ answer: T; detail: string }>,
  prefix = '',
): Promise<T | undefined> {
  try {
    const { answer, detail } = await run()
    checks.push({ code, ok: true, detail })
    return answer
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    checks.push({ code: error instanceof UnknownAnchorError ? 'anchor-unknown' : code, ok: false, detail: prefix + detail })
    return undefined
  }
}
