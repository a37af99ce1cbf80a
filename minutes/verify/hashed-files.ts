import { exportPath, isExportPath } from '../../storage/custody/export-layout.ts'
import { type ExportContents, exportContents, parseDocument } from '../../storage/custody/manifests.ts'
import { sha256, startSha256, toHex } from '../../storage/custody/sha256.ts'
import { codeOfPath } from './check-codes.ts'
import { type ExportFile, type ExportReader, NotReadableError } from './export-reader.ts'
import { expectThat, type Findings, messageOf } from './findings.ts'

const megabyte = 1024 * 1024
const mostContentsBytes = 64 * megabyte
/** What is parsed is held in memory: largest file, and all of them together. */
const mostParsedBytes = 128 * megabyte
const mostKeptBytes = 512 * megabyte
const mostFiles = 200_010

/** The files of an export once hashed: nothing below reads a file again, so what is parsed is what was hashed. */
export interface HashedFiles {
  contents: ExportContents
  /** SHA-256 in hexadecimal and size of every listed file that is there, as found. */
  found: Map<string, { sha256: string; sizeBytes: number }>
  /** Bytes of a file that is parsed, once its hash was the listed one. @throws CheckFailedError it is missing or another */
  bytes(path: string): Uint8Array
  /** Whether the copy says that it does not show this file: its hash, or undefined. */
  withheld(path: string): string | undefined
}

/** Reads and checks `contents.json`, then hashes every file it lists. @returns undefined when the list itself cannot be read */
export async function hashFiles(reader: ExportReader, listing: ExportFile[], findings: Findings): Promise<HashedFiles | undefined> {
  let contents: ExportContents | undefined
  await findings.check('contents', async () => {
    contents = readContents(await reader.read(exportPath.contents, mostContentsBytes))
    expectListed(
      contents,
      listing.slice(0, mostFiles).map((file) => file.path),
    )
    return `${contents.files.length} files listed, ${contents.withheld.length} withheld, ${contents.kind} copy`
  })
  if (contents === undefined) return undefined
  const present = new Map(listing.filter((file) => file.special === undefined).map((file) => [file.path, file.sizeBytes]))
  const files: Omit<HashedFiles, 'bytes' | 'withheld'> & { kept: Map<string, Uint8Array> } = { contents, found: new Map(), kept: new Map() }
  let keptBytes = 0
  for (const file of contents.files) {
    const code = codeOfPath(file.path)
    try {
      expectThat(present.has(file.path), 'is listed but not there')
      expectThat(present.get(file.path) === file.bytes, `has ${present.get(file.path)} bytes, listed are ${file.bytes}`)
      const { sha256: hash, bytes } = await hashFile(reader, file.path, file.bytes)
      files.found.set(file.path, { sha256: hash, sizeBytes: file.bytes })
      expectThat(hash === file.sha256, `has SHA-256 ${hash}, listed is ${file.sha256}`)
      if (bytes === undefined) continue
      keptBytes += bytes.length
      expectThat(keptBytes <= mostKeptBytes, `is one file too many: over ${mostKeptBytes} bytes would have to be parsed`)
      files.kept.set(file.path, bytes)
    } catch (error) {
      findings.fail(code, `${file.path}: ${messageOf(error)}`)
    }
  }
  const withheld = new Map(contents.withheld.map((file) => [file.path, file.sha256]))
  return {
    contents,
    found: files.found,
    withheld: (path) => withheld.get(path),
    bytes: (path) => {
      const bytes = files.kept.get(path)
      expectThat(bytes !== undefined, `${path}: is missing, or not as listed`)
      return bytes
    },
  }
}

function readContents(bytes: Uint8Array): ExportContents {
  const contents = parseDocument(exportContents, bytes)
  const paths = [...contents.files, ...contents.withheld].map((file) => file.path)
  const bad = paths.find((path) => !isExportPath(path) || path === exportPath.contents)
  expectThat(bad === undefined, `contents.json lists «${bad}», which is no path of an export`)
  expectThat(new Set(paths).size === paths.length, 'contents.json lists a file twice')
  expectThat(contents.kind === 'public' || contents.withheld.length === 0, 'a custody copy withholds nothing')
  return contents
}

function expectListed(contents: ExportContents, present: string[]): void {
  const listed = new Set([exportPath.contents as string, ...contents.files.map((file) => file.path)])
  const unlisted = present.filter((path) => !listed.has(path))
  expectThat(unlisted.length === 0, `${unlisted.length} files are not listed: ${unlisted.slice(0, 5).join(', ')}`)
}

/** What is parsed later is kept, so that it cannot change between hash and parse; media and strangers are only hashed, in a stream. */
function isParsed(path: string): boolean {
  return (
    path !== exportPath.master && (path.startsWith('log/') || !['contents', 'segments', 'captions', 'imported'].includes(codeOfPath(path)))
  )
}

async function hashFile(reader: ExportReader, path: string, sizeBytes: number): Promise<{ sha256: string; bytes?: Uint8Array }> {
  if (isParsed(path)) {
    const bytes = await reader.read(path, mostParsedBytes)
    if (bytes.length !== sizeBytes) throw new NotReadableError('changed while it was read')
    return { sha256: toHex(await sha256(bytes)), bytes }
  }
  const hashed = await (reader.hash?.(path) ?? hashStream(reader.stream(path), sizeBytes))
  if (hashed.sizeBytes !== sizeBytes) throw new NotReadableError('changed while it was read')
  return hashed
}

async function hashStream(stream: ReadableStream<Uint8Array>, mostBytes: number): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = startSha256()
  const pieces = stream.getReader()
  let sizeBytes = 0
  for (let piece = await pieces.read(); !piece.done && sizeBytes <= mostBytes; piece = await pieces.read()) {
    sizeBytes += piece.value.length
    hash.update(piece.value)
  }
  await pieces.cancel()
  return { sha256: toHex(hash.digest()), sizeBytes }
}
