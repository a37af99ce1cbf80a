import type { ActaPrint } from './acta-print.ts'
import { longDate } from './document-words.ts'
import { artifact, ink, page, type Sheet, type TextStyle, write } from './sheet.ts'

/**
 * Head and foot of every page, as pagination artifacts, once it is known how many pages there are (law.md §3.12, R37): where to check the
 * document, its code, page n of m, and in a demo that the signatures are tests.
 */
export function printFrames(of: ActaPrint): void {
  const { sheet } = of
  const { start, count } = sheet.pdf.bufferedPageRange()
  for (let at = start; at < start + count; at++) {
    sheet.pdf.switchToPage(at)
    // Text under the bottom margin would open a new page.
    sheet.pdf.page.margins.bottom = 0
    artifact(sheet, () => printFoot(of, at + 1, count), 'Pagination')
    if (at > start) artifact(sheet, () => printRunningHead(of), 'Pagination')
    sheet.pdf.page.margins.bottom = page.bottom
  }
}

function printRunningHead({ sheet, council, session, words, year }: ActaPrint): void {
  const day = longDate(session.convenedFor, words, council.timeZone)
  single(sheet, council.name, { face: 'sans', size: 8, color: ink.quiet, x: page.left }, 44)
  const right = `${words.running[session.kind]} · ${day} · ${words.actaNumber(session.actaNumber, year)}`
  single(sheet, right, { face: 'sans', size: 8, color: ink.quiet, x: page.left, align: 'right' }, 44)
  line(sheet, 60)
}

function printFoot({ sheet, words, council, csv, addresses }: ActaPrint, number: number, of: number): void {
  const top = page.height - 58
  line(sheet, top)
  const check = [...(csv === undefined ? [] : [words.csv(csv)]), words.verify(addresses.verifyUrl)].join(' · ')
  single(sheet, check, { face: 'sans', size: 7.5, color: ink.quiet, x: page.left }, top + 8)
  single(sheet, words.page(number, of), { face: 'sans', size: 7.5, color: ink.quiet, x: page.left, align: 'right' }, top + 8)
  if (council.demo) single(sheet, words.demoMark, { face: 'sansBold', size: 7.5, color: '#8a5300', x: page.left }, top + 20)
}

/** A line cut to the page's width: nothing in a frame may flow. */
function single(sheet: Sheet, text: string, style: TextStyle, y: number): void {
  write(sheet, text, { ...style, width: page.width - page.left - page.right }, y)
}

function line(sheet: Sheet, y: number): void {
  sheet.pdf
    .moveTo(page.left, y)
    .lineTo(page.width - page.right, y)
    .lineWidth(0.5)
    .strokeColor(ink.line)
    .stroke()
}
