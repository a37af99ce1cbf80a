import {
  artifact,
  ensure,
  heightOf,
  ink,
  page,
  place,
  rule,
  type Sheet,
  type StructureElement,
  section,
  type TextStyle,
  write,
} from './sheet.ts'

export interface Column {
  header: string
  width: number
  align?: 'left' | 'right'
}

export interface Cell {
  text: string
  link?: string
  /** What the link says to who does not see it. */
  alt?: string
  style?: TextStyle
}

const padding = 5
const headerStyle: TextStyle = { face: 'sansBold', size: 7.5, color: ink.quiet }
const cellStyle: TextStyle = { face: 'sans', size: 8.5 }

/** A tagged table (Table, TR, TH with scope, TD) from the given x; its header comes back, as an artifact, on each new page. */
export function table(sheet: Sheet, parent: StructureElement, of: { x: number; columns: Column[]; rows: Cell[][]; alt: string }): void {
  const { pdf } = sheet
  const element = pdf.struct('Table', { alt: of.alt })
  parent.add(element)
  const lefts = of.columns.map((_, at) => of.x + of.columns.slice(0, at).reduce((sum, column) => sum + column.width, 0))
  const right = of.x + of.columns.reduce((sum, column) => sum + column.width, 0)
  const headers = of.columns.map((column): Cell => ({ text: column.header, style: headerStyle }))
  const height = (row: Cell[]) =>
    Math.max(...row.map((cell, at) => heightOf(sheet, cell.text, styleOf(cell, of.columns[at])))) + 2 * padding
  const draw = (cell: Cell, at: number, top: number) =>
    write(sheet, cell.text, { ...styleOf(cell, of.columns[at]), x: (lefts[at] ?? 0) + padding }, top + padding)
  const row = (cells: Cell[], type: 'TH' | 'TD') => {
    const top = pdf.y
    const tall = height(cells)
    const line = section(sheet, element, 'TR')
    for (const [at, cell] of cells.entries()) {
      const children =
        cell.link === undefined
          ? [() => draw(cell, at, top)]
          : [pdf.struct('Link', { alt: cell.alt ?? cell.text }, () => draw(cell, at, top))]
      place(sheet, line, type, children, type === 'TH' ? { scope: 'Column' } : {})
    }
    line.end()
    rule(sheet, top + tall, of.x, right)
    pdf.y = top + tall
  }
  ensure(sheet, height(headers) + height(of.rows[0] ?? headers))
  background(sheet, of.x, right, height(headers))
  row(headers, 'TH')
  for (const cells of of.rows) {
    if (ensure(sheet, height(cells))) repeatHeader(sheet, headers, draw, height(headers), of.x, right)
    row(cells, 'TD')
  }
  element.end()
}

function styleOf(cell: Cell, column: Column | undefined): TextStyle {
  const width = (column?.width ?? 0) - 2 * padding
  return {
    ...cellStyle,
    ...cell.style,
    width,
    align: column?.align ?? 'left',
    ...(cell.link === undefined ? {} : { link: cell.link, color: ink.council }),
  }
}

function background(sheet: Sheet, left: number, right: number, height: number): void {
  const top = sheet.pdf.y
  artifact(sheet, () => sheet.pdf.rect(left, top, right - left, height).fill(ink.wash))
}

function repeatHeader(
  sheet: Sheet,
  headers: Cell[],
  draw: (cell: Cell, at: number, top: number) => void,
  height: number,
  left: number,
  right: number,
): void {
  const top = sheet.pdf.y
  background(sheet, left, right, height)
  artifact(sheet, () => {
    for (const [at, header] of headers.entries()) draw(header, at, top)
  })
  sheet.pdf.y = Math.min(top + height, page.height - page.bottom)
}
