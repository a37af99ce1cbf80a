import { sameBytes } from '../../storage/custody/sha256.ts'

/** Values of a PDF file (ISO 32000-1 §7.3), read strictly and within bounds: what is judged may be hostile. */
export type PdfValue =
  | null
  | boolean
  | number
  | { kind: 'name'; name: string }
  /** `from` and `to` (exclusive) are the token's place in the file, delimiters included. */
  | { kind: 'string'; bytes: Uint8Array; hex: boolean; from: number; to: number }
  | { kind: 'array'; items: PdfValue[] }
  | PdfDict
  | PdfRef
export interface PdfDict {
  kind: 'dict'
  entries: Map<string, PdfValue>
}
export interface PdfRef {
  kind: 'ref'
  number: number
  generation: number
}

const deepest = 64
const space = new Set([0, 9, 10, 12, 13, 32])
const delimiters = new Set([...'()<>[]{}/%'].map((one) => one.charCodeAt(0)))
const latin1 = new TextDecoder('latin1')

/** Reads values from a place of the bytes, never beyond `end`. */
export class PdfReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  at: number
  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes
    this.#end = end
    this.at = at
  }

  /** @throws PdfMalformedError */
  value(depth = 0): PdfValue {
    if (depth > deepest) throw this.#malformed(`values nested deeper than ${deepest}`)
    this.skipSpace()
    const byte = this.#peek()
    if (byte === 0x2f) return { kind: 'name', name: this.#name() }
    if (byte === 0x28) return this.#literal()
    if (byte === 0x5b) return this.#array(depth)
    if (byte === 0x3c) return this.#peek(1) === 0x3c ? this.#dict(depth) : this.#hexString()
    return this.#numberOrWord()
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.#peek()
      if (byte === 0x25) while (![10, 13, -1].includes(this.#peek())) this.at++
      else if (space.has(byte)) this.at++
      else return
    }
  }

  /** The run of regular characters that starts here. */
  word(): string {
    const from = this.at
    while (this.#isRegular(this.#peek())) this.at++
    return latin1.decode(this.#bytes.subarray(from, this.at))
  }

  /** Takes a keyword. @throws PdfMalformedError another stands here */
  expect(keyword: string): void {
    this.skipSpace()
    const found = this.word()
    if (found !== keyword) throw this.#malformed(`expected «${keyword}», found «${found.slice(0, 20)}»`)
  }

  integer(): number {
    this.skipSpace()
    const text = this.word()
    if (!/^\d{1,12}$/.test(text)) throw this.#malformed(`expected a number, found «${text.slice(0, 20)}»`)
    return Number(text)
  }

  #peek(ahead = 0): number {
    return this.at + ahead < this.#end ? (this.#bytes[this.at + ahead] ?? -1) : -1
  }

  #isRegular(byte: number): boolean {
    return byte >= 0 && !space.has(byte) && !delimiters.has(byte)
  }

  #name(): string {
    this.at++
    return this.word().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }

  #numberOrWord(): PdfValue {
    const from = this.at
    const text = this.word()
    if (text === 'true' || text === 'false') return text === 'true'
    if (text === 'null') return null
    if (!/^[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})$/.test(text)) throw this.#malformed(`«${text.slice(0, 20)}» is no value`, from)
    return this.#reference(text) ?? Number(text)
  }

  /** `12 0 R` begins as a number. */
  #reference(text: string): PdfRef | undefined {
    if (!/^\d{1,8}$/.test(text)) return undefined
    const back = this.at
    this.skipSpace()
    const generation = this.word()
    this.skipSpace()
    if (/^\d{1,5}$/.test(generation) && this.word() === 'R') return { kind: 'ref', number: Number(text), generation: Number(generation) }
    this.at = back
    return undefined
  }

  #array(depth: number): PdfValue {
    this.at++
    const items: PdfValue[] = []
    for (;;) {
      this.skipSpace()
      if (this.#peek() === 0x5d) break
      items.push(this.value(depth + 1))
    }
    this.at++
    return { kind: 'array', items }
  }

  #dict(depth: number): PdfDict {
    this.at += 2
    const entries = new Map<string, PdfValue>()
    for (;;) {
      this.skipSpace()
      if (this.#peek() === 0x3e && this.#peek(1) === 0x3e) break
      if (this.#peek() !== 0x2f) throw this.#malformed('expected a name as key of a dictionary')
      const key = this.#name()
      // Readers disagree on which of two equal keys counts.
      if (entries.has(key)) throw this.#malformed(`key /${key} stands twice in a dictionary`)
      entries.set(key, this.value(depth + 1))
    }
    this.at += 2
    return { kind: 'dict', entries }
  }

  #hexString(): PdfValue {
    const from = this.at++
    const digits: string[] = []
    const start = this.at
    while (this.#peek() !== 0x3e) {
      if (this.#peek() < 0) throw this.#malformed('a hexadecimal string has no end', from)
      this.at++
    }
    digits.push(latin1.decode(this.#bytes.subarray(start, this.at)).replace(/[\0\t\n\f\r ]/g, ''))
    this.at++
    const text = digits.join('')
    if (!/^[0-9a-fA-F]*$/.test(text)) throw this.#malformed('a hexadecimal string holds another character', from)
    const even = text.length % 2 === 0 ? text : `${text}0`
    const bytes = Uint8Array.from({ length: even.length / 2 }, (_, at) => Number.parseInt(even.slice(2 * at, 2 * at + 2), 16))
    return { kind: 'string', bytes, hex: true, from, to: this.at }
  }

  #literal(): PdfValue {
    const from = this.at++
    const bytes: number[] = []
    for (let open = 1; ; this.at++) {
      const byte = this.#peek()
      if (byte < 0) throw this.#malformed('a string has no end', from)
      if (byte === 0x5c) this.#escape(bytes)
      else {
        if (byte === 0x28) open++
        if (byte === 0x29 && --open === 0) break
        bytes.push(byte)
      }
    }
    this.at++
    return { kind: 'string', bytes: Uint8Array.from(bytes), hex: false, from, to: this.at }
  }

  #escape(bytes: number[]): void {
    const next = this.#peek(1)
    const octal = /^[0-7]{1,3}/.exec(latin1.decode(this.#bytes.subarray(this.at + 1, Math.min(this.at + 4, this.#end))))?.[0]
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8) & 0xff)
      this.at += octal.length
      return
    }
    const plain = escapes[String.fromCharCode(next)]
    if (next === 13 && this.#peek(2) === 10) this.at++
    if (next !== 13 && next !== 10) bytes.push(plain ?? next)
    this.at++
  }

  #malformed(what: string, at: number = this.at): PdfMalformedError {
    return new PdfMalformedError(`PDF malformed at byte ${at}: ${what}`)
  }
}

const escapes: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 }

/** Whether two values say the same; where they stand in the file does not matter. */
export function sameValue(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (a.kind === 'string' && b.kind === 'string') return sameBytes(a.bytes, b.bytes)
  if (a.kind === 'name' && b.kind === 'name') return a.name === b.name
  if (a.kind === 'ref' && b.kind === 'ref') return a.number === b.number && a.generation === b.generation
  if (a.kind === 'array' && b.kind === 'array')
    return a.items.length === b.items.length && a.items.every((item, at) => sameValue(item, b.items[at]))
  if (a.kind === 'dict' && b.kind === 'dict') {
    return (
      a.entries.size === b.entries.size &&
      [...a.entries].every(([key, value]) => b.entries.has(key) && sameValue(value, b.entries.get(key)))
    )
  }
  return false
}

export function isDict(value: PdfValue | undefined): value is PdfDict {
  return typeof value === 'object' && value !== null && value.kind === 'dict'
}

export function isRef(value: PdfValue | undefined): value is PdfRef {
  return typeof value === 'object' && value !== null && value.kind === 'ref'
}

/** The name that a value is, without its slash. */
export function nameOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && value.kind === 'name' ? value.name : undefined
}

export function itemsOf(value: PdfValue | undefined): PdfValue[] {
  return typeof value === 'object' && value !== null && value.kind === 'array' ? value.items : []
}

/** Text of a string: UTF-16 with its mark, UTF-8 with its mark, else Latin (§7.9.2.2). */
export function textOf(value: PdfValue | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || value.kind !== 'string') return undefined
  const { bytes } = value
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3))
  return latin1.decode(bytes)
}

export class PdfMalformedError extends Error {
  override readonly name = 'PdfMalformedError'
}
