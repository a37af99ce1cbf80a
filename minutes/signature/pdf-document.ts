import { isDict, isRef, type PdfDict, PdfMalformedError, PdfReader, type PdfRef, type PdfValue } from './pdf-values.ts'

/** An indirect object as one revision has it. */
export interface PdfObject {
  value: PdfValue
  /** Raw bytes of its stream, when it is one. */
  stream?: { from: number; to: number }
  from: number
  to: number
}

/** One cross-reference table with its trailer: what one revision added. */
interface Section {
  /** From `xref` to the end of `%%EOF`. */
  at: number
  to: number
  /** Offset by object number; 0 for a freed one. */
  offsets: Map<number, number>
  trailer: PdfDict
}

const mostSections = 64
const mostObjects = 500_000

/**
 * A PDF as it stands at the end of a revision. Only classic cross-reference tables are read: our own documents have no others, and one
 * way to read a file leaves no second meaning to hide in.
 */
export interface PdfRevision {
  bytes: Uint8Array
  /** Where the revision ends. */
  end: number
  trailer: PdfDict
  /** Places of the cross-reference tables, newest first. */
  tables: number[]
  /** Every span of bytes that a table, or an object of a table, takes: from, to (exclusive). */
  spans(): [from: number, to: number][]
  /** Object numbers in use with their offsets. */
  offsets: ReadonlyMap<number, number>
  catalog: PdfDict
  root: PdfRef
  object(number: number): PdfObject | undefined
  /** Follows references to a value. */
  resolve(value: PdfValue | undefined): PdfValue | undefined
}

/** Reads the revision that ends at `end`. @throws PdfMalformedError */
export function readRevision(bytes: Uint8Array, end: number): PdfRevision {
  const sections = readSections(bytes, end)
  const [newest] = sections
  if (newest === undefined) throw new PdfMalformedError('the PDF has no cross-reference table')
  const offsets = new Map<number, number>()
  for (const section of [...sections].reverse()) {
    for (const [number, offset] of section.offsets) {
      if (offset === 0) offsets.delete(number)
      else offsets.set(number, offset)
    }
  }
  if (offsets.size > mostObjects) throw new PdfMalformedError(`${offsets.size} objects are too many`)
  const read = new Map<number, PdfObject>()
  const object = (number: number): PdfObject | undefined => {
    const known = read.get(number)
    const offset = offsets.get(number)
    if (known !== undefined || offset === undefined) return known
    const found = readObject(bytes, end, number, offset, (ref) => object(ref.number)?.value)
    read.set(number, found)
    return found
  }
  const resolve = (value: PdfValue | undefined): PdfValue | undefined => {
    let current = value
    for (let steps = 0; isRef(current); steps++) {
      if (steps > 8) throw new PdfMalformedError('a chain of references has no end')
      current = object(current.number)?.value
    }
    return current
  }
  const root = newest.trailer.entries.get('Root')
  const catalog = resolve(root)
  if (!isRef(root) || !isDict(catalog)) throw new PdfMalformedError('the PDF has no catalog')
  const tables = sections.map((section) => section.at)
  const spans = () =>
    sections.flatMap((section): [number, number][] => {
      const objects = [...section.offsets].filter(([, offset]) => offset !== 0)
      const read = objects.map(([number, offset]) => readObject(bytes, end, number, offset, (ref) => object(ref.number)?.value))
      return [[section.at, section.to], ...read.map((one): [number, number] => [one.from, one.to])]
    })
  return { bytes, end, trailer: newest.trailer, tables, spans, offsets, catalog, root, object, resolve }
}

function readSections(bytes: Uint8Array, end: number): Section[] {
  const sections: Section[] = []
  let at: number | undefined = startOfTable(bytes, end)
  while (at !== undefined) {
    const place: number = at
    // Each older table lies before the newer one: no circle, and no table that hides in a later revision.
    if (sections.length >= mostSections || (sections.at(-1)?.at ?? end) <= place)
      throw new PdfMalformedError('cross-reference tables are too many or out of order')
    const section = readSection(bytes, end, place)
    sections.push(section)
    const previous = section.trailer.entries.get('Prev')
    if (previous !== undefined && typeof previous !== 'number') throw new PdfMalformedError('trailer /Prev is no number')
    at = previous
  }
  return sections
}

/** The file ends: startxref, offset, %%EOF, at most one line end. */
function startOfTable(bytes: Uint8Array, end: number): number {
  const tail = new TextDecoder('latin1').decode(bytes.subarray(Math.max(0, end - 64), end))
  const found = /startxref\s+(\d{1,12})\s+%%EOF(?:\r\n|\n|\r)?$/.exec(tail)
  if (found === null) throw new PdfMalformedError(`no startxref and %%EOF at byte ${end}`)
  return Number(found[1])
}

function readSection(bytes: Uint8Array, end: number, at: number): Section {
  const reader = new PdfReader(bytes, at, end)
  const keyword = reader.word()
  if (keyword !== 'xref') throw new PdfMalformedError(`no cross-reference table at byte ${at}: streams of cross-references are not read`)
  const offsets = new Map<number, number>()
  for (;;) {
    reader.skipSpace()
    const back = reader.at
    if (reader.word() === 'trailer') break
    reader.at = back
    const first = reader.integer()
    const count = reader.integer()
    if (count > mostObjects) throw new PdfMalformedError(`a cross-reference table of ${count} entries is too long`)
    for (let number = first; number < first + count; number++) {
      const offset = reader.integer()
      reader.integer()
      reader.skipSpace()
      const state = reader.word()
      if ((state !== 'n' && state !== 'f') || offsets.has(number)) throw new PdfMalformedError(`entry of object ${number} is malformed`)
      if (state === 'n' && (offset === 0 || offset >= end)) throw new PdfMalformedError(`object ${number} lies outside its revision`)
      offsets.set(number, state === 'n' ? offset : 0)
    }
  }
  const trailer = reader.value()
  if (!isDict(trailer)) throw new PdfMalformedError('the PDF has no trailer')
  for (const key of ['Encrypt', 'XRefStm']) if (trailer.entries.has(key)) throw new PdfMalformedError(`trailer /${key} is not read`)
  reader.expect('startxref')
  reader.integer()
  const tail = /^\s*%%EOF/.exec(new TextDecoder('latin1').decode(bytes.subarray(reader.at, Math.min(end, reader.at + 16))))
  if (tail === null) throw new PdfMalformedError(`the cross-reference table at byte ${at} has no %%EOF`)
  return { at, to: reader.at + tail[0].length, offsets, trailer }
}

function readObject(bytes: Uint8Array, end: number, number: number, at: number, follow: (ref: PdfRef) => PdfValue | undefined): PdfObject {
  const reader = new PdfReader(bytes, at, end)
  if (reader.integer() !== number) throw new PdfMalformedError(`object ${number} is not where its table says`)
  reader.integer()
  reader.expect('obj')
  const value = reader.value()
  reader.skipSpace()
  const back = reader.at
  if (reader.word() === 'endobj') return { value, from: at, to: reader.at }
  reader.at = back
  reader.expect('stream')
  if (!isDict(value)) throw new PdfMalformedError(`stream ${number} has no dictionary`)
  const from = afterLineEnd(bytes, reader.at)
  const given = value.entries.get('Length')
  const length = isRef(given) ? follow(given) : given
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || from + length > end)
    throw new PdfMalformedError(`stream ${number} has no true length`)
  reader.at = from + length
  reader.expect('endstream')
  reader.expect('endobj')
  return { value, stream: { from, to: from + length }, from: at, to: reader.at }
}

function afterLineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 13 && bytes[at + 1] === 10) return at + 2
  return at + 1
}
