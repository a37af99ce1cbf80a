import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ListedFile } from '../../storage/custody/manifests.ts'
import type { ObjectStore } from '../../storage/objects/object-store.ts'
import { syncFolder } from '../../storage/programs/durable-file.ts'
import type { PlannedFile } from './export-plan.ts'

/**
 * Makes a folder that after a power cut is whole or not there: it grows under another name beside its place, and is renamed at the end.
 * @param fill writes into the growing folder
 * @throws ExportExistsError something lies at `out` already
 */
export async function makeFolderDurably<T>(out: string, fill: (folder: string) => Promise<T>): Promise<T> {
  if (await isThere(out)) throw new ExportExistsError(`${out} exists already; an export is never written over`)
  const growing = join(dirname(out), `.${basename(out)}.${randomBytes(6).toString('hex')}.tmp`)
  await mkdir(growing, { recursive: true })
  try {
    const made = await fill(growing)
    await syncFolder(growing)
    await rename(growing, out)
    await syncFolder(dirname(out))
    return made
  } catch (error) {
    await rm(growing, { recursive: true, force: true })
    throw error
  }
}

/**
 * Copies a file of an export, hashing what is written.
 * @throws ExportObjectError the store's bytes are not those the records name
 */
export async function writeExportFile(folder: string, file: PlannedFile, objects: ObjectStore): Promise<ListedFile> {
  const path = join(folder, ...file.path.split('/'))
  await mkdir(dirname(path), { recursive: true })
  const hash = createHash('sha256')
  let bytes = 0
  const target = await open(path, 'wx')
  try {
    const pieces = 'bytes' in file ? [file.bytes] : await objects.stream(file.object.key, { version: file.object.version })
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.length
      await target.writeFile(piece)
    }
    await target.sync()
  } finally {
    await target.close()
  }
  const sha256 = hash.digest('hex')
  if ('object' in file && sha256 !== file.object.sha256) {
    throw new ExportObjectError(`${file.path}: the store gives SHA-256 ${sha256}, the records say ${file.object.sha256}`)
  }
  return { path: file.path, sha256, bytes }
}

/** Makes the names in every folder of an export survive a power cut. */
export async function syncFolders(folder: string, files: readonly ListedFile[]): Promise<void> {
  const folders = new Set(files.flatMap(({ path }) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))))
  for (const one of folders) await syncFolder(join(folder, one))
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

export class ExportExistsError extends Error {
  override readonly name = 'ExportExistsError'
}

/** A stored object is not what its record says: an export over it would prove the wrong thing. */
export class ExportObjectError extends Error {
  override readonly name = 'ExportObjectError'
}
