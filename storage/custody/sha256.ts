import { sha256 as digestNow } from '@noble/hashes/sha2.js'

/** Bytes as WebCrypto wants them: never over shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>

/** SHA-256 by the platform: best for whole objects in memory. */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', ownBytes(bytes)))
}

/** SHA-256 at once, in JavaScript: for the small inputs of trees, where a promise costs more than the hash. */
export function sha256Now(...parts: Uint8Array[]): Bytes {
  if (parts.length === 1 && parts[0] !== undefined) return ownBytes(digestNow(parts[0]))
  const hash = digestNow.create()
  for (const part of parts) hash.update(part)
  return ownBytes(hash.digest())
}

/** SHA-256 fed piece by piece, which WebCrypto has not. */
export interface Sha256Stream {
  update(piece: Uint8Array): unknown
  digest(): Uint8Array
}

export function startSha256(): Sha256Stream {
  return digestNow.create()
}

/** The same bytes, copied only when they lie over shared memory. */
export function ownBytes(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes)
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** @throws EncodingError not an even number of hexadecimal digits */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new EncodingError('expected hexadecimal digits in pairs')
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16))
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

/** Reads only the one spelling that `toBase64` writes. @throws EncodingError any other */
export function fromBase64(text: string): Bytes {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
    if (toBase64(bytes) === text) return bytes
  } catch (cause) {
    throw new EncodingError('expected standard base64', { cause })
  }
  throw new EncodingError('expected standard base64 with padding, without blanks')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

export function concatBytes(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export class EncodingError extends Error {
  override readonly name = 'EncodingError'
}
