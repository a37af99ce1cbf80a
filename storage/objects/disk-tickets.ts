import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../programs/durable-file.ts'
import type { UploadTicket } from './object-store.ts'

/** An upload does not carry a ticket of ours that is still valid. */
export class TicketRefusedError extends Error {
  override readonly name = 'TicketRefusedError'
}

/** What a ticket lets its holder put: these bytes, under this key, until then. */
export const grantedUpload = z.object({
  key: z.string().min(1),
  sizeBytes: z.coerce.number().int().nonnegative(),
  md5Base64: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string().min(1),
  expiresAtMs: z.coerce.number().int(),
})
export type GrantedUpload = z.infer<typeof grantedUpload>

const path = '/agent/objects/'

/** Secret of the tickets: kept in the data folder, made on first use. At least 32 characters. */
export async function openTicketSecret(data: string): Promise<string> {
  const file = join(data, 'ticket-secret')
  try {
    return z
      .string()
      .min(32)
      .parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secret = randomBytes(32).toString('base64url')
  await writeDurably(file, secret, { mode: 0o600 })
  return secret
}

/** Writes a ticket: an address of ours that carries what it allows, signed with HMAC-SHA-256 (RFC 2104). */
export function signDiskTicket(granted: GrantedUpload, to: { publicUrl: string; secret: string }): UploadTicket {
  const url = new URL(`${to.publicUrl}${path}${granted.key.split('/').map(encodeURIComponent).join('/')}`)
  url.searchParams.set('expires', String(granted.expiresAtMs))
  url.searchParams.set('length', String(granted.sizeBytes))
  url.searchParams.set('md5', granted.md5Base64)
  url.searchParams.set('sha256', granted.sha256)
  url.searchParams.set('type', granted.contentType)
  url.searchParams.set('sig', signatureOf(granted, to.secret).toString('base64url'))
  const headers = { 'content-length': String(granted.sizeBytes), 'content-md5': granted.md5Base64, 'content-type': granted.contentType }
  return { method: 'PUT', url: url.href, headers, expiresAtMs: granted.expiresAtMs }
}

/**
 * Reads the ticket in the address of an upload, absolute or from the path on.
 * @throws TicketRefusedError not ours, changed, or past its time
 */
export function verifyDiskTicket(url: string, secret: string, nowMs: number = Date.now()): GrantedUpload {
  const asked = URL.parse(url, 'http://localhost')
  const at = asked?.pathname.indexOf(path) ?? -1
  if (asked === null || at === -1) throw new TicketRefusedError('the address of this upload is not one that a ticket names')
  const field = (name: string) => asked.searchParams.get(name) ?? ''
  const granted = grantedUpload.safeParse({
    key: decodeKey(asked.pathname.slice(at + path.length)),
    sizeBytes: field('length') || undefined,
    md5Base64: field('md5'),
    sha256: field('sha256'),
    contentType: field('type'),
    expiresAtMs: field('expires') || undefined,
  })
  if (!granted.success) throw new TicketRefusedError('the ticket of this upload lacks something or is malformed', { cause: granted.error })
  const given = Buffer.from(field('sig'), 'base64url')
  const expected = signatureOf(granted.data, secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new TicketRefusedError(`the ticket for ${granted.data.key} was not signed here, or was changed`)
  }
  if (granted.data.expiresAtMs < nowMs) throw new TicketRefusedError(`the ticket for ${granted.data.key} is past its time; ask for another`)
  return granted.data
}

function decodeKey(encoded: string): string {
  try {
    return encoded.split('/').map(decodeURIComponent).join('/')
  } catch {
    // A broken escape is no key: the empty text is refused with the rest.
    return ''
  }
}

/** Each field is preceded by its length, so that no two grants have the same text. */
function signatureOf(granted: GrantedUpload, secret: string): Buffer {
  const { key, sizeBytes, md5Base64, sha256, contentType, expiresAtMs } = granted
  const fields = [key, sizeBytes, md5Base64, sha256, contentType, expiresAtMs].map(String)
  return createHmac('sha256', secret)
    .update(fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join(''))
    .digest()
}
