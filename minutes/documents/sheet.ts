import { create } from 'fontkit'
import PDFDocument from 'pdfkit'
import type { Language } from '../../storage/model/council.ts'
import { type Face, fontBytes, fontFiles } from './fonts.ts'

/** A4 in points: a margin column holds numbers and times, the text column the deed. */
export const page = { width: 595.28, height: 841.89, left: 62, right: 62, top: 82, bottom: 84, text: 128 } as const
export const textWidth = page.width - page.right - page.text
export const fullWidth = page.width - page.right - page.left

export const ink = { body: '#1c2024', quiet: '#4c545c', line: '#cfcabd', council: '#0e5468', wash: '#f3f0e7' } as const

export type StructureElement = ReturnType<PDFKit.PDFDocument['struct']>
type StructureChildren = Parameters<PDFKit.PDFDocument['struct']>[2]

/** An open document: what is drawn goes to its structure tree, or is marked as an artifact. */
export interface Sheet {
  pdf: PDFKit.PDFDocument
  root: StructureElement
  language: Language
  /** The bytes, once the document has ended. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}

export interface SheetOptions {
  title: string
  author: string
  subject: string
  language: Language
  createdAt: Date
}

/**
 * Opens a tagged PDF/A-3a document (ISO 19005-3). Without `font` in the constructor pdfkit writes Helvetica, not embedded, into a file that
 * claims PDF/A.
 */
export function openSheet(options: SheetOptions): Sheet {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: page.top, bottom: page.bottom, left: page.left, right: page.right },
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: `${options.language}-ES`,
    displayTitle: true,
    bufferPages: true,
    font: Buffer.from(fontBytes('serif')) as unknown as string,
    info: {
      Title: options.title,
      Author: options.author,
      Subject: options.subject,
      Creator: 'Escano',
      Producer: 'Escano',
      CreationDate: options.createdAt,
      ModDate: options.createdAt,
    },
  })
  for (const face of Object.keys(fontFiles) as Face[]) pdf.registerFont(face, Buffer.from(fontBytes(face)))
  const parts: Uint8Array[] = []
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part))
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  return { pdf, root, language: options.language, bytes: async () => ended.then(() => new Uint8Array(Buffer.concat(parts))) }
}

/** Adds an element and draws its children now. `lang` only where it differs from the document's. */
export function place(
  sheet: Sheet,
  parent: StructureElement,
  type: string,
  children: StructureChildren,
  options: { lang?: Language; alt?: string; scope?: 'Column' } = {},
): void {
  const { lang, ...rest } = options
  const element = sheet.pdf.struct(
    type,
    { ...rest, ...(lang === undefined || lang === sheet.language ? {} : { lang: `${lang}-ES` }) },
    children,
  )
  parent.add(element)
}

/** An element that stays open for children; close it with `end()`. */
export function section(sheet: Sheet, parent: StructureElement, type: string): StructureElement {
  const element = sheet.pdf.struct(type)
  parent.add(element)
  return element
}

/** Draws what is no content: rules, frames, running heads. */
export function artifact(sheet: Sheet, draw: () => void, kind: 'Layout' | 'Pagination' = 'Layout'): void {
  sheet.pdf.markContent('Artifact', { type: kind })
  draw()
  sheet.pdf.endMarkedContent()
}

export interface TextStyle {
  face?: Face
  size?: number
  color?: string
  /** Distance between lines beyond the face's own. */
  lineGap?: number
  x?: number
  width?: number
  align?: 'left' | 'right' | 'center'
  link?: string
  spacing?: number
}

/** Writes text at the current height (or `y`) and goes on below it. Draws nothing but glyphs that the face has. */
export function write(sheet: Sheet, text: string, style: TextStyle = {}, y: number = sheet.pdf.y): void {
  const face = style.face ?? 'serif'
  sheet.pdf
    .font(face)
    .fontSize(style.size ?? 10.5)
    .fillColor(style.color ?? ink.body)
  sheet.pdf.text(printable(text, face), style.x ?? page.text, y, textOptions(style))
}

export function heightOf(sheet: Sheet, text: string, style: TextStyle = {}): number {
  const face = style.face ?? 'serif'
  sheet.pdf.font(face).fontSize(style.size ?? 10.5)
  return sheet.pdf.heightOfString(printable(text, face), textOptions(style))
}

function textOptions(style: TextStyle): PDFKit.Mixins.TextOptions {
  return {
    width: style.width ?? textWidth,
    align: style.align ?? 'left',
    lineGap: style.lineGap ?? 1.2,
    ...(style.link === undefined ? {} : { link: style.link }),
    ...(style.spacing === undefined ? {} : { characterSpacing: style.spacing }),
  }
}

/** Goes to a new page when less than `height` is left on this one. @returns whether it did */
export function ensure(sheet: Sheet, height: number): boolean {
  if (sheet.pdf.y + height <= page.height - page.bottom) return false
  sheet.pdf.addPage()
  return true
}

export function rule(sheet: Sheet, y: number, from: number = page.left, to: number = page.width - page.right): void {
  artifact(sheet, () => sheet.pdf.moveTo(from, y).lineTo(to, y).lineWidth(0.5).strokeColor(ink.line).stroke())
}

const known = new Map<Face, Set<number>>()

/** Text in the face's own characters: PDF/A forbids the glyph .notdef, so what the face lacks is shown as «?». */
function printable(text: string, face: Face): string {
  let characters = known.get(face)
  if (characters === undefined) {
    const font = create(Buffer.from(fontBytes(face)))
    characters = new Set('characterSet' in font ? font.characterSet : [])
    known.set(face, characters)
  }
  let shown = ''
  for (const character of text.normalize('NFC').replace(/\s+/gu, ' '))
    shown += characters.has(character.codePointAt(0) ?? 0) ? character : '?'
  return shown
}
