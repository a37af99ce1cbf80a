import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderActaPdf } from '../../../minutes/documents/acta-pdf.ts'
import { sameBytes } from '../../../storage/custody/sha256.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { sampleActa } from './sample-acta.ts'

let folder: string
let material: ReturnType<typeof sampleActa>
let text: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-acta-pdf-'))
  material = sampleActa()
  await writeFile(join(folder, 'acta.pdf'), await renderActaPdf(material))
  text = await said('pdftotext', '-enc', 'UTF-8', 'acta.pdf', '-')
})
afterAll(() => rm(folder, { recursive: true }))

async function said(program: string, ...args: string[]): Promise<string> {
  return new TextDecoder().decode((await runProgram(program, args, { cwd: folder, timeoutMs: 30_000 })).stdout)
}

test('qpdf finds no fault, pdfinfo finds it tagged, and it claims PDF/A-3a', async () => {
  await said('qpdf', '--check', 'acta.pdf')
  expect(await said('pdfinfo', 'acta.pdf')).toMatch(/Tagged: +yes[\s\S]*Page size: +595\.28 x 841\.89 pts \(A4\)/)
  const metadata = await said('pdfinfo', '-meta', 'acta.pdf')
  expect(metadata).toMatch(/<pdfaid:part>3<\/pdfaid:part>[\s\S]*<pdfaid:conformance>A<\/pdfaid:conformance>/)
})

test('every typeface is embedded as a subset with its Unicode map', async () => {
  const rows = (await said('pdffonts', 'acta.pdf')).split('\n').slice(2, -1)
  expect(rows.map((row) => row.split('+')[1]?.split(' ')[0]).sort()).toEqual([
    'PublicSans-Regular',
    'PublicSans-SemiBold',
    'SourceSerif4-Regular',
    'SourceSerif4-Semibold',
  ])
  for (const row of rows) expect(row).toMatch(/ yes yes yes +\d+ +0$/)
})

test('the structure tree has the headings, lists, tables, links and signature forms in reading order', async () => {
  const structure = await said('pdfinfo', '-struct', 'acta.pdf')
  expect(structure).toMatch(/^Document/)
  for (const type of ['H1', 'H2', 'H3', 'P', 'L', 'LI', 'Lbl', 'LBody', 'Table', 'TR', 'TH', 'TD', 'Link', 'Form'])
    expect(structure, type).toMatch(new RegExp(`^ *${type}\\b`, 'm'))
  const order = (await said('pdfinfo', '-struct-text', 'acta.pdf')).replace(/\s+/g, ' ')
  expect(order).toMatch(
    /ACTA DA SESIÓN.*Asistencia.*Constitución.*Gravación.*Orde do día.*Votación.*Acordo.*Levantamento da sesión.*Dilixencia de aprobación.*Sinaturas.*Anexo A.*Anexo B/,
  )
})

test('the acta’s words come out of the PDF as they went in, accents and all', () => {
  const flat = text.replace(/\s+/g, ' ')
  for (const wanted of [
    'ACTA DA SESIÓN ORDINARIA',
    'Sr. Duarte Esmorís',
    'Sra. Antía Barral',
    'Sr. Xián Zanfoga',
    'El señor concejal discrepa',
    'Visto e prace: A alcaldesa',
    'A secretaria',
    '▶ 0:00:59',
    'Interrupcións: 0:01:01–0:01:03',
    '5.812.334 bytes',
  ]) {
    expect(flat, wanted).toContain(wanted)
  }
  expect(flat).toContain('0123456789abcdef'.repeat(4))
})

test('each page says which it is, where to check it, and in a demo that its signatures are tests', async () => {
  const pages = text.split('\f').slice(0, -1)
  for (const [at, page] of pages.entries()) {
    expect(page).toContain(`Páxina ${at + 1} de ${pages.length}`)
    expect(page).toContain(material.addresses.verifyUrl)
    expect(page).toContain('SINATURA DE PROBA, SEN VALOR LEGAL')
  }
  const real = { ...material, csv: 'ESC-7F3A-9B21', council: { ...material.council, demo: false } }
  await writeFile(join(folder, 'real.pdf'), await renderActaPdf(real))
  const shown = await said('pdftotext', '-enc', 'UTF-8', 'real.pdf', '-')
  expect(shown).not.toContain('PROBA')
  expect(shown).toContain('CSV ESC-7F3A-9B21')
})

test('times link to their place in the recording', async () => {
  const item = material.session.agenda[0]
  expect(await readFile(join(folder, 'acta.pdf'), 'latin1')).toContain(`/URI (${material.addresses.itemUrl(item?.id ?? '', 59_832)})`)
})

test('the manifest is attached as it is, as data of the document', async () => {
  expect(await said('pdfdetach', '-list', 'acta.pdf')).toContain('1: acta-manifest.json')
  await said('pdfdetach', '-save', '1', '-o', 'manifest.json', 'acta.pdf')
  expect(await readFile(join(folder, 'manifest.json'))).toEqual(Buffer.from(material.manifest))
  expect(await readFile(join(folder, 'acta.pdf'), 'latin1')).toContain('/AFRelationship /Data')
})

test('the same material gives the same bytes', async () => {
  const again = await renderActaPdf(material)
  expect(sameBytes(again, await readFile(join(folder, 'acta.pdf')))).toBe(true)
})

test('a Spanish acta speaks Spanish, and says so', async () => {
  const spanish = { ...material, acta: { ...material.acta, language: 'es' as const } }
  await writeFile(join(folder, 'es.pdf'), await renderActaPdf(spanish))
  const shown = await said('pdftotext', '-enc', 'UTF-8', 'es.pdf', '-')
  expect(shown).toMatch(/Asistencia[\s\S]*Orden del día[\s\S]*Votación[\s\S]*Visto bueno: La alcaldesa[\s\S]*Página 1 de|Página 1 de/)
  expect(await readFile(join(folder, 'es.pdf'), 'latin1')).toContain('/Lang (es-ES)')
  expect(await readFile(join(folder, 'es.pdf'), 'latin1')).toContain('/Lang (gl-ES)')
})

test('what a typeface lacks is shown as a question mark, and an acta without recording or votes is printed too', async () => {
  const { recording: _none, ...rest } = sampleActa({ items: 1, turns: 0 })
  const [title, opening, ...blocks] = rest.acta.blocks
  if (title?.kind !== 'title' || opening?.kind !== 'paragraph') throw new Error('the sample begins with its title')
  const strange = { ...title, sentences: title.sentences.map((one) => ({ ...one, text: 'ACTA 漢字 😀 \u0000 fin' })) }
  const bare = blocks
    .filter((one) => one.kind !== 'vote')
    .map((one) => (one.kind === 'item' ? { kind: one.kind, id: one.id, item: one.item, number: one.number, heading: one.heading } : one))
  await writeFile(join(folder, 'bare.pdf'), await renderActaPdf({ ...rest, acta: { ...rest.acta, blocks: [strange, opening, ...bare] } }))
  await said('qpdf', '--check', 'bare.pdf')
  const shown = await said('pdftotext', '-enc', 'UTF-8', 'bare.pdf', '-')
  expect(shown).toContain('ACTA ?? ? ? fin')
  expect(shown).not.toContain('Anexo A')
})

test('the typefaces in the repository are the ones their list says, with their licences', async () => {
  const fonts = fileURLToPath(new URL('../../../minutes/documents/fonts/', import.meta.url))
  const hashes = Object.fromEntries(
    await Promise.all(
      (await readdir(fonts))
        .filter((name) => name.endsWith('.ttf'))
        .map(
          async (name) =>
            [
              name,
              createHash('sha256')
                .update(await readFile(join(fonts, name)))
                .digest('hex'),
            ] as const,
        ),
    ),
  )
  expect(hashes).toEqual({
    'PublicSans-Regular.ttf': '7b74378b8fc3fb545f189baa193834fab4a7f3e6afec616d5b4a6bbc33217eea',
    'PublicSans-SemiBold.ttf': 'ddb0752076a3d7953d4c72968ee0d80938a58fdb1cc99fd8a0e20294c5a623e0',
    'SourceSerif4-It.ttf': '9d2950a8f1da66e21502c35d646a1d2148e79f9ea43fd2158cf02f5232e7f430',
    'SourceSerif4-Regular.ttf': 'e5a4ee6a3d87bb9024796be390c6771e2a0eb1883dae25effaf57ca01668e24b',
    'SourceSerif4-Semibold.ttf': '36db62940cb5728b12b1802476dc7fcf4c6c519a7bdd476ba23a4e555fc4655f',
  })
  for (const licence of ['PublicSans-OFL.txt', 'SourceSerif4-OFL.txt'])
    expect(await readFile(join(fonts, licence), 'utf8')).toContain('SIL Open Font License, Version 1.1')
})
