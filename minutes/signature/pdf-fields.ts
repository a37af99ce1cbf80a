import type { PdfRevision } from './pdf-document.ts'
import { isDict, isRef, itemsOf, nameOf, type PdfDict, textOf } from './pdf-values.ts'

/** A signature field of a revision. */
export interface PdfSignatureField {
  /** Object number of the field. */
  number: number
  name: string
  field: PdfDict
  /** Its signature dictionary, with its object number, once it is signed. */
  signature?: { number: number; dict: PdfDict }
  /** Takes no room on any page. */
  invisible: boolean
}

const mostFields = 1000

/** Signature fields of the form, in its order. Fields under other fields are not looked into: ours stand at the top. */
export function signatureFieldsOf(revision: PdfRevision): PdfSignatureField[] {
  const form = revision.resolve(revision.catalog.entries.get('AcroForm'))
  if (!isDict(form)) return []
  const refs = itemsOf(revision.resolve(form.entries.get('Fields'))).slice(0, mostFields)
  return refs.flatMap((ref): PdfSignatureField[] => {
    const field = revision.resolve(ref)
    if (!isRef(ref) || !isDict(field) || nameOf(revision.resolve(field.entries.get('FT'))) !== 'Sig') return []
    const name = textOf(revision.resolve(field.entries.get('T'))) ?? ''
    const value = field.entries.get('V')
    const dict = revision.resolve(value)
    const rect = itemsOf(revision.resolve(field.entries.get('Rect')))
    const invisible = rect.length !== 4 || (rect[0] === rect[2] && rect[1] === rect[3])
    const signature = isRef(value) && isDict(dict) ? { signature: { number: value.number, dict } } : {}
    return [{ number: ref.number, name, field, invisible, ...signature }]
  })
}
