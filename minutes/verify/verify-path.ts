import { type Trust, trustFile, type Verification } from '../../storage/custody/trust.ts'
import { NotAnExportError } from './export-reader.ts'
import { messageOf } from './findings.ts'
import { folderReader } from './folder-reader.ts'
import { type VerifyOptions, verifyActa, verifyExport } from './verify-export.ts'
import type { VerifyWords } from './verify-words.ts'

const largestPdfBytes = 128 * 1024 * 1024
const largestTrustBytes = 4 * 1024 * 1024

/** Reads a trust file. @throws TrustFileError it is not there or not one */
export async function readTrust(path: string): Promise<Trust> {
  const { readFile, stat } = await import('node:fs/promises')
  try {
    if ((await stat(path)).size > largestTrustBytes) throw new TrustFileError(`${path} is too large for a trust file`)
    return trustFile.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new TrustFileError(`${path} cannot be read as a trust file: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Verifies an export folder or an acta on disk.
 * @throws NotAnExportError it is neither, or cannot be read: exit 2
 */
export async function verifyPath(path: string, trust: Trust, anchors: NonNullable<VerifyOptions['anchors']>): Promise<Verification> {
  const { open, stat } = await import('node:fs/promises')
  let isFolder: boolean
  try {
    const found = await stat(path)
    isFolder = found.isDirectory()
    if (!isFolder && (!found.isFile() || found.size > largestPdfBytes)) throw new NotAnExportError(`${path} is no folder and no acta`)
    if (!isFolder) {
      await using file = await open(path, 'r')
      const { buffer, bytesRead } = await file.read(new Uint8Array(5), 0, 5, 0)
      if (bytesRead < 5 || new TextDecoder().decode(buffer) !== '%PDF-') throw new NotAnExportError(`${path} is no folder and no PDF`)
    }
  } catch (cause) {
    if (cause instanceof NotAnExportError) throw cause
    throw new NotAnExportError(`${path} cannot be read`, { cause })
  }
  if (isFolder) return await verifyExport(folderReader(path), trust, { anchors })
  const { readFile } = await import('node:fs/promises')
  return await verifyActa(new Uint8Array(await readFile(path)), trust, { anchors })
}

/** A verification as lines for a reader, the mark of a test first. */
export function verificationLines(of: Verification, words: VerifyWords): string[] {
  const failed = of.checks.filter((one) => !one.ok).length
  return [
    ...(of.trust === 'demo' ? [words.testMark] : []),
    of.authentic ? words.authentic : words.notAuthentic(failed),
    ...of.checks.map((one) => `${one.ok ? '  ok ' : ' NON '} ${one.code} (${words.checks[one.code] ?? one.code}): ${one.detail}`),
  ]
}

/** The anchors to judge by cannot be read. */
export class TrustFileError extends Error {
  override readonly name = 'TrustFileError'
}
