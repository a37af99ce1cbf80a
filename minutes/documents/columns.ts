import type { Sentence } from '../../storage/model/acta.ts'
import type { Language } from '../../storage/model/council.ts'
import type { ActaPrint } from './acta-print.ts'
import { documentWords } from './document-words.ts'
import { ensure, heightOf, ink, page, type Sheet, type StructureElement, type TextStyle, textWidth, write } from './sheet.ts'

const gap = 18
const columnWidth = (textWidth - gap) / 2

/** A text in one or both languages; `note` stands, quiet, where a language has none. */
export interface InColumns {
  gl?: string
  es?: string
  note?: { gl: string; es: string }
}

/** A sentence as its two columns. */
export function columnsOf(one: Pick<Sentence, 'text' | 'language' | 'other'>): InColumns {
  const other = one.language === 'gl' ? 'es' : 'gl'
  return { [one.language]: one.text, ...(one.other === undefined ? {} : { [other]: one.other }) }
}

/**
 * Prints a text in two columns, each beside the other, the acta's own language at the left (R10). In the structure tree it is two
 * elements, one after the other and each in its language, whatever pages they run over.
 */
export function printColumns(of: ActaPrint, type: 'H1' | 'H2' | 'P', text: InColumns, style: TextStyle = {}): void {
  const { sheet, acta } = of
  const order: Language[] = acta.language === 'gl' ? ['gl', 'es'] : ['es', 'gl']
  const sides = order.map((language, at) => side(of, type, { text, language, x: page.text + at * (columnWidth + gap), style }))
  const rows = Math.max(...sides.map((one) => one.pieces.length))
  for (let row = 0; row < rows; row++) {
    const height = Math.max(...sides.map((one) => heightOf(sheet, one.pieces[row] ?? '', one.style)))
    ensure(sheet, height)
    const top = sheet.pdf.y
    for (const { element, pieces, style: look } of sides) {
      const piece = pieces[row]
      if (piece !== undefined) element?.add(() => write(sheet, piece, look, top))
    }
    sheet.pdf.y = top + height
  }
  for (const { element } of sides) element?.end()
}

interface Side {
  element: StructureElement | undefined
  pieces: string[]
  style: TextStyle
}

function side({ sheet, parent }: ActaPrint, type: string, of: { text: InColumns; language: Language; x: number; style: TextStyle }): Side {
  const { text, language, x } = of
  const said = text[language]
  const shown = said ?? text.note?.[language] ?? documentWords(language).onlyInOther
  const place = { x, width: columnWidth }
  const style: TextStyle = said === undefined ? { face: 'serifItalic', size: 9, color: ink.quiet, ...place } : { ...of.style, ...place }
  const element = sheet.pdf.struct(said === undefined ? 'P' : type, language === sheet.language ? {} : { lang: `${language}-ES` })
  parent.add(element)
  return { element, pieces: linesOf(sheet, shown, style), style }
}

/** A text line by line, so that both columns go over to the next page together; a word wider than the column breaks where it is written. */
function linesOf({ pdf }: Sheet, text: string, style: TextStyle): string[] {
  pdf.font(style.face ?? 'serif').fontSize(style.size ?? 10.5)
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    const fits = pdf.widthOfString(longer, { characterSpacing: style.spacing ?? 0 }) <= columnWidth - 1
    if (fits && lines.length > 0) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
