import { describe, expect, test } from 'vitest'
import {
  AgendaRefusedError,
  agendaFor,
  mayMove,
  moveItem,
  orderAgenda,
  putItem,
  removeItem,
  usualSection,
} from '../../../storage/model/agenda.ts'
import {
  type ConvocationQuestion,
  checkConvocation,
  ordinaryDue,
  proposedActaNumber,
  proposedSlug,
} from '../../../storage/model/convocation.ts'
import { momentOf } from '../../../storage/model/council-clock.ts'
import { itemId, newId, sessionId } from '../../../storage/model/ids.ts'
import type { AgendaItem, ItemKind, Session, SessionKind } from '../../../storage/model/session.ts'
import { testCouncil, testSession } from '../../servers/test-storage.ts'

const council = testCouncil()
const item = (kind: ItemKind, title: string = kind): AgendaItem => ({
  id: itemId.parse(newId()),
  number: 1,
  kind,
  section: usualSection(kind),
  title: { gl: title, es: title },
  majority: 'simple',
})
const on = (day: string, kind: SessionKind = 'ordinary', agenda: AgendaItem[] = []): Session =>
  testSession(council, { kind, convenedFor: momentOf({ day, time: '19:30' }, 'Europe/Madrid') ?? 0, agenda, slug: day })
const asked = (of: Session, changes: Partial<ConvocationQuestion> = {}): ConvocationQuestion => ({
  council,
  session: of,
  convenedOn: '2026-10-20',
  others: [],
  waitingActas: [],
  ...changes,
})
const codes = (question: ConvocationQuestion) => checkConvocation(question).map((one) => `${one.level} ${one.code}`)

describe('what the law says to a convocation', () => {
  test.each([
    ['2026-10-27', 'ordinary', [], 'good notice-until'],
    ['2026-10-22', 'ordinary', [], 'bad notice-short'],
    ['2026-10-23', 'extraordinary', [], 'good notice-until'],
    ['2026-10-23', 'extraordinary', ['2026-10-22'], 'bad notice-short'],
    ['2026-10-20', 'extraordinary-urgent', [], 'good notice-urgent'],
  ] as const)('R2: a session of %s, %s, convened on 20 October with local days %j: %s', (day, kind, local, code) => {
    const holidays = local.map((one) => ({ day: one, name: 'Festa', scope: 'local' as const }))
    expect(codes(asked(on(day, kind), { council: { ...council, holidays } }))).toContain(code)
  })

  test('R2: a session too near says from which day it could be', () => {
    const found = checkConvocation(asked(on('2026-10-22'))).find((one) => one.requirement === 'R2')
    expect(found).toMatchObject({ days: 1, firstDay: '2026-10-23' })
  })

  test('R3: an urgent session begins with whether it is urgent, and nothing moves or removes that', () => {
    const agenda = agendaFor('extraordinary-urgent', [item('ditame')], item)
    expect(agenda.map((one) => [one.number, one.kind])).toEqual([
      [1, 'urgency'],
      [2, 'ditame'],
    ])
    const [first, second] = agenda
    expect(() => removeItem(agenda, first?.id ?? '', 'extraordinary-urgent')).toThrow(AgendaRefusedError)
    expect(() => moveItem(agenda, first?.id ?? '', 1)).toThrow(AgendaRefusedError)
    expect(mayMove(agenda, second?.id ?? '', -1)).toBe(false)
    if (first) expect(() => putItem(agenda, { ...first, kind: 'ditame' })).toThrow(AgendaRefusedError)
    expect(codes(asked(on('2026-10-20', 'extraordinary-urgent', agenda)))).toContain('good urgency-first')
    expect(codes(asked(on('2026-10-20', 'extraordinary-urgent', [item('ditame')])))).toContain('bad urgency-missing')
  })

  test('R4: an ordinary agenda has «rogos e preguntas», last, in a part of control of its own', () => {
    const agenda = agendaFor('ordinary', [item('rogo'), item('ditame'), item('dacion-de-conta'), item('approval-of-acta')], item)
    expect(agenda.map((one) => `${one.section} ${one.kind}`)).toEqual([
      'resolutive ditame',
      'resolutive approval-of-acta',
      'control rogo',
      'control dacion-de-conta',
      'control rogos-e-preguntas',
    ])
    expect(codes(asked(on('2026-10-27', 'ordinary', agenda)))).toContain('good sections-apart')
    expect(() => removeItem(agenda, agenda.at(-1)?.id ?? '', 'ordinary')).toThrow(AgendaRefusedError)
    expect(codes(asked(on('2026-10-27', 'ordinary', [item('ditame')])))).toContain('bad rogos-missing')
    const mixed = [item('rogos-e-preguntas'), item('ditame')]
    expect(codes(asked(on('2026-10-27', 'ordinary', mixed)))).toContain('bad control-not-apart')
  })

  test('R6: the acta that is to be approved travels with the convocation', () => {
    const waiting = sessionId.parse(newId())
    const linked = { ...item('approval-of-acta'), approves: waiting }
    expect(codes(asked(on('2026-10-27', 'ordinary', [linked]), { waitingActas: [waiting] }))).toContain('good acta-travels')
    expect(codes(asked(on('2026-10-27', 'ordinary', [item('ditame')]), { waitingActas: [waiting] }))).toContain('warn acta-not-linked')
    expect(codes(asked(on('2026-10-27', 'ordinary', [item('ditame')])))).toContain('good acta-none')
  })

  test('R6: an agenda that changed after the convocation asks for another', () => {
    const issuedSession = on('2026-10-27', 'ordinary', [item('ditame', 'Ordenanza')])
    const issued = { v: 1 as const, number: 1, issuedAtMs: 0, session: issuedSession, media: [] }
    expect(codes(asked(issuedSession, { issued }))).not.toContain('bad agenda-changed')
    const retitled = { ...issuedSession, agenda: issuedSession.agenda.map((one) => ({ ...one, title: { gl: 'Outra', es: 'Otra' } })) }
    expect(codes(asked(retitled, { issued }))).toContain('bad agenda-changed')
  })

  test('R7: without media on the list the convocation says so', () => {
    expect(codes(asked(on('2026-10-27')))).toContain('warn media-none')
    const recipients = [{ id: 'a', list: 'medios' as const, name: 'A Voz do Monte', email: 'redaccion@voz.example' }]
    expect(codes(asked(on('2026-10-27'), { council: { ...council, recipients } }))).toContain('good media-told')
  })

  test.each([
    ['2026-12-27', 'good ordinary-in-time'],
    ['2026-12-28', 'warn ordinary-late'],
  ])('R9: after the ordinary session of 27 October, one of %s: %s', (day, code) => {
    expect(codes(asked(on(day), { others: [on('2026-10-27'), on('2026-12-01', 'extraordinary')] }))).toContain(code)
  })

  test('R9: the reminder stands from the last ordinary session until the next is prepared', () => {
    expect(ordinaryDue(council, [on('2026-08-20'), on('2026-10-27')], '2026-11-25')).toEqual({ before: '2026-10-27', dueBy: '2026-12-27' })
    expect(ordinaryDue(council, [on('2026-10-27'), on('2026-12-20')], '2026-11-25')).toBeUndefined()
    expect(ordinaryDue(council, [], '2026-11-25')).toBeUndefined()
  })

  test('R80: a day on which nobody is mayor or secretary is told', () => {
    expect(codes(asked(on('2026-10-27')))).toContain('warn no-secretary')
    expect(codes(asked(on('2020-10-27')))).toEqual(expect.arrayContaining(['warn no-mayor', 'warn no-secretary']))
  })
})

describe('an agenda in the making', () => {
  test('items move within their part, one place a time, and keep their numbers in order', () => {
    const agenda = orderAgenda([item('ditame', 'a'), item('ditame', 'b'), item('mocion', 'c'), item('rogos-e-preguntas')])
    const b = agenda[1]?.id ?? ''
    const moved = moveItem(agenda, b, -1)
    expect(moved.map((one) => [one.number, one.title.gl])).toEqual([
      [1, 'b'],
      [2, 'a'],
      [3, 'c'],
      [4, 'rogos-e-preguntas'],
    ])
    expect(() => moveItem(agenda, b, 1)).toThrow(AgendaRefusedError)
    expect(mayMove(agenda, agenda[2]?.id ?? '', 1)).toBe(false)
  })

  test('an item that changes part goes to the end of the other', () => {
    const agenda = orderAgenda([item('ditame', 'a'), item('ditame', 'b'), item('mocion', 'c')])
    const [a] = agenda
    const changed = a ? putItem(agenda, { ...a, section: 'control' }) : []
    expect(changed.map((one) => one.title.gl)).toEqual(['b', 'c', 'a'])
  })

  test('a session that stops being urgent loses the vote on urgency and nothing else', () => {
    const urgent = agendaFor('extraordinary-urgent', [item('ditame')], item)
    expect(agendaFor('ordinary', urgent, item).map((one) => one.kind)).toEqual(['ditame', 'rogos-e-preguntas'])
  })
})

describe('what is proposed for a new session', () => {
  test('the acta’s number goes on from the year’s book and from what is prepared', () => {
    const prepared = [
      { ...on('2026-09-01'), actaNumber: 4 },
      { ...on('2025-12-31'), actaNumber: 11 },
    ]
    expect(proposedActaNumber(council, prepared, [1, 2, 3], '2026')).toBe(5)
    expect(proposedActaNumber(council, prepared, [], '2027')).toBe(1)
  })

  test('the address is the day, with a number when the day has one', () => {
    expect(proposedSlug('2026-10-27', [])).toBe('2026-10-27')
    expect(proposedSlug('2026-10-27', ['2026-10-27', '2026-10-27-2'])).toBe('2026-10-27-3')
  })
})
