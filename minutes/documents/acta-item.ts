import type { ActaBlock } from '../../storage/model/acta.ts'
import type { Sense } from '../../storage/model/session-events.ts'
import { joined, printHeading, printSentences, timeStyle } from './acta-opening.ts'
import type { ActaPrint } from './acta-print.ts'
import { columnsOf, printColumns } from './columns.ts'
import { documentWords, mediaTime } from './document-words.ts'
import { artifact, ensure, heightOf, ink, page, place, rule, type TextStyle, textWidth, write } from './sheet.ts'
import { table } from './table.ts'

type Block<K extends ActaBlock['kind']> = Extract<ActaBlock, { kind: K }>

/** Number and time stand in the margin column, the title beside them. */
export function printItem(of: ActaPrint, block: Block<'item'>): void {
  const { sheet } = of
  const style: TextStyle = { face: 'serifBold', size: 13 }
  ensure(sheet, heightOf(sheet, block.heading, style) + 80)
  if (sheet.pdf.y > page.top) {
    sheet.pdf.y += 14
    rule(sheet, sheet.pdf.y)
    sheet.pdf.y += 10
  }
  const top = sheet.pdf.y
  if (of.acta.bilingual) printItemInColumns(of, block, top)
  else
    place(sheet, of.parent, 'H2', () => {
      write(sheet, `${block.number}.`, { face: 'serifBold', size: 13, x: page.left, width: 40 }, top)
      write(sheet, block.heading, style, top)
    })
  const bottom = sheet.pdf.y
  if (block.fromMs !== undefined) printTime(of, block.item, block.fromMs, top + 18)
  sheet.pdf.y = Math.max(bottom, top + (block.fromMs === undefined ? 0 : 30)) + 4
}

function printItemInColumns(of: ActaPrint, block: Block<'item'>, top: number): void {
  const { sheet, acta } = of
  place(sheet, of.parent, 'P', () => write(sheet, `${block.number}.`, { face: 'serifBold', size: 13, x: page.left, width: 40 }, top))
  sheet.pdf.y = top
  const heading = {
    text: block.heading,
    language: acta.language,
    ...(block.otherHeading === undefined ? {} : { other: block.otherHeading }),
  }
  printColumns(of, 'H2', columnsOf(heading), { face: 'serifBold', size: 11.5 })
}

function printTime({ sheet, parent, words, addresses }: ActaPrint, item: string, fromMs: number, y: number): void {
  const time = mediaTime(fromMs)
  const style: TextStyle = { ...timeStyle, x: page.left, width: page.text - page.left - 6, link: addresses.itemUrl(item, fromMs) }
  place(sheet, parent, 'Link', () => write(sheet, `▶ ${time}`, style, y), { alt: words.watch(time) })
}

/** One intervention: who, of which group, from when; then what was said, in short. */
export function printTurn(of: ActaPrint, block: Block<'turn'>): void {
  const { sheet } = of
  ensure(sheet, 46)
  const top = sheet.pdf.y + 2
  const who = block.group === undefined ? block.speaker : `${block.speaker} (${block.group})`
  place(sheet, of.parent, 'P', () => write(sheet, who, { face: 'sansBold', size: 9 }, top))
  const bottom = sheet.pdf.y
  if (block.fromMs !== undefined) printTime(of, block.item, block.fromMs, top)
  sheet.pdf.y = bottom + 1
  if (of.acta.bilingual) printSpoken(of, block)
  else printSentences(of, block.sentences)
}

/** What was said stays in the column of the language it was said in, unless the secretary wrote it in both. */
function printSpoken(of: ActaPrint, block: Block<'turn'>): void {
  const note = { gl: documentWords('gl').spokenInOther, es: documentWords('es').spokenInOther }
  for (const one of block.sentences) {
    printColumns(of, 'P', { ...columnsOf(one), note })
    of.sheet.pdf.y += 3
  }
  of.sheet.pdf.y += 3
}

const senses: Sense[] = ['favour', 'against', 'abstain']

/** Count by sense, and who voted what where the vote was not secret nor only counted. */
export function printVote(of: ActaPrint, block: Block<'vote'>): void {
  const { sheet, words } = of
  ensure(sheet, 130)
  printHeading(of, words.vote, 'H3')
  printSentences(of, block.sentences)
  const counts = senses.map((sense) => ({ text: String(block[sense]), style: { face: 'serifBold', size: 14 } as const }))
  const told = senses.map((sense) => ({ text: namesOf(sense, block, words), style: { size: 8 } }))
  const widths = senses.map((sense) => widthOf(sense, block))
  table(sheet, of.parent, {
    x: page.text,
    columns: senses.map((sense, at) => ({ header: words[sense], width: widths[at] ?? 0 })),
    rows: [counts, told],
    alt: words.voteTable(block.favour, block.against, block.abstain),
  })
  sheet.pdf.y += 8
}

/** Who voted so; what the names do not cover is said, so that counts and names agree. */
function namesOf(sense: Sense, block: Block<'vote'>, words: ActaPrint['words']): string {
  const named = block.ballots.filter((one) => one.sense === sense)
  const unnamed = block[sense] - named.length
  if (block[sense] === 0) return words.nobody
  if (named.length === 0) return words.noNames
  const names = named.map((one) => (one.absent ? words.byAbsence(one.name) : one.name)).join(', ')
  return unnamed > 0 ? words.andUnnamed(names, unnamed) : names
}

/** The column with most names gets most room. */
function widthOf(sense: Sense, block: Block<'vote'>): number {
  const named = (one: Sense) => Math.max(block.ballots.filter((ballot) => ballot.sense === one).length, 4)
  const all = senses.reduce((sum, one) => sum + Math.sqrt(named(one)), 0)
  return (textWidth * Math.sqrt(named(sense))) / all
}

/** The operative part, set off by a bar: it is what the acta is for. */
export function printAgreement(of: ActaPrint, block: Block<'agreement'>): void {
  const { sheet, words } = of
  const style: TextStyle = { face: 'serif', size: 11, x: page.text + 12, width: textWidth - 12 }
  const text = joined(block.sentences)
  ensure(sheet, Math.min(heightOf(sheet, text, style) + 34, 300))
  printHeading(of, words.agreement, 'H3')
  const top = sheet.pdf.y
  const started = sheet.pdf.page
  if (of.acta.bilingual) printSentences(of, block.sentences)
  for (const sentence of of.acta.bilingual ? [] : block.sentences) {
    place(sheet, of.parent, 'P', () => write(sheet, sentence.text, style), { lang: sentence.language })
    sheet.pdf.y += 2
  }
  const bottom = sheet.pdf.y
  if (sheet.pdf.page === started)
    artifact(sheet, () => sheet.pdf.rect(page.text - (of.acta.bilingual ? 10 : 0), top, 2.5, bottom - top).fill(ink.council))
  sheet.pdf.y = bottom + 8
}
