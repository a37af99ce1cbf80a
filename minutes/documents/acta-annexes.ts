import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import type { ActaBlock } from '../../storage/model/acta.ts'
import { printHeading } from './acta-opening.ts'
import type { ActaPrint } from './acta-print.ts'
import { mediaTime } from './document-words.ts'
import { ensure, fullWidth, page, place, write } from './sheet.ts'
import { type Cell, table } from './table.ts'

/** Annex A: where in the recording each item and each intervention is. */
export function printMarks(of: ActaPrint): void {
  const { sheet, acta, words } = of
  const rows = acta.blocks.flatMap((block) => markOf(of, block))
  if (rows.length === 0) return
  sheet.pdf.addPage()
  printHeading(of, words.marks, 'H2', page.left)
  place(sheet, of.parent, 'P', () => write(sheet, words.marksIntro, { x: page.left, width: fullWidth }))
  sheet.pdf.y += 8
  const columns = [
    { header: words.mark, width: fullWidth - 150 },
    { header: words.from, width: 75 },
    { header: words.until, width: 75 },
  ]
  table(sheet, of.parent, { x: page.left, columns, rows, alt: words.marks })
}

function markOf({ words, addresses }: ActaPrint, block: ActaBlock): Cell[][] {
  if ((block.kind !== 'item' && block.kind !== 'turn') || block.fromMs === undefined) return []
  const { fromMs } = block
  const toMs =
    block.kind === 'item' ? block.toMs : Math.max(0, ...block.sentences.flatMap((one) => one.sources.map((source) => source.toMs)))
  const who =
    block.kind === 'item'
      ? `${block.number}. ${block.heading}`
      : `      ${block.speaker}${block.group === undefined ? '' : ` (${block.group})`}`
  const time = mediaTime(fromMs)
  return [
    [
      { text: who, style: block.kind === 'item' ? { face: 'sansBold' } : {} },
      { text: `▶ ${time}`, link: addresses.itemUrl(block.item, fromMs), alt: words.watch(time), style: { face: 'serif', size: 9 } },
      { text: toMs === undefined || toMs === 0 ? '' : mediaTime(toMs), style: { face: 'serif', size: 9 } },
    ],
  ]
}

/** Annex B: the files that go with the acta, each by its hash. */
export function printFiles(of: ActaPrint): void {
  const { sheet, words, recording, manifest } = of
  ensure(sheet, 170)
  printHeading(of, words.files, 'H2', page.left)
  place(sheet, of.parent, 'P', () => write(sheet, words.filesIntro, { x: page.left, width: fullWidth }))
  sheet.pdf.y += 8
  const bytes = (count: number) => words.bytes(count.toLocaleString(words.locale))
  const rows: Cell[][] = []
  if (recording !== undefined) {
    const gaps = recording.gaps.map((gap) => `${mediaTime(gap.fromMs)}–${mediaTime(gap.toMs)}`).join(', ')
    const takeovers = (recording.takeovers ?? []).map(({ name, fromMs }) => `${mediaTime(fromMs)} ${name}`).join(', ')
    const facts = [
      `${words.duration} ${mediaTime(recording.durationMs)}`,
      recording.format,
      bytes(recording.sizeBytes),
      gaps === '' ? words.noGaps : words.gaps(gaps),
      ...(takeovers === '' ? [] : [words.ofRecord(takeovers)]),
    ]
    rows.push(fileRow(recording.name, facts.join(' · '), recording.sha256))
  }
  rows.push(fileRow('acta-manifest.json', `${bytes(manifest.length)} · ${words.attached}`, toHex(sha256Now(manifest))))
  const columns = [
    { header: words.file, width: 178 },
    { header: words.hash, width: fullWidth - 178 },
  ]
  table(sheet, of.parent, { x: page.left, columns, rows, alt: words.files })
}

function fileRow(name: string, facts: string, sha256: string): Cell[] {
  return [{ text: `${name} · ${facts}` }, { text: sha256, style: { size: 7.4 } }]
}
