import { createHash, randomBytes } from 'node:crypto'
import { constants, copyFile, link, mkdir, open, opendir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { hashFile, syncFile, syncFolder } from '../programs/durable-file.ts'
import { type GrantedUpload, signDiskTicket, TicketRefusedError, verifyDiskTicket } from './disk-tickets.ts'
import { expectKey, expectPrefix } from './object-key.ts'
import {
  LockRefusedError,
  ObjectConflictError,
  ObjectDamagedError,
  ObjectNotFoundError,
  type ObjectStore,
  type PutOptions,
  type RetentionMode,
  type StoredObject,
  StoreUnavailableError,
  type UploadTicket,
} from './object-store.ts'

/** A key is written once, so a file has one version for ever. */
const onlyVersion = '1'
const ticketLifeMs = 15 * 60_000

/** Objects as files of a folder, each under its key. It holds no lock: who owns the disk can remove what is on it. */
export class DiskObjectStore implements ObjectStore {
  readonly kind = 'disk'
  readonly #root: string
  readonly #tickets: { publicUrl: string; secret: string }

  constructor(root: string, tickets: { publicUrl: string; secret: string }) {
    this.#root = root
    this.#tickets = tickets
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions): Promise<StoredObject> {
    return await this.#keep(key, options, async (draft) => {
      const file = await open(draft, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    })
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return await this.#keep(key, options, async (draft) => {
      await copyFile(path, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
      await syncFile(draft)
    })
  }

  async read(key: string, version?: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of await this.stream(key, version === undefined ? {} : { version })) chunks.push(chunk)
    return new Uint8Array(Buffer.concat(chunks))
  }

  async stream(key: string, options: { version?: string; range?: { from: number; to: number } } = {}): Promise<ReadableStream<Uint8Array>> {
    const path = this.#pathOf(key, options.version)
    const file = await open(path, 'r').catch((error: unknown) => Promise.reject(translate(error, key)))
    const { range } = options
    if (range !== undefined && range.from >= (await file.stat()).size) {
      await file.close()
      throw new RangeError(`bytes from ${range.from} of ${key} were asked for; it ends before them`)
    }
    const bytes = file.createReadStream({ highWaterMark: 1 << 18, ...(range === undefined ? {} : { start: range.from, end: range.to }) })
    return Readable.toWeb(bytes) as ReadableStream<Uint8Array>
  }

  async head(key: string, version?: string): Promise<StoredObject | undefined> {
    expectKey(key)
    if (version !== undefined && version !== onlyVersion) return undefined
    const found = await stat(join(this.#root, key)).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw translate(error, key)
    })
    return found?.isFile() ? { key, version: onlyVersion, sizeBytes: found.size } : undefined
  }

  async hash(key: string, version?: string): Promise<string> {
    const path = this.#pathOf(key, version)
    return (await hashFile(path).catch((error: unknown) => Promise.reject(translate(error, key)))).sha256
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    expectPrefix(prefix)
    yield* listFolder(this.#root, prefix.slice(0, prefix.lastIndexOf('/')), prefix)
  }

  /** A key on disk is written once. */
  listEveryVersion(prefix: string): AsyncIterable<StoredObject> {
    return this.list(prefix)
  }

  async ticket(key: string, wanted: { sizeBytes: number; md5Base64: string; sha256: string; contentType: string }): Promise<UploadTicket> {
    expectKey(key)
    return signDiskTicket({ key, ...wanted, expiresAtMs: Date.now() + ticketLifeMs }, this.#tickets)
  }

  /** Reads the ticket in the address of an upload, before its body is read. @throws TicketRefusedError */
  openTicket(url: string): GrantedUpload {
    return verifyDiskTicket(url, this.#tickets.secret)
  }

  /**
   * Takes an upload that carries a ticket.
   * @param url address of the request, absolute or from the path on
   * @throws TicketRefusedError the ticket, or what came with it, is not what was granted
   */
  async receive(url: string, bytes: Uint8Array): Promise<StoredObject> {
    const granted = this.openTicket(url)
    const md5 = createHash('md5').update(bytes).digest('base64')
    if (bytes.length !== granted.sizeBytes || md5 !== granted.md5Base64) {
      throw new TicketRefusedError(`${bytes.length} bytes came for ${granted.key}, not the ${granted.sizeBytes} the ticket is for`)
    }
    return await this.put(granted.key, bytes, granted)
  }

  async lock(key: string, version: string, _retention: { mode: RetentionMode; untilMs: number }): Promise<void> {
    await this.#expectThere(key, version)
    throw new LockRefusedError(
      `${key} lies on a disk, which holds no lock: its owner can remove it at any time. Custody needs S3 with Object Lock`,
    )
  }

  async retention(key: string, version: string): Promise<undefined> {
    await this.#expectThere(key, version)
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #keep(key: string, options: PutOptions, writeDraft: (path: string) => Promise<void>): Promise<StoredObject> {
    expectKey(key)
    const path = join(this.#root, key)
    const draft = join(dirname(path), `.${randomBytes(9).toString('hex')}.tmp`)
    try {
      await mkdirDurably(dirname(path))
      await writeDraft(draft)
      const { sha256, sizeBytes } = await hashFile(draft)
      if (sha256 !== options.sha256) throw new ObjectDamagedError(`the bytes for ${key} have SHA-256 ${sha256}, expected ${options.sha256}`)
      // A link, unlike a rename, never takes the place of what is there.
      await link(draft, path).catch(async (error: unknown) => {
        if (!hasCode(error, 'EEXIST')) throw error
        const kept = await hashFile(path)
        if (kept.sha256 !== sha256) throw new ObjectConflictError(`${key} holds SHA-256 ${kept.sha256}; ${sha256} does not take its place`)
      })
      await rm(draft)
      await syncFolder(dirname(path))
      return { key, version: onlyVersion, sizeBytes }
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw translate(error, key)
    }
  }

  #pathOf(key: string, version: string | undefined): string {
    expectKey(key)
    if (version !== undefined && version !== onlyVersion) throw new ObjectNotFoundError(`${key} has no version ${version}`)
    return join(this.#root, key)
  }

  async #expectThere(key: string, version: string): Promise<void> {
    if ((await this.head(key, version)) === undefined) throw new ObjectNotFoundError(`${key} is not in the store`)
  }
}

/** Makes a folder and those above it, each name on the disk before it is used. */
async function mkdirDurably(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function* listFolder(root: string, folder: string, prefix: string): AsyncIterable<StoredObject> {
  const entries = await readSorted(join(root, folder))
  for (const entry of entries) {
    const key = `${folder}/${entry.name}`
    // Only what can still hold keys of the prefix is entered; drafts begin with a dot.
    if (entry.name.startsWith('.') || !(key.startsWith(prefix) || prefix.startsWith(`${key}/`))) continue
    if (entry.isDirectory()) yield* listFolder(root, key, prefix)
    else yield { key, version: onlyVersion, sizeBytes: (await stat(join(root, key))).size }
  }
}

async function readSorted(path: string) {
  try {
    const entries = []
    for await (const entry of await opendir(path)) entries.push(entry)
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (isMissing(error)) return []
    throw translate(error, path)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')
}

/** What the disk says, as the port promises it. */
function translate(error: unknown, key: string): unknown {
  if (isMissing(error) || hasCode(error, 'EISDIR')) return new ObjectNotFoundError(`${key} is not in the store`, { cause: error })
  const codes = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE']
  if (!codes.some((code) => hasCode(error, code))) return error
  return new StoreUnavailableError(`the disk of the store cannot keep or read ${key}: ${error instanceof Error ? error.message : ''}`, {
    cause: error,
  })
}
