import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  type PDFFont,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRef,
  PDFString,
  rgb,
} from '@cantoo/pdf-lib'
import { create } from 'fontkit'
import { fontBytes } from '../documents/fonts.ts'

/** The signature fields of an acta's PDF, one for each who signs, in the order they sign (R34, R57). */
export const signatureFields = ['seal', 'secretary', 'mayor'] as const
export type SignatureField = (typeof signatureFields)[number]

/** What the reader sees in the field's place; the first line stands out. */
export interface SignatureLook {
  lines: string[]
}

export interface FieldState {
  ref: PDFRef
  dictionary: PDFDict
  signed: boolean
}

/** A field by name, as the document has it now; undefined when it has none. */
export function findField(document: PDFDocument, name: string): FieldState | undefined {
  const form = document.catalog.lookup(PDFName.of('AcroForm'))
  const fields = form instanceof PDFDict ? form.lookup(PDFName.of('Fields')) : undefined
  if (!(fields instanceof PDFArray)) return undefined
  for (const ref of fields.asArray()) {
    const dictionary = document.context.lookup(ref)
    if (!(ref instanceof PDFRef) || !(dictionary instanceof PDFDict)) continue
    const title = dictionary.lookup(PDFName.of('T'))
    if ((title instanceof PDFString || title instanceof PDFHexString) && title.decodeText() === name) {
      return { ref, dictionary, signed: dictionary.has(PDFName.of('V')) }
    }
  }
  return undefined
}

/** Adds an invisible field to the first page of a document that came without. @returns the field and what else of the document changed */
export function addInvisibleField(document: PDFDocument, name: string): { field: FieldState; changed: PDFRef[] } {
  const { context, catalog } = document
  const page = document.getPage(0)
  const dictionary = context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [0, 0, 0, 0], F: 132 })
  dictionary.set(PDFName.of('T'), PDFString.of(name))
  dictionary.set(PDFName.of('P'), page.ref)
  const ref = context.register(dictionary)
  const form = catalog.lookup(PDFName.of('AcroForm'))
  const formDict = form instanceof PDFDict ? form : context.obj({ Fields: [] })
  if (formDict !== form) catalog.set(PDFName.of('AcroForm'), formDict)
  formDict.set(PDFName.of('SigFlags'), PDFNumber.of(3))
  const changed = [page.ref, refOf(document, catalog)]
  changed.push(...appendTo(formDict, 'Fields', ref), ...appendTo(page.node, 'Annots', ref))
  const formRef = catalog.get(PDFName.of('AcroForm'))
  if (formRef instanceof PDFRef) changed.push(formRef)
  return { field: { ref, dictionary, signed: false }, changed }
}

function appendTo(holder: PDFDict, key: string, ref: PDFRef): PDFRef[] {
  const name = PDFName.of(key)
  const list = holder.lookup(name)
  if (list instanceof PDFArray) {
    list.push(ref)
    const listRef = holder.get(name)
    return listRef instanceof PDFRef ? [listRef] : []
  }
  holder.set(name, holder.context.obj([ref]))
  return []
}

function refOf(document: PDFDocument, object: PDFObject): PDFRef {
  const ref = document.context.getObjectRef(object)
  if (ref === undefined) throw new TypeError('the catalog of a PDF is an indirect object')
  return ref
}

/** Draws the field's appearance: the first line bold, the others below, cut to the field's width. */
export async function drawAppearance(document: PDFDocument, field: PDFDict, look: SignatureLook): Promise<void> {
  const box = field.lookup(PDFName.of('Rect'))
  const [left = 0, bottom = 0, right = 0, top = 0] =
    box instanceof PDFArray ? box.asArray().map((one) => (one instanceof PDFNumber ? one.asNumber() : 0)) : []
  const [width, height] = [right - left, top - bottom]
  const { context } = document
  if (width <= 0 || height <= 0 || look.lines.length === 0) {
    setAppearance(field, context.register(context.stream('', form(0, 0))))
    return
  }
  document.registerFontkit({ create } as unknown as Parameters<PDFDocument['registerFontkit']>[0])
  // A subset's name begins with six letters of its own (ISO 32000-1 §9.6.4); those of the field's number are nobody else's.
  const tag = subsetTag(context.getObjectRef(field)?.objectNumber ?? 0)
  const bold = await document.embedFont(fontBytes('sansBold'), { subset: true, customName: `${tag}+PublicSans-SemiBold` })
  const plain = await document.embedFont(fontBytes('sans'), { subset: true, customName: `${tag}+PublicSans-Regular` })
  const drawn = look.lines.map((line, at) => drawLine(line, at === 0 ? bold : plain, at === 0 ? 'B' : 'P', at, { width, height }))
  const resources = context.obj({ Font: { B: bold.ref, P: plain.ref } })
  const ink = rgb(0.11, 0.125, 0.14)
  const content = `q BT ${ink.red} ${ink.green} ${ink.blue} rg\n${drawn.join('\n')}\nET Q`
  setAppearance(field, context.register(context.stream(content, { ...form(width, height), Resources: resources })))
}

const lineHeight = 10.5

function subsetTag(number: number): string {
  return String(number)
    .padStart(6, '0')
    .slice(-6)
    .replace(/\d/g, (digit) => 'QRSTUVWXYZ'.charAt(Number(digit)))
}

function drawLine(line: string, font: PDFFont, name: string, at: number, box: { width: number; height: number }): string {
  let size = at === 0 ? 9 : 7.5
  while (size > 5 && font.widthOfTextAtSize(line, size) > box.width) size -= 0.25
  const y = box.height - 9 - at * lineHeight
  return `/${name} ${size} Tf 1 0 0 1 0 ${y.toFixed(2)} Tm ${font.encodeText(line).toString()} Tj`
}

function form(width: number, height: number) {
  return { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, width, height] }
}

function setAppearance(field: PDFDict, ref: PDFRef): void {
  field.set(PDFName.of('AP'), field.context.obj({ N: ref }))
}
