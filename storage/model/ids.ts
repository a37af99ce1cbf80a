import { z } from 'zod'

/** UUIDv7 (RFC 9562 §5.7), lower case. */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'expected a UUIDv7')

export const councilId = uuid.brand<'CouncilId'>()
export type CouncilId = z.infer<typeof councilId>
export const sessionId = uuid.brand<'SessionId'>()
export type SessionId = z.infer<typeof sessionId>
export const memberId = uuid.brand<'MemberId'>()
export type MemberId = z.infer<typeof memberId>
export const itemId = uuid.brand<'ItemId'>()
export type ItemId = z.infer<typeof itemId>
export const voteId = uuid.brand<'VoteId'>()
export type VoteId = z.infer<typeof voteId>
export const recorderId = uuid.brand<'RecorderId'>()
export type RecorderId = z.infer<typeof recorderId>
export const eventId = uuid.brand<'EventId'>()
export type EventId = z.infer<typeof eventId>

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal')
export type Sha256Hex = z.infer<typeof sha256Hex>

/** Bytes as standard base64 with padding (RFC 4648 §4). */
export const base64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'expected base64')

/** Nanoseconds of a monotonic clock, as decimal digits: they do not fit a JSON number. */
export const nanoseconds = z.string().regex(/^\d{1,20}$/)

/** Random bytes fetched ahead: a call to the system for each id costs more than everything else about it. */
const pool = new Uint8Array(1024)
let used = pool.length

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * A new UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits, so that ids sort by time of making.
 * @param nowMs Unix milliseconds
 */
export function newId(nowMs: number = Date.now()): string {
  if (used + 10 > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(nowMs / 2 ** (8 * (5 - i))) & 0xff
  bytes.set(pool.subarray(used, used + 10), 6)
  used += 10
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  let hex = ''
  for (const byte of bytes) hex += hexadecimal[byte]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
