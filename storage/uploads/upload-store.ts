import { mkdir, open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type CouncilId, newId } from '../model/ids.ts'
import { syncFolder, writeDurably } from '../programs/durable-file.ts'

/** There is no such upload: it was never begun, was cancelled, was taken, or waited too long. */
export class UploadUnknownError extends Error {
  override readonly name = 'UploadUnknownError'
}

/** Bytes came for another place than the one where the upload stands, or somebody else sends some now. */
export class UploadPlaceError extends Error {
  override readonly name = 'UploadPlaceError'
}

/** The disk has no room for a file of that size and what is made from it. */
export class UploadTooLargeError extends Error {
  override readonly name = 'UploadTooLargeError'
  readonly freeBytes: number
  constructor(freeBytes: number) {
    super(`${freeBytes} bytes are free for what an upload needs`)
    this.freeBytes = freeBytes
  }
}

const uploadInfo = z.object({ sizeBytes: z.int().positive(), by: z.string(), fields: z.record(z.string(), z.string()), atMs: z.int() })

export interface Upload extends z.infer<typeof uploadInfo> {
  id: string
  council: CouncilId
  /** So much of it is on the disk. */
  offset: number
}

/**
 * While a file is imported its bytes lie here, as the original, in the spool and as segments; when the recording is closed the copy at work
 * and the preserved one take the place of the first and the third.
 */
const copiesOfFile = 5
const leaveFreeBytes = 500 * 1024 * 1024
/** An upload that nobody went on with for so long is removed. */
const keptForMs = 7 * 24 * 3_600_000

/**
 * Files on their way here, `FOLDER/<council>/<id>.part` with what was said of each in `<id>.json`. How far one is stands nowhere but in
 * its length: what is acknowledged is on the disk, what a power cut takes was not.
 */
export class UploadStore {
  readonly #folder: string
  readonly #busy = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws UploadTooLargeError */
  async create(council: CouncilId, of: { sizeBytes: number; by: string; fields: Record<string, string> }): Promise<Upload> {
    await mkdir(join(this.#folder, council), { recursive: true, mode: 0o700 })
    await this.#expectRoom(of.sizeBytes)
    const id = newId()
    const info = uploadInfo.parse({ ...of, atMs: Date.now() })
    const file = await open(this.#path(council, id), 'wx', 0o600)
    await file.close()
    await writeDurably(this.#infoPath(council, id), JSON.stringify(info), { mode: 0o600 })
    return { ...info, id, council, offset: 0 }
  }

  /** @throws UploadUnknownError */
  async find(council: CouncilId, id: string): Promise<Upload> {
    const known = z.uuid().safeParse(id).success
    const text = known ? await readFile(this.#infoPath(council, id), 'utf8').catch(() => undefined) : undefined
    const size = text === undefined ? undefined : await stat(this.#path(council, id)).catch(() => undefined)
    if (text === undefined || size === undefined) throw new UploadUnknownError(`no upload ${id}`)
    return { ...uploadInfo.parse(JSON.parse(text)), id, council, offset: size.size }
  }

  /** Where the bytes of an upload lie. */
  path({ council, id }: Pick<Upload, 'council' | 'id'>): string {
    return this.#path(council, id)
  }

  /**
   * Adds what comes, as far as it comes: a line that breaks leaves what it brought. @returns how far the upload is then, all of it on the disk
   * @throws UploadUnknownError, UploadPlaceError
   */
  async append(upload: Upload, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    if (this.#busy.has(upload.id)) throw new UploadPlaceError(`upload ${upload.id} is being sent by somebody already`)
    this.#busy.add(upload.id)
    try {
      const now = await this.find(upload.council, upload.id)
      if (now.offset !== offset) throw new UploadPlaceError(`upload ${upload.id} stands at ${now.offset}, bytes came for ${offset}`)
      return await this.#write(now, bytes)
    } finally {
      this.#busy.delete(upload.id)
    }
  }

  async #write(upload: Upload, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const file = await open(this.path(upload), 'a')
    let { offset } = upload
    try {
      for await (const piece of bytes) {
        if (offset + piece.byteLength > upload.sizeBytes)
          throw new UploadPlaceError(`upload ${upload.id} has ${upload.sizeBytes} bytes, more came`)
        await file.appendFile(piece)
        offset += piece.byteLength
      }
      return offset
    } finally {
      await file.datasync()
      await file.close()
    }
  }

  /** Forgets an upload: its bytes first, so that what is left of it is never taken for a whole one. Twice is once. */
  async remove({ council, id }: Pick<Upload, 'council' | 'id'>): Promise<void> {
    await rm(this.#path(council, id), { force: true })
    await rm(this.#infoPath(council, id), { force: true })
    await syncFolder(join(this.#folder, council)).catch(() => undefined)
  }

  /** Uploads of a council that are not whole, the latest first; those that waited too long are removed. */
  async listUnfinished(council: CouncilId, nowMs = Date.now()): Promise<Upload[]> {
    const names = await readdir(join(this.#folder, council)).catch(() => [])
    const found: Upload[] = []
    for (const id of names.flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? [])) {
      const upload = await this.find(council, id).catch(() => undefined)
      if (upload === undefined || upload.offset >= upload.sizeBytes) continue
      const { mtimeMs } = await stat(this.path(upload))
      if (nowMs - mtimeMs > keptForMs) await this.remove(upload)
      else found.push(upload)
    }
    return found.sort((a, b) => b.atMs - a.atMs)
  }

  async #expectRoom(sizeBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder)
    const promised = await this.#promisedBytes()
    const freeBytes = Math.max(0, Math.floor((bavail * bsize - leaveFreeBytes - promised) / copiesOfFile))
    if (sizeBytes > freeBytes) throw new UploadTooLargeError(freeBytes)
  }

  /** What other uploads that were let in still need. */
  async #promisedBytes(): Promise<number> {
    let sum = 0
    for (const council of await readdir(this.#folder)) {
      for (const one of await this.listUnfinished(council as CouncilId)) sum += one.sizeBytes * copiesOfFile - one.offset
    }
    return sum
  }

  #path(council: CouncilId, id: string): string {
    return join(this.#folder, council, `${id}.part`)
  }

  #infoPath(council: CouncilId, id: string): string {
    return join(this.#folder, council, `${id}.json`)
  }
}
