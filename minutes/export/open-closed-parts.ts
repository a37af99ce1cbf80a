import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportPath } from '../../storage/custody/export-layout.ts'
import { parseJournal } from '../../storage/custody/journal-tree.ts'
import { openSealed, SealError } from '../../storage/custody/sealing.ts'
import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import { isSealedLine, type SealedLine, segmentFormat } from '../../storage/model/recording.ts'

/** A sealed segment of an export is missing, is not what the journal has, or does not open. `path` is its place in the export. */
export class ClosedPartUnreadableError extends Error {
  override readonly name = 'ClosedPartUnreadableError'
  readonly path: string
  readonly reason: 'altered' | 'key'
  constructor(path: string, reason: 'altered' | 'key', cause?: unknown) {
    super(`${path}: ${reason === 'key' ? 'does not open with these keys' : 'is not what the journal has'}`, { cause })
    this.path = path
    this.reason = reason
  }
}

/**
 * Decrypts what an export holds of closed parts into `out`, which must be new or empty: one MPEG-TS a part and track, microphones a file a
 * segment. Each is held against the recorder's journal before it is opened.
 * @param identities `AGE-SECRET-KEY-1…`
 * @throws JournalError, ClosedPartUnreadableError
 */
export async function openClosedParts(
  folder: string,
  identities: readonly string[],
  out: string,
): Promise<{ segments: number; files: string[] }> {
  const sealed = parseJournal(new Uint8Array(await readFile(join(folder, exportPath.journal)))).lines.filter(isSealedLine)
  await mkdir(out, { recursive: true, mode: 0o700 })
  const files = new Set<string>()
  for (const line of sealed) {
    const bytes = await openOne(folder, line, identities)
    const name = fileOf(line)
    // The first bytes of a file must find none there: what is secret is never mixed with what lay around.
    await appendFile(join(out, name), bytes, { mode: 0o600, flag: files.has(name) ? 'a' : 'ax' })
    files.add(name)
  }
  return { segments: sealed.length, files: [...files] }
}

async function openOne(folder: string, line: SealedLine, identities: readonly string[]): Promise<Uint8Array> {
  const path = exportPath.sealed(line)
  const found = await readFile(join(folder, path)).catch((cause: unknown) => {
    throw new ClosedPartUnreadableError(path, 'altered', cause)
  })
  const bytes = new Uint8Array(found)
  if (toHex(sha256Now(bytes)) !== line.sha256) throw new ClosedPartUnreadableError(path, 'altered')
  return await openSealed(bytes, identities).catch((cause: unknown) => {
    throw cause instanceof SealError ? new ClosedPartUnreadableError(path, 'key', cause) : cause
  })
}

function fileOf({ part, track, index }: SealedLine): string {
  const { extension } = segmentFormat(track)
  const piece = extension === 'ts' ? '' : `-${String(index).padStart(6, '0')}`
  return `part-${String(part).padStart(3, '0')}-${track}${piece}.${extension}`
}
