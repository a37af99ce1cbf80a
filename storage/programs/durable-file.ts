import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Puts bytes under a name so that after a power cut the name holds the old bytes or all of the new ones:
 * temporary file in the same folder, fsync, rename, fsync of the folder.
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, options: { mode?: number } = {}): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Removes a file so that it does not come back after a power cut; one that is gone already is no error. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

/** Appends to an open file (flag `a`) and returns when the bytes are on the disk. */
export async function appendDurably(file: FileHandle, bytes: Uint8Array | string): Promise<void> {
  await file.appendFile(bytes)
  await file.datasync()
}

/** Makes the names of a folder (made, renamed, removed) survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes the bytes that another program wrote survive a power cut; with `metadata: false` only what is needed to read them. */
export async function syncFile(path: string, options: { metadata?: boolean } = {}): Promise<void> {
  const file = await open(path, 'r')
  try {
    await (options.metadata === false ? file.datasync() : file.sync())
  } finally {
    await file.close()
  }
}

/** SHA-256 of a file, hexadecimal, and its size; read as a stream, so of any size. */
export async function hashFile(path: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (source) => {
    for await (const piece of source as AsyncIterable<Uint8Array>) {
      sizeBytes += piece.byteLength
      hash.update(piece)
    }
  })
  return { sha256: hash.digest('hex'), sizeBytes }
}
