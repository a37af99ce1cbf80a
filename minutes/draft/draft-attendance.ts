import type { ActaBlock, Sentence } from '../../storage/model/acta.ts'
import { formalName, fullName, type Member } from '../../storage/model/council.ts'
import type { AttendanceMove, OfficeTurn } from '../../storage/model/session-shape.ts'
import { type DraftMaterial, hour, sentence } from './draft-material.ts'
import type { DraftWords } from './draft-words-gl.ts'

/** Who presided, came, was excused or absent, gave faith, and who came and went (ROF 109.1.d, f; R12, R80, R81). */
export function attendanceBlocks(material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { council, state, opening } = material
  const of = new Set(opening.body.members)
  const at = (status: string) => council.members.filter((one) => of.has(one.id) && opening.attendance[one.id] === status)
  const attended = at('present').filter((one) => one.id !== opening.presidency)
  const known = new Set(council.groups.map((one) => one.id))
  const groups = council.groups.map((group) => ({ ...group, heading: words.attendees(group.name) }))
  return [
    ...officeBlock('presides', 'presidency', material, words),
    ...groups.flatMap((group) =>
      list(
        `attend-${group.id}`,
        group.heading,
        attended.filter((one) => one.group === group.id),
        material,
      ),
    ),
    ...list(
      'attend-no-group',
      words.attendeesAll,
      attended.filter((one) => one.group === undefined || !known.has(one.group)),
      material,
    ),
    ...list('excused', words.excused, at('excused'), material),
    ...list('absent', words.absent, at('absent'), material),
    ...officeBlock('secretary', 'secretary', material, words),
    ...officeBlock('intervention', 'intervention', material, words),
    ...paragraph(
      'moves',
      state.moves.flatMap((move, n) => moveSentence(move, n, material, words)),
    ),
  ]
}

/** Everybody who held an office in the session, each in the capacity in which they held it and since when (R80). */
function officeBlock(id: string, role: OfficeTurn['role'], material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { council, session, state } = material
  const opened = state.openedWallMs ?? Number.POSITIVE_INFINITY
  const turns = state.offices.filter((one) => one.role === role)
  const held = turns.filter((one) => one.toWallMs === undefined || one.toWallMs > opened)
  const name = (person: string | undefined) => {
    const found = council.members.find((one) => one.id === person)
    return found ? named(found) : ''
  }
  const texts = held.map((turn, n) => {
    const since = n === 0 || turn.fromWallMs <= opened ? undefined : hour(turn.fromWallMs, council.timeZone)
    const said = sayOffice(role, name(turn.person), turn.capacity, since, words)
    return turn.substitutes === undefined ? said : said + words.substituting(name(turn.substitutes), turn.cause)
  })
  return paragraph(
    id,
    texts.map((text, n) => sentence(`${id}.${n + 1}`, text, session.language, 'events')),
  )
}

function sayOffice(role: OfficeTurn['role'], name: string, capacity: string, since: string | undefined, words: DraftWords): string {
  if (role === 'intervention') return words.intervention(name, capacity)
  if (role === 'presidency') return since === undefined ? words.presides(name, capacity) : words.presidesSince(name, capacity, since)
  return since === undefined ? words.secretary(name, capacity) : words.secretarySince(name, capacity, since)
}

function moveSentence(move: AttendanceMove, n: number, { council, session, state }: DraftMaterial, words: DraftWords): Sentence[] {
  const who = council.members.find((one) => one.id === move.member)
  if (!who || state.openedWallMs === undefined || move.wallMs <= state.openedWallMs) return []
  if (move.to !== 'present' && move.to !== 'left') return []
  const number = state.items.find((one) => one.item.id === move.item)?.item.number
  const say = move.how === 'expelled' ? words.expelled : sayMove(move, words)
  return [sentence(`moves.${n + 1}`, say(formalName(who), hour(move.wallMs, council.timeZone), number), session.language, 'events')]
}

function sayMove({ to, how }: AttendanceMove, words: DraftWords): DraftWords['arrived'] {
  if (how === 'connection') return to === 'present' ? words.connectionBack : words.connectionLost
  return to === 'present' ? words.arrived : words.left
}

function list(id: string, heading: string, members: Member[], { session }: DraftMaterial): ActaBlock[] {
  if (members.length === 0) return []
  const entries = members.map((one, n) => sentence(`${id}.${n + 1}`, named(one), session.language, 'events'))
  return [{ kind: 'list', id, section: 'attendance', heading, entries }]
}

function paragraph(id: string, sentences: Sentence[]): ActaBlock[] {
  return sentences.length === 0 ? [] : [{ kind: 'paragraph', id, section: 'attendance', sentences }]
}

const named = (one: Member) => `${one.treatment} ${fullName(one)}`
