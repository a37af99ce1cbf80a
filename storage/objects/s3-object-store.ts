import { createHash } from 'node:crypto'
import {
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { S3Config } from '../config.ts'
import { hashFile } from '../programs/durable-file.ts'
import type { LockAttempts } from './lock-probe.ts'
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
  type UploadTicket,
} from './object-store.ts'
import { firstVersion, listEveryVersion, listVersions, openBucket } from './s3-bucket.ts'
import { onS3, openS3Client, refusalOf, translateS3 } from './s3-client.ts'
import { s3LockAttempts } from './s3-lock-attempts.ts'
import { defaultPartBytes, putBytes, putPath, type S3Target } from './s3-upload.ts'

const ticketLifeSeconds = 15 * 60

/** Objects in a versioned bucket of any S3. What counts is the first version of a key; a later one with other bytes is an alarm. */
export class S3ObjectStore implements ObjectStore {
  readonly kind = 's3'
  readonly #client: S3Client
  readonly #signer: S3Client
  readonly #bucket: string
  readonly #partBytes: number

  private constructor(config: S3Config, partBytes: number) {
    this.#client = openS3Client(config, config.endpoint)
    this.#signer = openS3Client(config, config.publicEndpoint ?? config.endpoint)
    this.#bucket = config.bucket
    this.#partBytes = partBytes
  }

  /** @throws StoreUnavailableError */
  static async open(config: S3Config, options: { partBytes?: number } = {}): Promise<S3ObjectStore> {
    const store = new S3ObjectStore(config, options.partBytes ?? defaultPartBytes)
    try {
      await openBucket(store.#client, config.bucket)
      return store
    } catch (error) {
      await store[Symbol.asyncDispose]()
      throw error
    }
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions): Promise<StoredObject> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return await this.#keep(key, { sha256, sizeBytes: bytes.length }, options, (to) => putBytes(to, bytes))
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return await this.#keep(key, await hashFile(path), options, (to) => putPath(to, path, this.#partBytes))
  }

  async read(key: string, version?: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of await this.stream(key, version === undefined ? {} : { version })) chunks.push(chunk)
    return new Uint8Array(Buffer.concat(chunks))
  }

  async stream(key: string, options: { version?: string; range?: { from: number; to: number } } = {}): Promise<ReadableStream<Uint8Array>> {
    const at = await this.#at(key, options.version)
    const { range } = options
    const Range = range === undefined ? {} : { Range: `bytes=${range.from}-${range.to}` }
    const { Body } = await onS3(key, () => this.#client.send(new GetObjectCommand({ ...at, ...Range })))
    if (Body === undefined) throw new ObjectNotFoundError(`${key}: the store answered without bytes`)
    return Body.transformToWebStream() as ReadableStream<Uint8Array>
  }

  async head(key: string, version?: string): Promise<StoredObject | undefined> {
    try {
      const at = await this.#at(key, version)
      const { ContentLength = 0 } = await onS3(key, () => this.#client.send(new HeadObjectCommand(at)))
      return { key, version: at.VersionId, sizeBytes: ContentLength }
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return undefined
      throw error
    }
  }

  async hash(key: string, version?: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of await this.stream(key, version === undefined ? {} : { version })) hash.update(chunk)
    return hash.digest('hex')
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    expectPrefix(prefix)
    yield* listVersions(this.#client, this.#bucket, prefix)
  }

  async *listEveryVersion(prefix: string): AsyncIterable<StoredObject> {
    expectPrefix(prefix)
    yield* listEveryVersion(this.#client, this.#bucket, prefix)
  }

  async ticket(key: string, wanted: { sizeBytes: number; md5Base64: string; sha256: string; contentType: string }): Promise<UploadTicket> {
    expectKey(key)
    const headers = { 'content-length': String(wanted.sizeBytes), 'content-md5': wanted.md5Base64, 'content-type': wanted.contentType }
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ContentLength: wanted.sizeBytes,
      ContentMD5: wanted.md5Base64,
      ContentType: wanted.contentType,
    })
    const expiresAtMs = Date.now() + ticketLifeSeconds * 1000
    const names = new Set(Object.keys(headers))
    // Signed as headers, not moved into the address: the store then refuses any other length, hash or type.
    const url = await getSignedUrl(this.#signer, command, {
      expiresIn: ticketLifeSeconds,
      signableHeaders: new Set(['host', ...names]),
      unhoistableHeaders: names,
    })
    return { method: 'PUT', url, headers, expiresAtMs }
  }

  async lock(key: string, version: string, retention: { mode: RetentionMode; untilMs: number }): Promise<void> {
    const at = await this.#at(key, version)
    // Stores keep whole seconds: rounded up, so that the lock never ends before what was promised.
    const until = new Date(Math.ceil(retention.untilMs / 1000) * 1000)
    const Mode = retention.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE'
    const command = new PutObjectRetentionCommand({ ...at, Retention: { Mode, RetainUntilDate: until } })
    await this.#client.send(command).catch((cause: unknown) => {
      const refusal = refusalOf(cause)
      if (refusal === undefined) throw translateS3(cause, `lock of ${key}`)
      throw new LockRefusedError(`the store refused the lock of ${key} version ${version} until ${until.toISOString()}: ${refusal}`, {
        cause,
      })
    })
    const held = await onS3(key, () => this.#client.send(new HeadObjectCommand(at)))
    if (held.ObjectLockMode === Mode && held.ObjectLockRetainUntilDate !== undefined && held.ObjectLockRetainUntilDate >= until) return
    throw new LockRefusedError(
      `the store said yes to the lock of ${key} version ${version}, ${Mode} until ${until.toISOString()}, but holds ` +
        `${held.ObjectLockMode ?? 'none'} until ${held.ObjectLockRetainUntilDate?.toISOString() ?? 'never'}`,
    )
  }

  async retention(key: string, version: string): Promise<{ mode: RetentionMode; untilMs: number } | undefined> {
    const at = await this.#at(key, version)
    await onS3(key, () => this.#client.send(new HeadObjectCommand(at)))
    const held = await onS3(key, () => this.#client.send(new GetObjectRetentionCommand(at))).catch((error: unknown) => {
      // The object is there (HEAD above): 404 now means that it has no lock.
      if (error instanceof ObjectNotFoundError) return undefined
      throw error
    })
    const { Mode, RetainUntilDate } = held?.Retention ?? {}
    if (Mode === undefined || RetainUntilDate === undefined) return undefined
    return { mode: Mode === 'COMPLIANCE' ? 'compliance' : 'governance', untilMs: RetainUntilDate.getTime() }
  }

  /** What the lock probe tries against this bucket, with the credential the product itself has. */
  lockAttempts(): LockAttempts {
    return s3LockAttempts(this.#client, this.#bucket)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy()
    this.#signer.destroy()
  }

  /** Neither the checksum header nor If-None-Match is kept to by every store (study-custody.md §5.2): look before, read back after. */
  async #keep(
    key: string,
    bytes: { sha256: string; sizeBytes: number },
    options: PutOptions,
    upload: (to: S3Target) => Promise<string | undefined>,
  ): Promise<StoredObject> {
    expectKey(key)
    if (bytes.sha256 !== options.sha256) {
      throw new ObjectDamagedError(`the bytes for ${key} have SHA-256 ${bytes.sha256}, expected ${options.sha256}`)
    }
    const kept = await firstVersion(this.#client, this.#bucket, key)
    if (kept === undefined) {
      await onS3(`upload of ${key}`, () => upload({ client: this.#client, bucket: this.#bucket, key, contentType: options.contentType }))
    }
    const version = (await firstVersion(this.#client, this.#bucket, key))?.version
    if (version === undefined) throw new ObjectNotFoundError(`${key} is not in the store after its upload`)
    const sha256 = await this.hash(key, version)
    if (sha256 === bytes.sha256) return { key, version, sizeBytes: bytes.sizeBytes }
    if (kept === undefined)
      throw new ObjectDamagedError(`${key} version ${version} came back with SHA-256 ${sha256}, expected ${bytes.sha256}`)
    throw new ObjectConflictError(`${key} holds SHA-256 ${sha256}; ${bytes.sha256} does not take its place`)
  }

  async #at(key: string, version: string | undefined): Promise<{ Bucket: string; Key: string; VersionId: string }> {
    expectKey(key)
    const VersionId = version ?? (await firstVersion(this.#client, this.#bucket, key))?.version
    if (VersionId === undefined) throw new ObjectNotFoundError(`${key} is not in the store`)
    return { Bucket: this.#bucket, Key: key, VersionId }
  }
}
