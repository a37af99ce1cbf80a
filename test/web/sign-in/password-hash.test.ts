import { describe, expect, test } from 'vitest'
import { hashPassword, isPassword, PasswordHashError } from '../../../web/sign-in/password-hash.ts'

describe('a password is kept as argon2id', () => {
  test('a hash made by the reference implementation is understood', async () => {
    // phc-winner-argon2, src/test.c: argon2id v=19, t=2, m=2^16, p=1
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await isPassword('password', reference)).toBe(true)
    expect(await isPassword('differentpassword', reference)).toBe(false)
  })

  test('the parameters stand in the hash, at least as strong as OWASP asks, and the salt is new each time', async () => {
    const [one, other] = [await hashPassword('unha frase'), await hashPassword('unha frase')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(other)
    expect(await isPassword('unha frase', one)).toBe(true)
    expect(await isPassword('Unha frase', one)).toBe(false)
  })

  test('the same letters typed on another keyboard are the same password', async () => {
    expect(await isPassword('mañá', await hashPassword('mañá'.normalize('NFD')))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['another algorithm', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    ['the password itself', 'secreta'],
    ['a cut hash', '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$abc'],
  ])('a stored hash that is %s lets nobody in and is told', async (_, stored) => {
    await expect(isPassword('secreta', stored)).rejects.toThrow(PasswordHashError)
  })
})
