import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoAuthority, openDemoAuthority } from '../../../commands/demo/authority.ts'
import { renderActaPdf } from '../../../minutes/documents/acta-pdf.ts'
import { signatureLook } from '../../../minutes/documents/signature-look.ts'
import { signPdf } from '../../../minutes/signature/pades.ts'
import type { SignatureField } from '../../../minutes/signature/signature-field.ts'
import { sampleActa } from '../documents/sample-acta.ts'

/** An acta signed by the demo's authority, with every revision on the way. */
export interface SignedActa extends AsyncDisposable {
  authority: DemoAuthority
  material: ReturnType<typeof sampleActa>
  unsigned: Uint8Array
  sealed: Uint8Array
  bySecretary: Uint8Array
  complete: Uint8Array
  sign(pdf: Uint8Array, field: SignatureField, by?: Partial<Parameters<typeof signPdf>[1]>): Promise<Uint8Array>
}

export async function signedActa(): Promise<SignedActa> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-signed-acta-'))
  const names = { seal: 'Concello de Vilariño do Monte', secretary: 'Noela Lestrigo', mayor: 'Sabela Outedal' }
  const council = { name: names.seal, dir3: 'L01279990' }
  const authority = await openDemoAuthority(folder, { council, secretary: names.secretary, mayor: names.mayor })
  const material = sampleActa({ turns: 1, items: 2 })
  const at = new Date()
  const sign: SignedActa['sign'] = (pdf, field, by = {}) =>
    signPdf(pdf, {
      field,
      name: names[field],
      reason: 'Acta do Pleno',
      at,
      signer: authority[field],
      timeStamp: authority.timeStamps,
      look: signatureLook({ field, name: names[field], at, language: 'gl', council: material.council }),
      ...by,
    })
  const unsigned = await renderActaPdf(material)
  const sealed = await sign(unsigned, 'seal')
  const bySecretary = await sign(sealed, 'secretary')
  const complete = await sign(bySecretary, 'mayor')
  return {
    authority,
    material,
    unsigned,
    sealed,
    bySecretary,
    complete,
    sign,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
