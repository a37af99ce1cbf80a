import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CanonicalJsonError, canonicalJson, parseCanonicalJson } from '../../../storage/custody/canonical-json.ts'

const textOf = (value: unknown) => new TextDecoder().decode(canonicalJson(value))
const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('Canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.2 as §3.2.4 prints it', () => {
    const input = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
    const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
    expect(textOf(JSON.parse(input))).toBe(expected)
  })

  it('sorts keys by UTF-16 units, as RFC 8785 §3.2.3 shows', () => {
    const input = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
    const order = ['Carriage Return', 'One', 'Control', 'Latin Small', 'Euro Sign', 'Emoji', 'Hebrew'].map((name) =>
      textOf(JSON.parse(input)).indexOf(name),
    )
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('writes numbers as RFC 8785 appendix B lists them', () => {
    const listed: [number, string][] = [
      [-0, '0'],
      [5e-324, '5e-324'],
      [1.7976931348623157e308, '1.7976931348623157e+308'],
      [9007199254740992, '9007199254740992'],
      [295147905179352830000, '295147905179352830000'],
      [9.999999999999997e22, '9.999999999999997e+22'],
      [1e23, '1e+23'],
      [0.000001, '0.000001'],
      [333333333.3333332, '333333333.3333332'],
    ]
    for (const [value, text] of listed) expect(textOf(value)).toBe(text)
  })

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 }), (value) => {
        expect(canonicalJson(parseCanonicalJson(canonicalJson(value)))).toEqual(canonicalJson(value))
      }),
    )
  })

  it.each([
    ['a blank', '{"a": 1}'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['a number in another spelling', '{"a":1.0}'],
    ['a byte order mark', '\ufeff{}'],
    ['half a pair', '"\\ud800"'],
    ['no JSON at all', 'ola'],
  ])('refuses %s where canonical form is demanded', (_, text) => {
    expect(() => parseCanonicalJson(bytesOf(text))).toThrow(CanonicalJsonError)
  })

  it('refuses what JSON cannot carry, bytes that are no UTF-8, and nesting that would exhaust the stack', () => {
    expect(() => canonicalJson(undefined)).toThrow(CanonicalJsonError)
    expect(() => canonicalJson(Number.NaN)).toThrow(CanonicalJsonError)
    expect(() => parseCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(CanonicalJsonError)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(() => parseCanonicalJson(bytesOf(deep))).toThrow(CanonicalJsonError)
  })
})
