import { type ExportFile, type ExportReader, NotReadableError } from './export-reader.ts'

/** Pieces large enough that hashing them, not fetching them, takes the time. */
const pieceBytes = 1 << 20
const mostFiles = 250_000

// node: modules are loaded where they are used: this file is part of verify.mjs, which a browser loads as well and never calls here.

/**
 * An export in a folder, in Node. Links, sockets and devices are named in the list and never opened, so that a hostile folder can neither
 * lead out of itself nor make the verifier wait.
 */
export function folderReader(folder: string): ExportReader {
  // One buffer for all files: a new one for each piece of a long recording would cost more to collect than to hash.
  const piece = new Uint8Array(pieceBytes)
  return {
    list: () => listFolder(folder),
    async read(path, mostBytes) {
      const { open } = await import('node:fs/promises')
      await using file = await open(await placeOf(folder, path), 'r')
      const { size } = await file.stat()
      if (size > mostBytes) throw new NotReadableError(`${path}: ${size} bytes, at most ${mostBytes} are read`)
      const bytes = new Uint8Array(size)
      let at = 0
      while (at < size) {
        const { bytesRead } = await file.read(bytes, at, size - at)
        if (bytesRead === 0) throw new NotReadableError(`${path}: became shorter while it was read`)
        at += bytesRead
      }
      return bytes
    },
    stream: (path) => streamFile(folder, path),
    hash: (path) => hashFile(folder, path, piece),
  }
}

/** One file at a time: the buffer is shared. */
async function hashFile(folder: string, path: string, piece: Uint8Array): Promise<{ sha256: string; sizeBytes: number }> {
  const { open } = await import('node:fs/promises')
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  let sizeBytes = 0
  await using file = await open(await placeOf(folder, path), 'r')
  for (let read = await file.read(piece, 0, piece.length); read.bytesRead > 0; read = await file.read(piece, 0, piece.length)) {
    hash.update(piece.subarray(0, read.bytesRead))
    sizeBytes += read.bytesRead
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

async function listFolder(folder: string): Promise<ExportFile[]> {
  const { lstat, opendir } = await import('node:fs/promises')
  const { join, relative, sep } = await import('node:path')
  const files: ExportFile[] = []
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (entry.isDirectory()) continue
    const place = join(entry.parentPath, entry.name)
    const path = relative(folder, place).split(sep).join('/')
    if (!entry.isFile()) files.push({ path, sizeBytes: 0, special: true })
    else files.push({ path, sizeBytes: (await lstat(place)).size })
    if (files.length > mostFiles) throw new NotReadableError(`${folder} holds more than ${mostFiles} files`)
  }
  return files
}

async function placeOf(folder: string, path: string): Promise<string> {
  const { join, sep } = await import('node:path')
  return join(folder, path.split('/').join(sep))
}

function streamFile(folder: string, path: string): ReadableStream<Uint8Array> {
  let opened: import('node:fs/promises').FileHandle | undefined
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { open } = await import('node:fs/promises')
        opened ??= await open(await placeOf(folder, path), 'r')
        const piece = new Uint8Array(pieceBytes)
        const { bytesRead } = await opened.read(piece, 0, pieceBytes)
        if (bytesRead > 0) return controller.enqueue(piece.subarray(0, bytesRead))
        await opened.close()
        controller.close()
      },
      cancel: async () => opened?.close(),
    },
    { highWaterMark: 1 },
  )
}
