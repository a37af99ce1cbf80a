import type { ActaBlock, Sentence } from '../../storage/model/acta.ts'
import type { ActaPrint } from './acta-print.ts'
import { twice } from './bilingual-words.ts'
import { columnsOf, printColumns } from './columns.ts'
import { documentWords, mediaTime } from './document-words.ts'
import {
  artifact,
  ensure,
  heightOf,
  ink,
  page,
  place,
  rule,
  type StructureElement,
  section,
  type TextStyle,
  textWidth,
  write,
} from './sheet.ts'

type Block<K extends ActaBlock['kind']> = Extract<ActaBlock, { kind: K }>

/** The council's name beside its mark, and which acta of which book this is. */
export function printHeader(of: ActaPrint): void {
  const { sheet, council, session, words, year } = of
  const { pdf } = sheet
  const top = 52
  artifact(sheet, () => drawMark(of, page.left, top))
  place(sheet, of.parent, 'P', () =>
    write(
      sheet,
      council.name.toLocaleUpperCase(words.locale),
      { face: 'sansBold', size: 10, spacing: 0.8, color: ink.council, x: page.left + 42 },
      top + 3,
    ),
  )
  place(sheet, of.parent, 'P', () =>
    write(
      sheet,
      `${words.actaNumber(session.actaNumber, year)} · ${words.book(session.body, year)}`,
      { face: 'sans', size: 8.5, color: ink.quiet, x: page.left + 42 },
      top + 20,
    ),
  )
  rule(sheet, top + 50)
  pdf.y = top + 76
}

/** A shield with the first letter of the municipality: a council that has arms puts them here. */
function drawMark({ sheet, council }: ActaPrint, x: number, y: number): void {
  const { pdf } = sheet
  pdf.path(`M ${x} ${y} h 30 v 19 a 15 16 0 0 1 -30 0 z`).fill(ink.council)
  pdf.font('serifBold').fontSize(17).fillColor('#ffffff')
  pdf.text(council.municipality.slice(0, 1).toUpperCase(), x, y + 5, { width: 30, align: 'center', lineBreak: false })
}

/** The title, and under it whether this is a video-acta (R79). In lines of about the same length: a date is not left alone on the last one. */
export function printTitle(of: ActaPrint, block: Block<'title'>): void {
  const { sheet } = of
  if (of.acta.bilingual) {
    printTitleInColumns(of, block)
    return
  }
  const [title, ...more] = block.sentences
  const text = title?.text ?? ''
  const style: TextStyle = { face: 'serifBold', size: 15, lineGap: 1.5 }
  const height = heightOf(sheet, text, style)
  let width = textWidth
  while (width > textWidth / 2 && heightOf(sheet, text, { ...style, width: width - 8 }) <= height) width -= 8
  place(sheet, of.parent, 'H1', () => write(sheet, text, { ...style, width }))
  if (more.length > 0) sheet.pdf.y += 4
  for (const one of more) place(sheet, of.parent, 'P', () => write(sheet, one.text, { face: 'serif', size: 11.5, color: ink.quiet }))
  sheet.pdf.y += 14
}

function printTitleInColumns(of: ActaPrint, block: Block<'title'>): void {
  const [title, ...more] = block.sentences
  const look: TextStyle = { face: 'sansBold', size: 7.5, spacing: 0.6, color: ink.council }
  printColumns(of, 'P', { gl: documentWords('gl').language, es: documentWords('es').language }, look)
  of.sheet.pdf.y += 4
  if (title) printColumns(of, 'H1', columnsOf(title), { face: 'serifBold', size: 12.5 })
  of.sheet.pdf.y += 4
  for (const one of more) printColumns(of, 'P', columnsOf(one), { face: 'serif', size: 10.5, color: ink.quiet })
  of.sheet.pdf.y += 14
}

/** A heading, kept with what follows it; of the text column unless `x` says otherwise. */
export function printHeading(of: ActaPrint, text: string, type: 'H2' | 'H3' = 'H2', x: number = page.text): void {
  const { sheet } = of
  if (!ensure(sheet, 64) && sheet.pdf.y > page.top) sheet.pdf.y += type === 'H2' ? 14 : 8
  const style: TextStyle = type === 'H2' ? { face: 'serifBold', size: 12.5, x } : { face: 'sansBold', size: 8.5, color: ink.quiet, x }
  place(sheet, of.parent, type, () => write(sheet, text, style))
  sheet.pdf.y += 3
}

/** A paragraph; sentences in the other language are marked as such, each run on its own. */
export function printSentences(of: ActaPrint, sentences: Sentence[], style: TextStyle = {}): void {
  const { sheet } = of
  if (of.acta.bilingual) {
    for (const one of sentences) {
      printColumns(of, 'P', columnsOf(one), style)
      sheet.pdf.y += 3
    }
    sheet.pdf.y += 3
    return
  }
  for (const run of byLanguage(sentences)) {
    ensure(sheet, Math.min(heightOf(sheet, run.text, style), 32))
    place(sheet, of.parent, 'P', () => write(sheet, run.text, style), { lang: run.language })
  }
  sheet.pdf.y += 6
}

function byLanguage(sentences: Sentence[]): { language: Sentence['language']; text: string }[] {
  const runs: { language: Sentence['language']; text: string }[] = []
  for (const one of sentences) {
    const last = runs.at(-1)
    if (last?.language === one.language) last.text += ` ${one.text}`
    else runs.push({ language: one.language, text: one.text })
  }
  return runs
}

export function joined(sentences: Sentence[]): string {
  return sentences.map((one) => one.text).join(' ')
}

/** Who came, group by group: a label and the names under it, in two columns where they are many. */
export function printNames(of: ActaPrint, block: Block<'list'>): void {
  const { sheet } = of
  printHeading(of, twice(block.heading, block.otherHeading), 'H3')
  const columns = block.entries.length > 4 ? 2 : 1
  const width = textWidth / columns
  const list = section(sheet, of.parent, 'L')
  for (let at = 0; at < block.entries.length; at += columns) {
    const row = block.entries.slice(at, at + columns)
    const height = Math.max(...row.map((one) => heightOf(sheet, one.text, { width: width - 10 })))
    ensure(sheet, height)
    const top = sheet.pdf.y
    for (const [column, entry] of row.entries()) {
      const x = page.text + column * width
      const item = section(sheet, list, 'LI')
      place(sheet, item, 'LBody', () => write(sheet, entry.text, { x, width: width - 10 }, top))
      item.end()
    }
    sheet.pdf.y = top + height + 1
  }
  list.end()
  sheet.pdf.y += 6
}

/** The agenda, each item with its number and the link to its place in the recording. */
export function printAgenda(of: ActaPrint, block: Block<'list'>): void {
  const { sheet, acta, words, addresses } = of
  printHeading(of, words.agenda)
  const items = acta.blocks.filter((one) => one.kind === 'item')
  const list = section(sheet, of.parent, 'L')
  for (const [at, entry] of block.entries.entries()) {
    const item = items[at]
    const style = { width: textWidth - 26 - 62, x: page.text + 26 }
    if (of.acta.bilingual) {
      printAgendaInColumns(of, list, entry, item)
      continue
    }
    ensure(sheet, heightOf(sheet, entry.text, style))
    const top = sheet.pdf.y
    const line = section(sheet, list, 'LI')
    place(sheet, line, 'Lbl', () => write(sheet, `${item?.number ?? at + 1}.`, { face: 'serifBold', width: 24 }, top))
    let bottom = top
    place(sheet, line, 'LBody', () => {
      write(sheet, entry.text, style, top)
      bottom = sheet.pdf.y
    })
    const from = item?.fromMs
    if (item !== undefined && from !== undefined) {
      const time = mediaTime(from)
      const look: TextStyle = {
        ...timeStyle,
        x: page.width - page.right - 60,
        width: 60,
        align: 'right',
        link: addresses.itemUrl(item.item, from),
      }
      place(sheet, line, 'Link', () => write(sheet, `▶ ${time}`, look, top + 1.5), { alt: words.watch(time) })
    }
    line.end()
    sheet.pdf.y = bottom + 2
  }
  list.end()
  sheet.pdf.y += 6
}

/** Number and time in the margin, the title in both languages beside them. */
function printAgendaInColumns(of: ActaPrint, list: StructureElement, entry: Sentence, item: Block<'item'> | undefined): void {
  const { sheet, words, addresses } = of
  ensure(sheet, 40)
  const top = sheet.pdf.y
  const line = section(sheet, list, 'LI')
  place(sheet, line, 'Lbl', () => write(sheet, `${item?.number ?? ''}.`, { face: 'serifBold', x: page.left, width: 20 }, top))
  if (item?.fromMs !== undefined) {
    const time = mediaTime(item.fromMs)
    const look: TextStyle = { ...timeStyle, x: page.left + 20, width: 46, link: addresses.itemUrl(item.item, item.fromMs) }
    place(sheet, line, 'Link', () => write(sheet, `▶ ${time}`, look, top + 1.5), { alt: words.watch(time) })
  }
  sheet.pdf.y = top
  const body = section(sheet, line, 'LBody')
  printColumns({ ...of, parent: body }, 'P', columnsOf(entry))
  body.end()
  line.end()
  sheet.pdf.y += 3
}

/** Links to the recording, wherever they stand. */
export const timeStyle: TextStyle = { face: 'serif', size: 9, color: ink.council }
