/** A stored object. `version` is the store's own id of these bytes; a second version of a key is an alarm. */
export interface StoredObject {
  key: string
  version: string
  sizeBytes: number
}

/** Where a client that holds no credential of the store may put one named object, once, until `expiresAtMs`. */
export interface UploadTicket {
  method: 'PUT'
  url: string
  headers: Record<string, string>
  expiresAtMs: number
}

export interface PutOptions {
  /** SHA-256 of the bytes, hexadecimal; the store reads back and compares, whatever it says of checksums. */
  sha256: string
  contentType: string
}

export type RetentionMode = 'governance' | 'compliance'

/**
 * Keeps bytes under write-once keys (object-keys.ts). One contract suite runs on every adapter: test/storage/objects.
 * A key is `councils/<council id>/live|custody/…`; no key lies outside a council.
 */
export interface ObjectStore extends AsyncDisposable {
  readonly kind: 'disk' | 's3'
  /**
   * Stores bytes durably and reads them back. The same bytes again are the same object.
   * @throws ObjectConflictError other bytes lie under the key
   * @throws ObjectDamagedError the bytes do not have the hash that is given
   */
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<StoredObject>
  /** As put, from a file, streamed. */
  putFile(key: string, path: string, options: PutOptions): Promise<StoredObject>
  /** @throws ObjectNotFoundError */
  read(key: string, version?: string): Promise<Uint8Array>
  /** Bytes as a stream, `range` inclusive at both ends. @throws ObjectNotFoundError, RangeError it begins past the end */
  stream(key: string, options?: { version?: string; range?: { from: number; to: number } }): Promise<ReadableStream<Uint8Array>>
  head(key: string, version?: string): Promise<StoredObject | undefined>
  /** Reads the stored bytes again and hashes them: SHA-256, hexadecimal. @throws ObjectNotFoundError */
  hash(key: string, version?: string): Promise<string>
  /** The version of each key that counts, the first. @throws ObjectConflictError a later one has other bytes */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Every version of each key, those of a key one after another, the first that was put first: for who looks for what is wrong. */
  listEveryVersion(prefix: string): AsyncIterable<StoredObject>
  /** Signs key, length and MD5, for at most 15 minutes (design.md §2 "upload"). */
  ticket(key: string, wanted: { sizeBytes: number; md5Base64: string; sha256: string; contentType: string }): Promise<UploadTicket>
  /** Sets or extends the lock of one version, then reads it back. @throws LockRefusedError the store does not hold it */
  lock(key: string, version: string, retention: { mode: RetentionMode; untilMs: number }): Promise<void>
  retention(key: string, version: string): Promise<{ mode: RetentionMode; untilMs: number } | undefined>
}

export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError'
}

export class ObjectConflictError extends Error {
  override readonly name = 'ObjectConflictError'
}

/** Bytes are not what their SHA-256 says: before they were stored, on the way, or as they were read back. */
export class ObjectDamagedError extends Error {
  override readonly name = 'ObjectDamagedError'
}

/** A key that object-keys.ts does not write: outside a council, or a way out of the store. */
export class ObjectKeyError extends Error {
  override readonly name = 'ObjectKeyError'
}

export class LockRefusedError extends Error {
  override readonly name = 'LockRefusedError'
}

/** The store cannot be reached or does not let us in; the caller keeps what it has and tries again. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
