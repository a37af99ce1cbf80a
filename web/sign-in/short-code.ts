import { createHash, randomInt } from 'node:crypto'

/** Without I, L, O and U: read aloud and typed by hand (Crockford's base 32). 10 of them are 50 bits. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A new code, `XXXXX-XXXXX`. */
export function newShortCode(): string {
  const drawn = Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')
  return `${drawn.slice(0, 5)}-${drawn.slice(5)}`
}

/** SHA-256 of a code as a person writes it: with or without the dash, in small letters, O for 0 and I or L for 1. @param use what it is for */
export function shortCodeHash(code: string, use: string): string {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return createHash('sha256').update(`escano ${use} ${plain}`).digest('hex')
}
