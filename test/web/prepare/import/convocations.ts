import PDFDocument from 'pdfkit'

/** A convocation as a Galician council writes it: letterhead, parts, wrapped titles, orders and signatures after the list. */
export const galician = `CONCELLO DE VILARIÑO DO MONTE
Praza do Concello, 1. 27999 Vilariño do Monte (Lugo)

RESOLUCIÓN DA ALCALDÍA
De conformidade co establecido no artigo 80 do Regulamento de organización, funcionamento e réxime
xurídico das entidades locais, RESOLVO: convocar sesión ordinaria do Pleno para o día 27 de outubro
de 2026, ás 19:30 horas, en primeira convocatoria, coa seguinte

ORDE DO DÍA

I. PARTE RESOLUTIVA
1.- Aprobación, se procede, do borrador da acta da sesión anterior, ordinaria, de data 20 de agosto
de 2026.
2.- Ditame da Comisión Informativa de Facenda sobre a aprobación inicial do expediente de modifi-
cación de crédito 7/2026, de acordo co artigo
12. da ordenanza.
3.- Proposta da Alcaldía sobre a adhesión ao convenio de recollida do lixo.

II. ACTIVIDADE DE CONTROL
4.- Dación de conta das resolucións da Alcaldía, da nº 310/2026 á nº 355/2026.
5.- Mocións.
6.- Rogos e preguntas.

O que se lle comunica para o seu coñecemento e efectos oportunos.
Vilariño do Monte, 22 de outubro de 2026
A alcaldesa,
Asdo.: Sabela Outedal
Documento asinado electronicamente. CSV: A1B2C3D4E5F6
`

/** The same in Spanish with ordinals in words, sub-numbers by part, and the code of the sede on every page. */
export const spanish = `AYUNTAMIENTO DE VILARIÑO DO MONTE
Convocatoria de sesión extraordinaria

ORDEN DEL DÍA:

PARTE DISPOSITIVA
Primero.- Lectura y aprobación, en su caso, del acta de la sesión anterior.
Segundo.- Dictamen de la Comisión de Urbanismo: aprobación provisional de la modificación
puntual del plan general.
Código seguro de verificación: XYZ-123 · Página 1 de 2
Tercero.- Propuesta de nombramiento de representantes.
PARTE DE CONTROL Y FISCALIZACIÓN
Cuarto.- Dar cuenta de los decretos de Alcaldía.
Quinto.- Ruegos y preguntas.

Lo que se le notifica a los efectos oportunos, rogándole su asistencia.
El Alcalde
`

/** A convocation set as PDF at test time, wrapped by the page. */
export async function toPdf(text: string, options: { userPassword?: string; pages?: number } = {}): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4', margin: 60, ...(options.userPassword ? { userPassword: options.userPassword } : {}) })
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve) => pdf.on('end', resolve))
  pdf.font('Times-Roman').fontSize(12)
  for (let page = 0; page < (options.pages ?? 1); page++) {
    if (page > 0) pdf.addPage()
    for (const line of text.split('\n')) line === '' ? pdf.moveDown() : pdf.text(line)
  }
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}

/** A scanned page: a picture, no text. */
export async function scannedPdf(): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4' })
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve) => pdf.on('end', resolve))
  pdf.rect(60, 60, 300, 400).fill('#888888')
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}
