/** A file of an export; `special` is what a folder may hold besides files: links, sockets, devices. It is never opened. */
export interface ExportFile {
  path: string
  sizeBytes: number
  special?: true
}

/** How the verifier reads an export: a folder in Node, files the citizen chose in a browser, a map in memory. Paths use `/`. */
export interface ExportReader {
  /** Every file, at any depth. */
  list(): Promise<ExportFile[]>
  /** @throws when the file is larger than `mostBytes` or cannot be read */
  read(path: string, mostBytes: number): Promise<Uint8Array>
  stream(path: string): ReadableStream<Uint8Array>
  /** SHA-256 in hexadecimal of a whole file, where the platform has a faster way than a stream through JavaScript. */
  hash?(path: string): Promise<{ sha256: string; sizeBytes: number }>
}

/** An export in memory. */
export function memoryReader(files: ReadonlyMap<string, Uint8Array>): ExportReader {
  const bytesOf = (path: string) => {
    const bytes = files.get(path)
    if (bytes === undefined) throw new NotReadableError(`${path}: no such file`)
    return bytes
  }
  return {
    list: async () => Array.from(files, ([path, bytes]) => ({ path, sizeBytes: bytes.length })),
    read: async (path, mostBytes) => {
      const bytes = bytesOf(path)
      if (bytes.length > mostBytes) throw new NotReadableError(`${path}: ${bytes.length} bytes, at most ${mostBytes} are read`)
      return bytes
    },
    stream: (path) => {
      const bytes = bytesOf(path)
      return new ReadableStream({
        start(controller) {
          controller.enqueue(bytes)
          controller.close()
        },
      })
    },
  }
}

/** A file that is listed cannot be read, or is larger than anything of its kind. */
export class NotReadableError extends Error {
  override readonly name = 'NotReadableError'
}

/** What was given is no export, acta or clip: exit 2. */
export class NotAnExportError extends Error {
  override readonly name = 'NotAnExportError'
}
