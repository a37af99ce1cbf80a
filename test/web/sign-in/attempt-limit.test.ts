import { describe, expect, test } from 'vitest'
import { AttemptLimit } from '../../../web/sign-in/attempt-limit.ts'

const rules = { windowMs: 1000, perLogin: 3, perAddress: 5, perLoginEverywhere: 6 }
const attempt = (login: string, address: string) => ({ council: 'c', login, address })

describe('wrong passwords are borne for a while', () => {
  test('a login from one address waits after its share, and may try again when the window has passed', () => {
    let now = 0
    const limit = new AttemptLimit(rules, () => now)
    expect([1, 2, 3, 4].map(() => limit.begin(attempt('a', '1')))).toEqual([0, 0, 0, 1000])
    expect(limit.begin(attempt('a', '2'))).toBe(0)
    now = 1001
    expect(limit.begin(attempt('a', '1'))).toBe(0)
  })

  test('an address that tries many logins waits for all of them', () => {
    const limit = new AttemptLimit(rules, () => 0)
    for (const login of ['a', 'b', 'c', 'd', 'e']) expect(limit.begin(attempt(login, '1'))).toBe(0)
    expect(limit.begin(attempt('f', '1'))).toBe(1000)
  })

  test('a login that is tried from everywhere waits everywhere', () => {
    const limit = new AttemptLimit(rules, () => 0)
    for (const address of ['1', '2', '3', '4', '5', '6']) expect(limit.begin(attempt('a', address))).toBe(0)
    expect(limit.begin(attempt('a', '7'))).toBe(1000)
  })

  test('a right password forgives its login and does not count for the address', () => {
    const limit = new AttemptLimit(rules, () => 0)
    for (let n = 0; n < 20; n++) {
      expect(limit.begin(attempt('a', '1'))).toBe(0)
      limit.succeeded(attempt('a', '1'))
    }
  })
})
