import { type Acta, type ActaBlock, acta as actaSchema } from '../../storage/model/acta.ts'
import { fullName } from '../../storage/model/council.ts'
import { quorumNow } from '../../storage/model/law/quorum.ts'
import { secondCallMs } from '../../storage/model/law/second-call.ts'
import { type DraftMaterial, hour, longDay, sentence } from './draft-material.ts'
import { draftWords } from './draft-words.ts'
import type { DraftWords } from './draft-words-gl.ts'

/**
 * The diligence that stands in the book in the place of an acta when no session was held: why, who came, who excused themselves, and
 * when the second call is (ROF 109.2, 90.2; R14). The secretary alone signs it; no session approves it.
 */
export function draftNotHeld(material: DraftMaterial): Acta {
  const { council, session } = material
  const { language } = session
  const words = draftWords(language)
  const day = longDay(session.convenedFor, language, council.timeZone)
  const title = words.notHeldTitle(session.kind, session.body, day)
  const blocks: ActaBlock[] = [
    { kind: 'title', id: 'title', sentences: [sentence('title.1', title, language, 'template')] },
    paragraph('opening', 'opening', whyTexts(material, day, words), material),
    ...people('came', words.came, 'present', material),
    ...people('excused', words.excused, 'excused', material),
    ...people('absent', words.absent, 'absent', material),
    paragraph('closing', 'closing', closingTexts(material, words), material),
  ]
  return actaSchema.parse({ v: 1, session: session.id, version: 1, language, documentType: 'TD12', blocks })
}

function whyTexts({ council, session, state }: DraftMaterial, day: string, words: DraftWords): string[] {
  const at = hour(session.convenedFor, council.timeZone)
  const now = quorumNow(state)
  const came = Object.values(state.attendance).includes('present')
  return [
    words.notHeld(session.place, council.municipality, at, day, state.call, session.body),
    words.notHeldCause(state.notHeldCause ?? ''),
    ...(now.present < now.needed ? [words.notHeldQuorum(now.needed, now.present)] : []),
    ...(came ? [] : [words.cameNobody]),
  ]
}

function closingTexts({ council, session, state }: DraftMaterial, words: DraftWords): string[] {
  const next = secondCallMs({ ...session, call: state.call }, council.timeZone)
  const again =
    next === undefined
      ? words.noSecondCall
      : words.secondCall(longDay(next, session.language, council.timeZone), hour(next, council.timeZone))
  const capacity = state.offices.findLast((one) => one.role === 'secretary')?.capacity ?? words.secretaryOffice
  return [...(quorumNow(state).present < quorumNow(state).needed ? [again] : []), words.notHeldClosing(capacity)]
}

function people(id: string, heading: string, status: string, { council, session, state }: DraftMaterial): ActaBlock[] {
  const found = council.members.filter((one) => state.body.members.includes(one.id) && state.attendance[one.id] === status)
  if (found.length === 0) return []
  const entries = found.map((one, n) => sentence(`${id}.${n + 1}`, `${one.treatment} ${fullName(one)}`, session.language, 'events'))
  return [{ kind: 'list', id, section: 'attendance', heading, entries }]
}

function paragraph(id: string, section: 'opening' | 'closing', texts: string[], { session }: DraftMaterial): ActaBlock {
  return { kind: 'paragraph', id, section, sentences: texts.map((text, n) => sentence(`${id}.${n + 1}`, text, session.language, 'events')) }
}
