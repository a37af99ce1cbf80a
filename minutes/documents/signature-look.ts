import type { Council } from '../../storage/model/council.ts'
import type { SignatureField, SignatureLook } from '../signature/signature-field.ts'
import { documentWords } from './document-words.ts'

/** What a signature's place on the page says, in the acta's language. */
export function signatureLook(of: {
  field: SignatureField
  name: string
  at: Date
  language: 'gl' | 'es'
  council: Council
}): SignatureLook {
  const words = documentWords(of.language)
  const when = new Intl.DateTimeFormat(words.locale, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone: of.council.timeZone,
  }).format(of.at)
  const mark = of.council.demo ? [words.demoMark] : []
  if (of.field === 'seal') return { lines: [`${words.sealedBy} ${of.name}`, [words.onDay(when), ...mark].join(' · ')] }
  return { lines: [`${words.signedBy} ${of.name}`, words.onDay(when), words.validate, ...mark] }
}
