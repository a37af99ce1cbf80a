import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { proposeAgenda } from '../../../../web/prepare/import/agenda-text.ts'
import { readPdf, readUpload, uploadLimits } from '../../../../web/prepare/import/read-upload.ts'
import { galician, scannedPdf, spanish, toPdf } from './convocations.ts'

/** The limits with time enough for a loaded machine. */
const patient = { ...uploadLimits, timeoutMs: 120_000 }

describe('a file with an agenda', () => {
  test.each([
    ['Galician', galician],
    ['Spanish', spanish],
  ])('a %s convocation in PDF proposes the same as its text', async (_, text) => {
    const read = await readPdf(await toPdf(text), patient)
    expect(proposeAgenda(read).items).toEqual(proposeAgenda(text).items)
  })

  test.each([
    ['encrypted', () => toPdf(galician, { userPassword: 'segredo' })],
    ['no-text', () => scannedPdf()],
    ['too-many-pages', () => toPdf('1. Un', { pages: 61 })],
    ['not-pdf', async () => (await toPdf(galician)).subarray(0, 300)],
    ['not-pdf', async () => Buffer.from('%PDF-1.7\nnada')],
    ['too-much', async () => bomb()],
  ] as const)('%s is told by its name', async (problem, file) => {
    await expect(readPdf(await file(), patient)).rejects.toMatchObject({ name: 'UploadRefusedError', problem })
  })

  test('what takes too long is ended, and told', async () => {
    await expect(readPdf(await toPdf(galician), { ...uploadLimits, timeoutMs: 1 })).rejects.toMatchObject({ problem: 'too-much' })
  })

  test('too large, a name that lies, and bytes that are no text are refused', async () => {
    await expect(readUpload(new Uint8Array(uploadLimits.bytes + 1), 'a.txt')).rejects.toMatchObject({ problem: 'too-large' })
    await expect(readUpload(Buffer.from('1. Un'), 'a.pdf')).rejects.toMatchObject({ problem: 'not-pdf' })
    await expect(readUpload(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'a.docx')).rejects.toMatchObject({ problem: 'not-text' })
    await expect(readUpload(new Uint8Array(0), 'a.txt')).rejects.toMatchObject({ problem: 'not-text' })
  })

  test('text of old programs keeps its accents', async () => {
    expect(await readUpload(Buffer.from('1. Moción', 'latin1'), 'a.txt')).toEqual({ kind: 'text', text: '1. Moción' })
    expect(await readUpload(Buffer.from('\ufeff1. Moción', 'utf16le'), 'a.txt')).toEqual({ kind: 'text', text: '1. Moción' })
  })
})

/** One page whose content unpacks to a gigabyte and a half. */
function bomb(): Uint8Array {
  const packed = deflateSync(Buffer.alloc(1_500_000_000, ' '), { level: 9 })
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>',
  ]
  const head = `%PDF-1.4\n${objects.map((one, index) => `${index + 1} 0 obj\n${one}\nendobj\n`).join('')}4 0 obj\n<</Length ${packed.length}/Filter/FlateDecode>>\nstream\n`
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 5>>\n%%EOF\n')])
}
