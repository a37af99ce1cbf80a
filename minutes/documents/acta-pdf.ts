import { type Acta, type ActaBlock, isNotHeld } from '../../storage/model/acta.ts'
import { wallTime } from '../../storage/model/council-clock.ts'
import { printFiles, printMarks } from './acta-annexes.ts'
import { printApproval, printSignatures } from './acta-closing.ts'
import { printAgreement, printItem, printTurn, printVote } from './acta-item.ts'
import { printAgenda, printHeader, printHeading, printNames, printSentences, printTitle } from './acta-opening.ts'
import { type ActaMaterial, type ActaPrint, signerOf } from './acta-print.ts'
import { bilingualWords } from './bilingual-words.ts'
import { documentWords, yearOf } from './document-words.ts'
import { printFrames } from './page-frame.ts'
import { openSheet } from './sheet.ts'
import type { DocumentWords } from './words-gl.ts'

/**
 * The acta as PDF/A-3a in its legal order (law.md §3): tagged, typefaces embedded, manifest attached (AFRelationship Data), with the three
 * signature fields that `signPdf` fills. The same material gives the same bytes. Conformance is claimed by its metadata and held by tests
 * on its structure; veraPDF has not seen it.
 */
export async function renderActaPdf(material: ActaMaterial): Promise<Uint8Array<ArrayBuffer>> {
  const { acta, council, session, createdAt } = material
  const words = wordsOf(acta)
  const year = yearOf(session.convenedFor, council.timeZone)
  const say = isNotHeld(acta) ? words.notHeldDocument : words.documentTitle
  const title = say(session.body, session.actaNumber, year, council.name)
  const sheet = openSheet({ title, author: council.name, subject: words.book(session.body, year), language: acta.language, createdAt })
  const { day } = wallTime(createdAt.getTime(), council.timeZone)
  const secretary = signerOf(council, 'secretary', day)
  const mayor = signerOf(council, 'mayor', day)
  const print: ActaPrint = {
    ...material,
    sheet,
    words,
    year,
    parent: sheet.root,
    ...(secretary ? { secretary } : {}),
    ...(mayor ? { mayor } : {}),
  }
  sheet.pdf.file(Buffer.from(material.manifest), {
    name: 'acta-manifest.json',
    type: 'application/json',
    description: words.manifestDescription,
    relationship: 'Data',
    creationDate: createdAt,
    modifiedDate: createdAt,
  } as PDFKit.Mixins.PDFAttachmentOptions)
  printHeader(print)
  let section = ''
  for (const block of acta.blocks) section = printBlock(print, block, section)
  printApproval(print)
  printSignatures(print)
  printMarks(print)
  printFiles(print)
  sheet.root.end()
  printFrames(print)
  sheet.pdf.end()
  return await sheet.bytes()
}

function wordsOf(acta: Acta): DocumentWords {
  const [gl, es] = [documentWords('gl'), documentWords('es')]
  if (acta.bilingual) return acta.language === 'gl' ? bilingualWords(gl, es) : bilingualWords(es, gl)
  return documentWords(acta.language)
}

/** Draws a block under the heading of its section. @returns the section that is open after it */
function printBlock(print: ActaPrint, block: ActaBlock, open: string): string {
  const section = 'section' in block ? block.section : block.kind
  if (section !== open) printSectionHeading(print, section)
  switch (block.kind) {
    case 'title':
      printTitle(print, block)
      break
    case 'paragraph':
      printSentences(print, block.sentences)
      break
    case 'list':
      if (block.section === 'agenda') printAgenda(print, block)
      else printNames(print, block)
      break
    case 'item':
      printItem(print, block)
      break
    case 'turn':
      printTurn(print, block)
      break
    case 'vote':
      printVote(print, block)
      break
    case 'agreement':
      printAgreement(print, block)
      break
    case 'incident':
      printSentences(print, block.sentences)
      break
  }
  return section
}

function printSectionHeading(print: ActaPrint, section: string): void {
  const { words } = print
  const headings: Record<string, string> = {
    attendance: words.attendance,
    constitution: words.constitution,
    recording: words.recording,
    ...(isNotHeld(print.acta) ? {} : { closing: words.closing }),
  }
  const heading = headings[section]
  if (heading !== undefined) printHeading(print, heading)
}
