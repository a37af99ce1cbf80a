import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/** argon2id, version 19, as OWASP's password storage sheet asks at least: 19 MiB, two passes, one lane. */
const cost = { memoryKib: 19_456, passes: 2, lanes: 1 }
const hashLength = 32

/** A stored hash that is no PHC string of argon2id; the account cannot be let in. */
export class PasswordHashError extends Error {
  override readonly name = 'PasswordHashError'
}

/**
 * Hashes a password with a new salt.
 * @returns PHC string with its parameters: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, base64 without padding
 */
export async function hashPassword(plain: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(plain, salt, cost, hashLength)
  return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${bare(salt)}$${bare(hash)}`
}

/**
 * Whether `plain` is the password of a stored hash, in the time the hash's own parameters take.
 * @throws PasswordHashError
 */
export async function isPassword(plain: string, stored: string): Promise<boolean> {
  const parsed = parsePhc(stored)
  const hash = await derive(plain, parsed.salt, parsed, parsed.hash.length)
  return timingSafeEqual(hash, parsed.hash)
}

function parsePhc(stored: string) {
  const found = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,128})$/.exec(stored)
  if (!found)
    throw new PasswordHashError(`a stored password hash was read: expected an argon2id PHC string, found ${stored.length} other characters`)
  const [, memory, passes, lanes, salt = '', hash = ''] = found
  return {
    memoryKib: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

function derive(plain: string, nonce: Uint8Array, of: typeof cost, tagLength: number): Promise<Buffer> {
  // NFKC: the same password typed on another keyboard gives the same bytes.
  const options = { message: plain.normalize('NFKC'), nonce, parallelism: of.lanes, memory: of.memoryKib, passes: of.passes, tagLength }
  return new Promise((resolve, reject) => {
    argon2('argon2id', options, (cause, key) => (cause ? reject(cause) : resolve(key)))
  })
}

const bare = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
