import { type Acta, type ActaBlock, acta as actaSchema, type Sentence } from '../../storage/model/acta.ts'
import { formalName, fullName, type Member } from '../../storage/model/council.ts'
import { presentMembers, type SessionState } from '../../storage/model/session-state.ts'
import { draftItem } from './draft-item.ts'
import { type DraftMaterial, duration, hour, longDay, sentence } from './draft-material.ts'
import { draftWords } from './draft-words.ts'
import type { DraftWords } from './draft-words-gl.ts'

/**
 * The draft in its legal order (law.md §3; ROF 109.1; R30-R32): what templates and events say binds at once, what the machine heard
 * waits for the secretary. Pure: the same material, the same draft.
 */
export function draftActa(material: DraftMaterial): Acta {
  const { session, state } = material
  const words = draftWords(session.language)
  const blocks: ActaBlock[] = [
    ...openingBlocks(material, words),
    ...attendanceBlocks(material, words),
    ...constitutionBlocks(material, words),
    agendaBlock(material, words),
    ...state.items.flatMap((item) => draftItem(item, material, words)),
    ...closingBlocks(material, words),
  ]
  return actaSchema.parse({ v: 1, session: session.id, version: 1, language: session.language, blocks })
}

function openingBlocks({ council, session, state }: DraftMaterial, words: DraftWords): ActaBlock[] {
  const at = state.openedWallMs ?? session.convenedFor
  const day = longDay(at, session.language, council.timeZone)
  const opening = words.opening(session.place, council.municipality, hour(at, council.timeZone), day, session.call)
  return [
    { kind: 'title', id: 'title', sentences: [sentence('title.1', words.title(session.kind, day), session.language, 'template')] },
    { kind: 'paragraph', id: 'opening', section: 'opening', sentences: [sentence('opening.1', opening, session.language, 'events')] },
  ]
}

function attendanceBlocks({ council, session, state, opening }: DraftMaterial, words: DraftWords): ActaBlock[] {
  const language = session.language
  const presidency = council.members.find((one) => one.id === state.presidency)
  const secretary = council.members.find((one) => one.id === state.secretary)
  const at = (status: string) => council.members.filter((one) => one.legal && opening.attendance[one.id] === status)
  const list = (id: string, heading: string, members: Member[]): ActaBlock[] =>
    members.length === 0
      ? []
      : [
          {
            kind: 'list',
            id,
            section: 'attendance',
            heading,
            entries: members.map((one, n) => sentence(`${id}.${n + 1}`, named(one), language, 'events')),
          },
        ]
  const attended = at('present').filter((one) => one !== presidency)
  const groups = council.groups.flatMap((group) =>
    list(
      `attend-${group.id}`,
      words.attendees(group.name),
      attended.filter((one) => one.group === group.id),
    ),
  )
  const moves = state.moves.filter((move) => state.openedWallMs !== undefined && move.wallMs > state.openedWallMs)
  const moved = moves.flatMap((move, n) => {
    const who = council.members.find((one) => one.id === move.member)
    if (!who || (move.to !== 'present' && move.to !== 'left')) return []
    const number = state.items.find((one) => one.item.id === move.item)?.item.number
    const say = move.to === 'present' ? words.arrived : words.left
    return [sentence(`moves.${n + 1}`, say(formalName(who), hour(move.wallMs, council.timeZone), number), language, 'events')]
  })
  const paragraph = (id: string, sentences: Sentence[]): ActaBlock[] =>
    sentences.length === 0 ? [] : [{ kind: 'paragraph', id, section: 'attendance', sentences }]
  return [
    ...paragraph(
      'presides',
      presidency
        ? [sentence('presides.1', words.presides(named(presidency), capacity(state, presidency.id, 'presidency')), language, 'events')]
        : [],
    ),
    ...groups,
    ...list('excused', words.excused, at('excused')),
    ...list('absent', words.absent, at('absent')),
    ...paragraph(
      'secretary',
      secretary
        ? [sentence('secretary.1', words.secretary(named(secretary), capacity(state, secretary.id, 'secretary')), language, 'events')]
        : [],
    ),
    ...paragraph('moves', moved),
  ]
}

function constitutionBlocks({ council, session, opening, recording }: DraftMaterial, words: DraftWords): ActaBlock[] {
  const language = session.language
  const constitution = words.constitution(presentMembers(opening, council).length, council.legalNumber)
  const clause = recording
    ? [
        council.enablingNorm ? words.recorded(council.enablingNorm) : words.supportRecording,
        words.file(duration(recording.durationMs), recording.format, recording.sha256),
        ...(recording.gaps.length > 0 ? [words.gaps(recording.gaps.length, duration(sum(recording.gaps)))] : []),
      ]
    : [words.notRecorded]
  return [
    {
      kind: 'paragraph',
      id: 'constitution',
      section: 'constitution',
      sentences: [sentence('constitution.1', constitution, language, 'events')],
    },
    {
      kind: 'paragraph',
      id: 'recording',
      section: 'recording',
      sentences: clause.map((text, n) => sentence(`recording.${n + 1}`, text, language, 'events')),
    },
  ]
}

function agendaBlock({ session, state }: DraftMaterial, words: DraftWords): ActaBlock {
  const entries = state.items.map(({ item }) => sentence(`agenda.${item.number}`, item.title[session.language], session.language, 'events'))
  return { kind: 'list', id: 'agenda', section: 'agenda', heading: words.agenda, entries }
}

function closingBlocks({ council, session, state }: DraftMaterial, words: DraftWords): ActaBlock[] {
  if (state.liftedWallMs === undefined) return []
  const text = words.closing(hour(state.liftedWallMs, council.timeZone), capacity(state, state.secretary ?? '', 'secretary'))
  return [{ kind: 'paragraph', id: 'closing', section: 'closing', sentences: [sentence('closing.1', text, session.language, 'events')] }]
}

/** Capacity in which a person took a role, as the event says it (R80). */
function capacity(state: SessionState, person: string, role: 'presidency' | 'secretary'): string {
  const taken = state.events.findLast((one) => one.type === 'role.taken' && one.role === role && one.person === person)
  return taken?.type === 'role.taken' ? taken.capacity : ''
}

const named = (one: Member) => `${one.treatment} ${fullName(one)}`
const sum = (gaps: { fromMs: number; toMs: number }[]) => gaps.reduce((total, gap) => total + gap.toMs - gap.fromMs, 0)
