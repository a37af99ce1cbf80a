import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { hashFile, syncFile, syncFolder } from '../../storage/programs/durable-file.ts'
import { FolderLock } from '../../storage/programs/folder-lock.ts'
import { ModelRefusedError } from '../whisper-file.ts'
import { inspectModel, noHash } from './model-folder.ts'
import { isKnown, type KnownModel, type ModelEntry } from './model-lock.ts'

/** The bytes could not be had: no address, no network, no room. What came so far is kept and the next try goes on from there. */
export class ModelDownloadError extends Error {
  override readonly name = 'ModelDownloadError'
}

export interface InstallOptions {
  /** ESCANO_MODELS; made when missing. */
  folder: string
  /** A file to take the bytes from, instead of the address. */
  from?: string
  signal?: AbortSignal
  /** Bytes there so far, of how many. */
  onProgress?: (done: number, total: number) => void
  /** Tries after a broken transfer, each from where the last one ended; and the wait before the first of them. Default 5, 1 s, doubled. */
  retries?: number
  retryMs?: number
}

/**
 * Puts a model into the models folder: under its name lies either all of it, with the right hash, or nothing.
 * @returns its path, and whether it was there already
 * @throws ModelDownloadError, ModelRefusedError (other bytes; they are removed), FolderInUseError (another install is at work)
 */
export async function installModel(entry: ModelEntry, options: InstallOptions): Promise<{ path: string; already: boolean }> {
  if (!isKnown(entry)) throw new ModelDownloadError(noHash(entry))
  await mkdir(options.folder, { recursive: true })
  await using _lock = await FolderLock.take(options.folder, 'escano models install')
  const path = join(options.folder, entry.file)
  const there = await inspectModel(entry, options.folder)
  if (there.state === 'present' && there.path === path) return { path, already: true }
  const part = `${path}.part`
  if (options.from === undefined) await download(entry, part, options)
  else await copy(options.from, part, options)
  await admit(entry, part, options.from ?? entry.address ?? '')
  await rename(part, path)
  await syncFolder(dirname(path))
  return { path, already: false }
}

async function copy(from: string, part: string, options: InstallOptions): Promise<void> {
  await pipeline(createReadStream(from), createWriteStream(part), options.signal === undefined ? {} : { signal: options.signal })
}

/** Lets no byte under the model's name that was not hashed on this disk. */
async function admit(entry: KnownModel, part: string, origin: string): Promise<void> {
  await syncFile(part)
  const { sha256, sizeBytes } = await hashFile(part)
  if (sha256 === entry.sha256 && sizeBytes === entry.bytes) return
  await rm(part, { force: true })
  throw new ModelRefusedError(
    `${origin} is not the model ${entry.name}: expected ${entry.bytes} bytes with SHA-256 ${entry.sha256}, found ${sizeBytes} with ${sha256}; it was removed`,
  )
}

async function download(entry: KnownModel, part: string, options: InstallOptions): Promise<void> {
  if (entry.address === null) {
    throw new ModelDownloadError(
      `no address is known for the model ${entry.name}; give its file: escano models install ${entry.name} --from FILE`,
    )
  }
  await expectRoom(entry, part, options.folder)
  const retries = options.retries ?? 5
  for (let attempt = 0; ; attempt++) {
    try {
      await fetchRest(entry, entry.address, part, options)
      return
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (cause instanceof ModelDownloadError || cause instanceof ModelRefusedError) throw cause
      if (attempt >= retries) {
        const had = await sizeOf(part)
        throw new ModelDownloadError(
          `${entry.address} broke off ${attempt + 1} times; ${had} of ${entry.bytes} bytes are kept, run it again to go on`,
          { cause },
        )
      }
      await pause((options.retryMs ?? 1000) * 2 ** attempt, undefined, options.signal === undefined ? {} : { signal: options.signal })
    }
  }
}

async function expectRoom(entry: KnownModel, part: string, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const needed = entry.bytes - (await sizeOf(part))
  if (bavail * bsize < needed)
    throw new ModelDownloadError(`${folder} has ${bavail * bsize} bytes free, the model ${entry.name} needs ${needed} more`)
}

/** Asks for the bytes that are not there yet (RFC 9110 §14.2); a server that sends everything starts it over. */
async function fetchRest(entry: KnownModel, address: string, part: string, options: InstallOptions): Promise<void> {
  const had = await sizeOf(part)
  if (had === entry.bytes) return
  if (had > entry.bytes) {
    await rm(part)
    return fetchRest(entry, address, part, options)
  }
  const response = await fetch(address, {
    headers: { 'accept-encoding': 'identity', ...(had > 0 ? { range: `bytes=${had}-` } : {}) },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (response.status === 416) {
    await rm(part, { force: true })
    throw new Error(`${address} cannot go on from byte ${had}`)
  }
  const resumed = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${had}-`) === true
  if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429) {
    throw new ModelDownloadError(`${address} answers ${response.status}`)
  }
  if (response.body === null || !(resumed || response.status === 200)) throw new Error(`${address} answers ${response.status}`)
  const start = resumed ? had : 0
  await pipeline(
    Readable.from(response.body),
    counter(entry, start, address, options),
    createWriteStream(part, { flags: resumed ? 'a' : 'w' }),
  )
  if ((await sizeOf(part)) < entry.bytes) throw new Error(`${address} ended early`)
}

/** Tells how far it is, and refuses a body that is longer than the model, whatever the server says. */
function counter(entry: KnownModel, start: number, address: string, options: InstallOptions): Transform {
  let done = start
  return new Transform({
    transform(piece: Uint8Array, _encoding, next) {
      done += piece.byteLength
      if (done > entry.bytes) {
        next(new ModelRefusedError(`${address} sends more than the ${entry.bytes} bytes of the model ${entry.name}`))
        return
      }
      options.onProgress?.(done, entry.bytes)
      next(null, piece)
    },
  })
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  )
}
