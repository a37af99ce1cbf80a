import { exportPath } from '../../storage/custody/export-layout.ts'
import { sha256, toHex } from '../../storage/custody/sha256.ts'
import type { Trust, Verification } from '../../storage/custody/trust.ts'
import { checkActa, checkPdf, readAttachedManifest } from './acta-check.ts'
import { type ExportReader, NotAnExportError } from './export-reader.ts'
import { startFindings } from './findings.ts'
import { hashFiles } from './hashed-files.ts'
import { checkLog } from './log-check.ts'
import { checkRecording } from './recording-check.ts'

export interface VerifyOptions {
  /** Where the anchors came from; demo anchors are told by the trust file itself. */
  anchors?: 'installation' | 'file'
}

/**
 * Verifies an export folder (contracts.md §5): every listed file is hashed before it is parsed; then the recording against its journal,
 * tree, heads and seal, the signed acta, what it names, and the council's log. Never throws on what the files hold.
 * @throws NotAnExportError nothing in it is of an export, or it cannot be listed
 */
export async function verifyExport(reader: ExportReader, trust: Trust, options: VerifyOptions = {}): Promise<Verification> {
  const marks = new Set<string>([exportPath.contents, exportPath.acta, exportPath.actaManifest, exportPath.recordingManifest])
  const listing = await reader.list().catch((cause: unknown) => {
    throw new NotAnExportError('the folder cannot be listed', { cause })
  })
  if (!listing.some((file) => marks.has(file.path))) {
    throw new NotAnExportError(`expected an export with ${exportPath.contents}, found none of its files`)
  }
  const findings = startFindings()
  const files = await hashFiles(reader, listing, findings)
  if (files !== undefined) {
    const held = files.found.has(exportPath.recordingManifest)
    const recording = held ? await checkRecording(files, trust, findings) : undefined
    const acta = await checkActa(files, recording, trust, findings)
    const named = acta.manifest?.recordingManifest ?? undefined
    if (!held && (acta.manifest === undefined || named !== undefined))
      findings.fail('recording-manifest', `${exportPath.recordingManifest}: is missing`)
    if (held && acta.manifest !== undefined && named === undefined)
      findings.fail('recording-manifest', 'the signed acta says that the session was not recorded')
    const wanted = { signedRevisions: acta.signedRevisions, ...(named === undefined ? {} : { recordingManifest: named }) }
    await checkLog(files, wanted, trust, findings)
  }
  return answer(findings.checks, trust, options)
}

/** Verifies a signed acta alone: its signatures and the manifest they cover. What the manifest names is not looked at. */
export async function verifyActa(pdf: Uint8Array, trust: Trust, options: VerifyOptions = {}): Promise<Verification> {
  const findings = startFindings()
  const { attached } = await checkPdf(pdf, trust, findings)
  await findings.check('acta-manifest', async () => {
    const manifest = readAttachedManifest(attached)
    return `session ${manifest.session}, version ${manifest.version}, SHA-256 of the PDF ${toHex(await sha256(pdf))}`
  })
  return answer(findings.checks, trust, options)
}

function answer(checks: Verification['checks'], trust: Trust, options: VerifyOptions): Verification {
  const anchors = trust.roots.length + trust.tsaRoots.length + trust.logs.length === 0 ? 'none' : (options.anchors ?? 'installation')
  return { authentic: checks.length > 0 && checks.every((one) => one.ok), trust: trust.demo ? 'demo' : anchors, checks }
}
