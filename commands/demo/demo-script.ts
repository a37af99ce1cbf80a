import { z } from 'zod'
import { isoDay } from '../../minutes/draft/draft-material.ts'
import type { Council, Member } from '../../storage/model/council.ts'
import { newId } from '../../storage/model/ids.ts'
import { type Session, session as sessionSchema } from '../../storage/model/session.ts'
import type { Sense, SessionEvent } from '../../storage/model/session-events.ts'

/** The sample session's agenda.json. */
export const sampleAgenda = z.object({
  duration: z.number(),
  items: z.array(
    z.object({
      number: z.int(),
      title_gl: z.string(),
      title_es: z.string(),
      vote: z.object({ for: z.int(), against: z.int(), abstain: z.int(), present: z.int() }),
      start: z.number(),
      end: z.number(),
    }),
  ),
})
type SampleAgenda = z.infer<typeof sampleAgenda>

/** A stretch of one speaker, seconds, from the sample's turns.rttm. */
export interface SampleTurn {
  speaker: string
  start: number
  end: number
}

export function parseTurns(rttm: string): SampleTurn[] {
  return rttm.split('\n').flatMap((line) => {
    const [kind, , , start, duration, , , speaker] = line.split(/\s+/)
    return kind === 'SPEAKER' && speaker ? [{ speaker, start: Number(start), end: Number(start) + Number(duration) }] : []
  })
}

/** What the secretary marks, at which second of the session; the rest of the event is filled in when it happens. */
export interface Mark {
  atMs: number
  event: { type: SessionEvent['type'] } & Record<string, unknown>
}

/** The recorded session, convened now: the sample's four items and the rogos e preguntas an ordinary session must have (ROF 82.4). */
export function recordedSession(council: Council, agenda: SampleAgenda, nowMs: number): Session {
  const items = agenda.items.map((item) => ({
    id: newId(),
    number: item.number,
    kind: 'ditame',
    section: 'resolutive',
    title: { gl: capital(item.title_gl), es: capital(item.title_es) },
    proposal: { gl: `Aprobar a proposta sobre ${item.title_gl}.`, es: `Aprobar la propuesta sobre ${item.title_es}.` },
  }))
  return sessionSchema.parse({
    id: newId(),
    council: council.id,
    kind: 'ordinary',
    call: 1,
    convenedFor: nowMs,
    actaNumber: 1,
    slug: isoDay(nowMs, council.timeZone),
    place: council.room,
    agenda: [...items, questionsItem(items.length + 1)],
  })
}

/** The short session, held without recording, that approves the acta of the first (ROF 91.1; R33). */
export function approvingSession(council: Council, approved: Session, nowMs: number): Session {
  const day = new Intl.DateTimeFormat('gl-ES', { dateStyle: 'long', timeZone: council.timeZone }).format(approved.convenedFor)
  const dia = new Intl.DateTimeFormat('es-ES', { dateStyle: 'long', timeZone: council.timeZone }).format(approved.convenedFor)
  const approval = {
    id: newId(),
    number: 1,
    kind: 'approval-of-acta',
    section: 'resolutive',
    title: { gl: `Aprobación da acta da sesión do ${day}`, es: `Aprobación del acta de la sesión del ${dia}` },
    proposal: { gl: `Aprobar a acta da sesión do ${day}.`, es: `Aprobar el acta de la sesión del ${dia}.` },
    approves: approved.id,
  }
  return sessionSchema.parse({
    id: newId(),
    council: council.id,
    kind: 'ordinary',
    call: 1,
    convenedFor: nowMs,
    actaNumber: 2,
    slug: `${isoDay(nowMs, council.timeZone)}-2`,
    place: council.room,
    recorded: false,
    agenda: [approval, questionsItem(2)],
  })
}

/** Everything the secretary marks in the recorded session, in order. Ballots follow the groups as far as the counts let them. */
export function sampleMarks(council: Council, session: Session, agenda: SampleAgenda, turns: SampleTurn[]): Mark[] {
  const marks: Mark[] = openingMarks(council, turns[0]?.start ?? 0)
  for (const [index, sample] of agenda.items.entries()) {
    const item = session.agenda[index]
    if (!item) continue
    marks.push({ atMs: toMs(sample.start), event: { type: 'item.opened', item: item.id } })
    const inItem = turns.filter((turn) => turn.start >= sample.start - 0.1 && turn.start < sample.end)
    const count = inItem.findLast((turn) => turn.speaker === 'secretaria')
    for (const turn of inItem) if (count && turn.start < count.start) marks.push(floorMark(council, turn))
    if (count) marks.push(...voteMarks(council, item.id, sample, count))
    marks.push({ atMs: toMs(sample.end), event: { type: 'item.closed', item: item.id } })
  }
  const questions = session.agenda.at(-1)
  const end = toMs(agenda.items.at(-1)?.end ?? agenda.duration)
  if (questions) {
    marks.push(
      { atMs: end + 50, event: { type: 'item.opened', item: questions.id } },
      { atMs: end + 250, event: { type: 'item.closed', item: questions.id } },
    )
  }
  const closing = turns.filter((turn) => toMs(turn.start) > end)
  marks.push(...closing.map((turn) => floorMark(council, turn)))
  marks.push({ atMs: toMs(closing.at(-1)?.end ?? agenda.duration), event: { type: 'session.lifted' } })
  return marks
}

/** Marks of the unrecorded session: everybody who came, one unanimous vote, lifted. */
export function approvalMarks(council: Council, session: Session): Mark[] {
  const [approval, questions] = session.agenda
  const opening = openingMarks(council, 0)
  if (!approval || !questions) return opening
  const voters = council.members.filter((one) => one.legal).slice(0, present)
  const vote = newId()
  return [
    ...opening,
    { atMs: 0, event: { type: 'item.opened', item: approval.id } },
    { atMs: 0, event: { type: 'vote.opened', vote, item: approval.id, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 } },
    ...voters.map((one) => ({ atMs: 0, event: { type: 'ballot.cast' as const, vote, member: one.id, sense: 'favour' } })),
    { atMs: 0, event: { type: 'vote.proclaimed', vote, outcome: 'approved' } },
    { atMs: 0, event: { type: 'item.closed', item: approval.id } },
    { atMs: 0, event: { type: 'item.opened', item: questions.id } },
    { atMs: 0, event: { type: 'item.closed', item: questions.id } },
    { atMs: 0, event: { type: 'session.lifted' } },
  ]
}

const present = 18

function openingMarks(council: Council, openedAt: number): Mark[] {
  const mayor = council.members.find((one) => one.speaker === 'alcaldesa')
  const secretary = council.members.find((one) => one.speaker === 'secretaria')
  const legal = council.members.filter((one) => one.legal)
  const roles = [
    { type: 'role.taken' as const, role: 'presidency', person: mayor?.id, capacity: 'Alcaldesa' },
    { type: 'role.taken' as const, role: 'secretary', person: secretary?.id, capacity: 'Secretaria' },
  ]
  const attendance = legal.map((one, index) => ({
    type:
      index < present
        ? ('attendance.present' as const)
        : index < legal.length - 1
          ? ('attendance.excused' as const)
          : ('attendance.absent' as const),
    member: one.id,
  }))
  return [
    ...[...roles, ...attendance].map((event) => ({ atMs: 0, event })),
    { atMs: toMs(openedAt), event: { type: 'session.opened', call: 1 } },
    ...(mayor ? [{ atMs: toMs(openedAt), event: { type: 'floor.given' as const, speaker: mayor.id, turn: 'order' } }] : []),
  ]
}

function floorMark(council: Council, turn: SampleTurn): Mark {
  const member = council.members.find((one) => one.speaker === turn.speaker)
  const speaker = member?.legal ? member.id : 'secretary'
  return { atMs: toMs(turn.start), event: { type: 'floor.given', speaker, turn: turn.speaker === 'alcaldesa' ? 'order' : 'first' } }
}

/** One vote an item, under the item's own id: a demo that was cut short finds the vote it opened. */
function voteMarks(council: Council, item: string, sample: SampleAgenda['items'][number], count: SampleTurn): Mark[] {
  const vote = item
  const atMs = toMs(count.start)
  const ballots = sampleBallots(council, sample.number, sample.vote)
  const outcome = sample.vote.for > sample.vote.against ? 'approved' : 'rejected'
  return [
    { atMs, event: { type: 'vote.opened', vote, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 } },
    ...ballots.map(({ member, sense }) => ({
      atMs: toMs(count.end),
      event: { type: 'ballot.cast' as const, vote, member: member.id, sense },
    })),
    {
      atMs: toMs(count.end),
      event: { type: 'tally.entered', vote, favour: sample.vote.for, against: sample.vote.against, abstain: sample.vote.abstain },
    },
    { atMs: toMs(count.end) + 500, event: { type: 'vote.proclaimed', vote, outcome } },
  ]
}

/** Who asked for what: those who spoke for or against in an item come first on that side, the rest fill the counts. */
function sampleBallots(council: Council, number: number, vote: SampleAgenda['items'][number]['vote']): { member: Member; sense: Sense }[] {
  const firstAgainst: Record<number, string> = { 1: 'castro', 4: 'ribadiz' }
  const order = council.members.filter((one) => one.legal).slice(0, present)
  const abstainers = order.filter((one) => one.group === 'alternativa')
  const against = order.filter((one) => one.speaker !== undefined && one.speaker === firstAgainst[number])
  const favour = number === 3 ? order.filter((one) => one.group !== 'gvm' || one.speaker === 'otero') : []
  const ranked = [
    ...against,
    ...favour,
    ...order.filter((one) => !against.includes(one) && !favour.includes(one) && !abstainers.includes(one)),
    ...abstainers,
  ]
  const unique = ranked.filter((one, index) => ranked.indexOf(one) === index)
  const sides: Sense[] = number === 3 ? ['favour', 'against', 'abstain'] : ['against', 'favour', 'abstain']
  const counts: Record<Sense, number> = { favour: vote.for, against: vote.against, abstain: vote.abstain }
  const senses = sides.flatMap((sense) => Array.from({ length: counts[sense] }, () => sense))
  return unique.flatMap((member, index) => {
    const sense = senses[index]
    return sense ? [{ member, sense }] : []
  })
}

function questionsItem(number: number) {
  return {
    id: newId(),
    number,
    kind: 'rogos-e-preguntas',
    section: 'control',
    title: { gl: 'Rogos e preguntas', es: 'Ruegos y preguntas' },
  }
}

const toMs = (seconds: number) => Math.round(seconds * 1000)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
