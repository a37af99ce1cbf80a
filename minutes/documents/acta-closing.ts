import { isNotHeld } from '../../storage/model/acta.ts'
import { fullName } from '../../storage/model/council.ts'
import type { signatureFields } from '../signature/signature-field.ts'
import { printHeading } from './acta-opening.ts'
import type { ActaPrint } from './acta-print.ts'
import { longDay } from './document-words.ts'
import { artifact, ensure, fullWidth, ink, page, place, type StructureElement, type TextStyle, write } from './sheet.ts'

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** How the next session approved it (law.md §3.13, R33). */
export function printApproval(of: ActaPrint): void {
  const { acta, words, sheet } = of
  if (acta.approval === undefined) return
  const day = longDay(acta.approval.date, words)
  const { rectifications } = acta.approval
  printHeading(of, words.approval)
  place(sheet, of.parent, 'P', () =>
    write(sheet, rectifications === undefined ? words.approvedWithout(day) : words.approvedWith(day, rectifications)),
  )
  sheet.pdf.y += 6
}

/** Places of the signatures: secretary, mayor's visto e prace beside it, the council's seal under both (R34). */
export function printSignatures(of: ActaPrint): void {
  const { sheet, words, council } = of
  const [boxHeight, sealHeight, gap] = [112, 74, 15]
  ensure(sheet, boxHeight + sealHeight + gap + 60)
  printHeading(of, words.signatures, 'H2', page.left)
  const top = sheet.pdf.y + 4
  const width = (fullWidth - gap) / 2
  const secretary = of.secretary?.capacity ?? words.secretary[of.secretary?.who.treatment ?? 'Sra.']
  const capacity = of.mayor?.capacity
  const mayor = capacity === undefined ? words.mayor[of.mayor?.who.treatment ?? 'Sra.'] : words.endorsed(capacity)
  const diligence = isNotHeld(of.acta)
  const fields = [
    signatureBox(of, 'secretary', secretary, of.secretary && fullName(of.secretary.who), {
      x: page.left,
      y: top,
      width,
      height: boxHeight,
    }),
    ...(diligence
      ? []
      : [
          signatureBox(of, 'mayor', mayor, of.mayor && fullName(of.mayor.who), {
            x: page.left + width + gap,
            y: top,
            width,
            height: boxHeight,
          }),
        ]),
    signatureBox(of, 'seal', words.seal, council.name, { x: page.left, y: top + boxHeight + gap, width: fullWidth, height: sealHeight }),
  ]
  addForm(of, fields)
  sheet.pdf.y = top + boxHeight + gap + sealHeight + 12
}

type Annotation = PDFKit.PDFPage['annotations'][number]

function signatureBox(
  of: ActaPrint,
  field: (typeof signatureFields)[number],
  office: string,
  name: string | undefined,
  box: Box,
): Annotation {
  const { sheet, words } = of
  const label: TextStyle = { face: 'sansBold', size: 8, color: ink.quiet, x: box.x + 10, width: box.width - 20 }
  artifact(sheet, () => {
    sheet.pdf.roundedRect(box.x, box.y, box.width, box.height, 4).lineWidth(0.75).strokeColor(ink.line).stroke()
  })
  place(sheet, of.parent, 'P', () => write(sheet, office, label, box.y + 9))
  if (name !== undefined)
    place(sheet, of.parent, 'P', () =>
      write(sheet, name, { face: 'serifBold', size: 11, x: box.x + 10, width: box.width - 20 }, box.y + 21),
    )
  const rect = { x: box.x + 10, y: box.y + 40, width: box.width - 20, height: box.height - 46 }
  return addField(of, field, words.signatureField(office), rect)
}

/** An empty signature field with an empty appearance, as PDF/A asks, in the structure tree as a Form. */
function addField(of: ActaPrint, field: string, tooltip: string, rect: Box): Annotation {
  const { pdf } = of.sheet
  const appearance = pdf.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, rect.width, rect.height] })
  appearance.end(Buffer.from('q Q'))
  const form: StructureElement = pdf.struct('Form', { alt: tooltip })
  of.parent.add(form)
  pdf.annotate(rect.x, rect.y, rect.width, rect.height, {
    Subtype: 'Widget',
    FT: 'Sig',
    // pdfkit tells a PDF string from a name by its String object.
    T: new String(field),
    TU: new String(tooltip),
    // Print and locked (ISO 32000-1, table 165): nobody moves a signature.
    F: 4 + 128,
    AP: { N: appearance },
    P: pdf.page.dictionary,
    structParent: form,
  } as never)
  form.end()
  const added = pdf.page.annotations.at(-1)
  if (added === undefined) throw new TypeError('pdfkit kept no annotation')
  return added
}

/** The form is complete from the start, so that a signature changes its own field and nothing else. */
function addForm(of: ActaPrint, fields: Annotation[]): void {
  const { pdf } = of.sheet
  pdf.font('sans').initForm()
  const { _root: root } = pdf as unknown as { _root: { data: { AcroForm: { data: Record<string, unknown> } } } }
  const form = root.data.AcroForm.data
  form.Fields = fields
  form.SigFlags = 3
  // PDF/A forbids it: every field here has its appearance.
  delete form.NeedAppearances
}
