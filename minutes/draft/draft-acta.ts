import { type Acta, type ActaBlock, acta as actaSchema } from '../../storage/model/acta.ts'
import { officeAt } from '../../storage/model/law/offices.ts'
import { inBothLanguages } from './both-languages.ts'
import { attendanceBlocks } from './draft-attendance.ts'
import { draftItem } from './draft-item.ts'
import { type DraftMaterial, hour, longDay, note, sentence } from './draft-material.ts'
import { draftNotHeld } from './draft-not-held.ts'
import { constitutionBlocks } from './draft-recording.ts'
import { draftWords } from './draft-words.ts'
import type { DraftWords } from './draft-words-gl.ts'
import { recessesOf } from './recesses.ts'

/**
 * The draft in its legal order (law.md §3; ROF 109.1; R30-R32): what templates and events say binds at once, what the machine heard
 * waits for the secretary. Pure: the same material, the same draft.
 */
export function draftActa(material: DraftMaterial): Acta {
  const { council, session } = material
  const first = draftIn(material)
  if (!council.bilingualActa) return first
  const language = session.language === 'gl' ? 'es' : 'gl'
  return inBothLanguages(first, draftIn({ ...material, session: { ...session, language } }))
}

function draftIn(material: DraftMaterial): Acta {
  if (material.state.phase === 'not-held') return draftNotHeld(material)
  const { session, state } = material
  const words = draftWords(session.language)
  const blocks: ActaBlock[] = [
    ...openingBlocks(material, words),
    ...attendanceBlocks(material, words),
    ...constitutionBlocks(material, words),
    agendaBlock(material, words),
    ...state.items.flatMap((item) => draftItem(item, material, words)),
    ...outsideItems(material, words),
    ...closingBlocks(material, words),
  ]
  return actaSchema.parse({ v: 1, session: session.id, version: 1, language: session.language, blocks })
}

/** The title says whether the recording goes with the acta by the council's own norm, or only helps to write it (R79). */
function openingBlocks({ council, session, state, recording }: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { language } = session
  const at = state.openedWallMs ?? session.convenedFor
  const day = longDay(at, language, council.timeZone)
  const opening = words.opening(session.place, council.municipality, hour(at, council.timeZone), day, state.call, session.body)
  const { mode, reason = '' } = state.mode ?? { mode: 'in-person' }
  const kindOfRecord = council.enablingNorm ? words.videoActa(council.enablingNorm) : words.supportActa
  const title = [words.title(session.kind, session.body, day), ...(recording ? [kindOfRecord] : [])]
  return [
    { kind: 'title', id: 'title', sentences: title.map((text, n) => sentence(`title.${n + 1}`, text, language, 'template')) },
    {
      kind: 'paragraph',
      id: 'opening',
      section: 'opening',
      sentences: [
        sentence('opening.1', opening, language, 'events'),
        ...(mode === 'in-person' ? [] : [sentence('opening.2', words.mode(mode, reason), language, 'events')]),
      ],
    },
  ]
}

function agendaBlock({ session, state }: DraftMaterial, words: DraftWords): ActaBlock {
  const entries = state.items.map(({ item }) => sentence(`agenda.${item.number}`, item.title[session.language], session.language, 'events'))
  return { kind: 'list', id: 'agenda', section: 'agenda', heading: words.agenda, entries }
}

/** What happened while no item was being dealt with. */
function outsideItems(material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const recesses = recessesOf(material, words).filter((one) => one.item === undefined)
  const incidents = material.state.incidents.filter((one) => one.item === undefined)
  return [...recesses, ...incidents].map((one, n) => note(`outside-${n + 1}`, undefined, one.text, material))
}

function closingBlocks({ council, session, state }: DraftMaterial, words: DraftWords): ActaBlock[] {
  if (state.liftedWallMs === undefined) return []
  const capacity = officeAt(state, 'secretary', state.liftedWallMs)?.capacity ?? ''
  const text = words.closing(hour(state.liftedWallMs, council.timeZone), capacity)
  return [{ kind: 'paragraph', id: 'closing', section: 'closing', sentences: [sentence('closing.1', text, session.language, 'events')] }]
}
