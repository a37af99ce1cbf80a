import { sameBytes } from '../../storage/custody/sha256.ts'
import type { PdfObject, PdfRevision } from './pdf-document.ts'
import { signatureFieldsOf } from './pdf-fields.ts'
import { isDict, isRef, itemsOf, type PdfDict, PdfMalformedError, type PdfValue, sameValue } from './pdf-values.ts'

/** What a revision after a signature may do: sign a field that waited, add an invisible one, add long-term data (contracts.md §5). */

/** A revision changed more than signatures may. */
export class PdfRevisionError extends Error {
  override readonly name = 'PdfRevisionError'
}

/**
 * Compares two revisions of a PDF object by object.
 * @param later the next revision, of which `earlier` is the beginning
 * @throws PdfRevisionError what is shown could have changed · PdfMalformedError
 */
export function expectOnlySignatures(earlier: PdfRevision, later: PdfRevision): void {
  expectSameChain(earlier, later)
  const mentioned = mentionedObjects(earlier)
  const longTerm = longTermObjects(earlier)
  const lists = listsOf(earlier)
  const fields = fieldNumbers(later)
  for (const [number, offset] of later.offsets) {
    if (earlier.offsets.get(number) === offset) continue
    const before = earlier.object(number)
    const now = later.object(number)
    if (before === undefined && mentioned.has(number)) refuse(number, 'fills a reference that led nowhere')
    if (before === undefined || now === undefined || sameObject(earlier, before, later, now)) continue
    if (number === earlier.root.number) expectCatalog(earlier, later)
    else if (isFormObject(earlier, number)) expectForm(earlier, before.value, later, now.value)
    else if (isPage(before.value)) expectPage(earlier, before.value, later, now.value)
    else if (fields.has(number)) expectSignedField(earlier, later, number)
    else if (lists.has(number)) expectGrown(earlier, before.value, later, now.value, number)
    else if (!longTerm.has(number)) refuse(number, 'is no signature, yet it changed')
  }
  for (const number of earlier.offsets.keys()) if (!later.offsets.has(number)) refuse(number, 'was deleted')
  expectFields(earlier, later)
  expectNothingBetween(earlier, later)
}

function refuse(number: number, why: string): never {
  throw new PdfRevisionError(`object ${number} ${why}`)
}

/** The later file is read through the earlier one's own tables, and through the same root. */
function expectSameChain(earlier: PdfRevision, later: PdfRevision): void {
  const older = later.tables.filter((at) => at < earlier.end)
  if (older.length !== earlier.tables.length || older.some((at, n) => at !== earlier.tables[n])) {
    throw new PdfRevisionError('the later revision does not build on the cross-reference tables of the signed one')
  }
  for (const key of ['Root', 'Info']) {
    if (!sameValue(earlier.trailer.entries.get(key), later.trailer.entries.get(key)))
      throw new PdfRevisionError(`the trailer has another /${key}`)
  }
  for (const [number, offset] of later.offsets) {
    if (offset < earlier.end && earlier.offsets.get(number) !== offset)
      refuse(number, 'was taken back from bytes that an earlier revision had left')
  }
}

function sameObject(earlier: PdfRevision, before: PdfObject, later: PdfRevision, now: PdfObject): boolean {
  if (!sameValue(before.value, now.value)) return false
  if (before.stream === undefined || now.stream === undefined) return before.stream === now.stream
  return sameBytes(earlier.bytes.subarray(before.stream.from, before.stream.to), later.bytes.subarray(now.stream.from, now.stream.to))
}

/** Every key but `free` says the same in both. */
function expectSameBut(before: PdfDict, now: PdfValue, free: string[], what: string): asserts now is PdfDict {
  if (!isDict(now)) throw new PdfRevisionError(`${what} is a dictionary no more`)
  for (const key of new Set([...before.entries.keys(), ...now.entries.keys()])) {
    if (!free.includes(key) && !sameValue(before.entries.get(key), now.entries.get(key)))
      throw new PdfRevisionError(`${what} changed its /${key}`)
  }
}

function expectCatalog(earlier: PdfRevision, later: PdfRevision): void {
  expectSameBut(earlier.catalog, later.catalog, ['AcroForm', 'DSS', 'Extensions'], 'the catalog')
  const [before, now] = [earlier.catalog.entries.get('AcroForm'), later.catalog.entries.get('AcroForm')]
  if (isRef(before) && !sameValue(before, now)) throw new PdfRevisionError('the catalog has another form')
  // A form that was not there is held against an empty one: it may bring signature fields and nothing that acts or draws.
  if (!isRef(before) && now !== undefined)
    expectForm(earlier, before ?? { kind: 'dict', entries: new Map() }, later, later.resolve(now) ?? null)
}

function isFormObject(revision: PdfRevision, number: number): boolean {
  const form = revision.catalog.entries.get('AcroForm')
  return isRef(form) && form.number === number
}

function expectForm(earlier: PdfRevision, before: PdfValue, later: PdfRevision, now: PdfValue): void {
  if (!isDict(before)) throw new PdfRevisionError('the form is no dictionary')
  expectSameBut(before, now, ['Fields', 'SigFlags'], 'the form')
  expectGrown(earlier, earlier.resolve(before.entries.get('Fields')) ?? null, later, later.resolve(now.entries.get('Fields')) ?? null, 0)
}

function isPage(value: PdfValue): value is PdfDict {
  const type = isDict(value) ? value.entries.get('Type') : undefined
  return typeof type === 'object' && type !== null && type.kind === 'name' && type.name === 'Page'
}

function expectPage(earlier: PdfRevision, before: PdfDict, later: PdfRevision, now: PdfValue): void {
  expectSameBut(before, now, ['Annots'], 'a page')
  expectGrown(earlier, earlier.resolve(before.entries.get('Annots')) ?? null, later, later.resolve(now.entries.get('Annots')) ?? null, 0)
}

/** Lists of fields and of annotations, where they are objects of their own. */
function listsOf(revision: PdfRevision): Set<number> {
  const form = revision.resolve(revision.catalog.entries.get('AcroForm'))
  const lists = [isDict(form) ? form.entries.get('Fields') : undefined]
  for (const number of revision.offsets.keys()) {
    const value = revision.object(number)?.value ?? null
    if (isPage(value)) lists.push(value.entries.get('Annots'))
  }
  return new Set(lists.flatMap((list) => (isRef(list) ? [list.number] : [])))
}

/** What was listed stays listed, in its order; what is added are signature fields. */
function expectGrown(earlier: PdfRevision, before: PdfValue, later: PdfRevision, now: PdfValue, number: number): void {
  const [old, grown] = [itemsOf(before), itemsOf(now)]
  if (old.some((item, at) => !sameValue(item, grown[at]))) refuse(number, 'lost or moved an entry of its list')
  const added = grown.slice(old.length)
  const fields = added.length === 0 ? new Set() : fieldNumbers(later)
  for (const item of added) {
    if (!isRef(item) || earlier.offsets.has(item.number) || !fields.has(item.number))
      refuse(number, 'lists something that is no new signature field')
  }
}

function fieldNumbers(revision: PdfRevision): Set<number> {
  return new Set(signatureFieldsOf(revision).map((one) => one.number))
}

/** A field that waited is signed: it gets its value and its look, and stays where it is. */
function expectSignedField(earlier: PdfRevision, later: PdfRevision, number: number): void {
  const before = signatureFieldsOf(earlier).find((one) => one.number === number)
  const now = signatureFieldsOf(later).find((one) => one.number === number)
  if (before === undefined || now === undefined) refuse(number, 'became a signature field')
  if (before.signature !== undefined) refuse(number, 'was signed already, and changed')
  if (now.signature === undefined) refuse(number, 'changed without being signed')
  expectSameBut(before.field, now.field, ['V', 'AP'], `the field «${before.name}»`)
}

/** No field is lost or renamed; a new one is signed and invisible, so that nothing is laid over a page. */
function expectFields(earlier: PdfRevision, later: PdfRevision): void {
  const old = new Set(signatureFieldsOf(earlier).map((one) => one.number))
  const names = new Set<string>()
  for (const one of signatureFieldsOf(later)) {
    if (names.has(one.name)) throw new PdfRevisionError(`two fields are called «${one.name}»`)
    names.add(one.name)
    if (old.has(one.number)) continue
    if (
      one.signature === undefined ||
      !one.invisible ||
      one.field.entries.has('Kids') ||
      one.field.entries.has('A') ||
      one.field.entries.has('AA')
    ) {
      throw new PdfRevisionError(`the new field «${one.name}» is not signed, or not invisible`)
    }
  }
}

/** What was added is tables and their objects, and blanks between: no room for bytes that only another program finds. */
function expectNothingBetween(earlier: PdfRevision, later: PdfRevision): void {
  let at = earlier.end
  const added = later.spans().filter(([from]) => from >= earlier.end)
  for (const [from, to] of [...added.sort(([a], [b]) => a - b), [later.end, later.end] as const]) {
    const stray = later.bytes.subarray(at, from).findIndex((byte) => !blanks.has(byte))
    if (from < at || stray >= 0)
      throw new PdfRevisionError(`bytes at ${Math.min(from, at + Math.max(stray, 0))} belong to no object of their revision`)
    at = to
  }
}

const blanks = new Set([0, 9, 10, 12, 13, 32])
const mostSteps = 2_000_000

/** Objects that the earlier revision speaks of anywhere, there or not. */
function mentionedObjects(revision: PdfRevision): Set<number> {
  const mentioned = new Set<number>()
  const waiting: PdfValue[] = [revision.trailer]
  for (const number of revision.offsets.keys()) waiting.push(revision.object(number)?.value ?? null)
  collect(waiting, (ref) => mentioned.add(ref))
  return mentioned
}

/** Objects of the long-term data (/DSS) that nothing else of the document uses. */
function longTermObjects(revision: PdfRevision): Set<number> {
  const dss = revision.catalog.entries.get('DSS')
  if (dss === undefined) return new Set()
  const within = reachable(revision, [dss])
  const others = [...revision.catalog.entries].filter(([key]) => key !== 'DSS').map(([, value]) => value)
  const elsewhere = reachable(revision, others)
  return new Set([...within].filter((number) => !elsewhere.has(number)))
}

function reachable(revision: PdfRevision, from: PdfValue[]): Set<number> {
  const seen = new Set<number>()
  const waiting = [...from]
  collect(waiting, (number) => {
    if (seen.has(number)) return
    seen.add(number)
    waiting.push(revision.object(number)?.value ?? null)
  })
  return seen
}

function collect(waiting: PdfValue[], found: (number: number) => void): void {
  for (let steps = 0; waiting.length > 0; steps++) {
    if (steps > mostSteps) throw new PdfMalformedError('the PDF holds too many values')
    const value = waiting.pop()
    if (isRef(value)) found(value.number)
    else if (isDict(value)) waiting.push(...value.entries.values())
    else waiting.push(...itemsOf(value))
  }
}
