import { expect, test } from 'vitest'
import { renderActaPdf } from '../../../minutes/documents/acta-pdf.ts'
import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import { councilOf, markedSession, sessionWith } from '../../fixtures/council/marked-session.ts'
import { sampleActa } from '../documents/sample-acta.ts'
import { materialOf, saidIn } from './said.ts'

function notHeld(call: 1 | 2) {
  const council = councilOf(9)
  const session = sessionWith(council, ['ditame'], { call })
  const { events, mark } = markedSession(council, session)
  const legal = council.members.filter((one) => one.legal)
  for (const [n, one] of legal.entries()) mark({ type: `attendance.${n < 2 ? 'present' : n < 4 ? 'excused' : 'absent'}`, member: one.id })
  mark({ type: 'session.not-held', cause: 'falta de quórum', ground: 'no-quorum' })
  return { council, session, events }
}

test('R14: of a session that was not held there is a diligence and no acta: cause, who came, who excused, the second call', () => {
  const { council, session, events } = notHeld(1)
  const acta = draftActa(materialOf(council, session, events))
  expect(acta.documentType).toBe('TD12')
  const text = saidIn(acta)
  expect(text).toMatch(
    /^DILIXENCIA DE NON TERSE REALIZADO A SESIÓN ORDINARIA DO PLENO DA CORPORACIÓN CONVOCADA PARA O DÍA 21 DE SETEMBRO DE 2026/,
  )
  expect(text).toContain('Causa: falta de quórum')
  expect(text).toContain('Para o quórum facían falta 3 membros e concorreron 2.')
  expect(text).toContain('en segunda convocatoria, para o 23 de setembro de 2026 ás')
  expect(text).toContain('conforme ao artigo 109.2 do ROF')
  expect(acta.blocks.flatMap((one) => (one.kind === 'list' ? [[one.heading, one.entries.length]] : []))).toEqual([
    ['Concorreron', 2],
    ['Escusan a súa asistencia', 2],
    ['Non asisten', 5],
  ])
  expect(acta.blocks.some((one) => one.kind === 'item' || one.kind === 'vote')).toBe(false)
  const second = notHeld(2)
  expect(saidIn(draftActa(materialOf(second.council, second.session, second.events)))).toContain('Non cabe outra convocatoria')
})

test('R14: the diligence has a place for the secretary’s signature and the seal, and none for the mayor’s', async () => {
  const { council, session, events } = notHeld(1)
  const { addresses, manifest, createdAt } = sampleActa({ items: 1 })
  const pdf = await renderActaPdf({
    acta: draftActa(materialOf(council, session, events)),
    council,
    session,
    addresses,
    manifest,
    createdAt,
  })
  const text = Buffer.from(pdf).toString('latin1')
  expect([...text.matchAll(/\/T \((secretary|mayor|seal)\)/g)].map((one) => one[1])).toEqual(['secretary', 'seal'])
})
