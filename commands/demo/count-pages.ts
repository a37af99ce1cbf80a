import { PDFDocument } from '@cantoo/pdf-lib'

/** Pages of a PDF. */
export async function countPages(pdf: Uint8Array): Promise<number> {
  return (await PDFDocument.load(pdf, { updateMetadata: false })).getPageCount()
}
