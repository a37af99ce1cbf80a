import { describe, expect, test } from 'vitest'
import { glossaryOf, mostPromptBytes, promptOf } from '../../../storage/model/glossary.ts'
import { suggestTerms } from '../../../storage/model/heard-terms.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type AgendaItem, agendaItem } from '../../../storage/model/session.ts'
import type { Word } from '../../../storage/model/transcript.ts'
import { testCouncil } from '../../servers/test-storage.ts'

const item = (number: number, gl: string): AgendaItem =>
  agendaItem.parse({ id: newId(), number, kind: 'ditame', section: 'resolutive', title: { gl, es: gl } })
const agenda = [
  item(1, 'Aprobación da modificación da Ordenanza de San Xoán do Alto, expediente 1234/2026'),
  item(2, 'Cesión da parcela de Vilar de Mouros á Deputación'),
]
const council = { ...testCouncil({ vocabulary: ['Aqualia', 'rúa do Souto'] }), groups: [{ id: newId(), name: 'Veciñanza' }] } as ReturnType<
  typeof testCouncil
>
const glossary = glossaryOf(council, { agenda })
let at = 0
const word = (text: string, probability: number | null): Word => {
  at += 500
  return { id: `w${at}`, text, fromMs: at, toMs: at + 400, probability, method: 'token' }
}
const suggested = (...words: Word[]) => suggestTerms(words, glossary).map((one) => `${one.heard} → ${one.term}`)

describe('the glossary of a session', () => {
  test('holds people, groups, places of the council, and names and numbers of files from its agenda', () => {
    expect(glossary.people[0]).toBe('Uxía Castro')
    expect(glossary.groups).toEqual(['Veciñanza'])
    expect(glossary.places).toEqual(['Proba', 'Aqualia', 'rúa do Souto'])
    expect(glossary.agenda).toEqual(expect.arrayContaining(['Ordenanza de San Xoán do Alto', '1234/2026', 'Vilar de Mouros', 'Deputación']))
    expect(glossary.agenda).not.toContain('Aprobación')
  })

  test('gives each item a prompt of its own that no vocabulary can make longer than 224 tokens', () => {
    const prompts = [undefined, ...agenda].map((one) => promptOf(glossary, council, { language: 'gl', item: one }))
    expect(prompts[0]).toBe('Pleno de Proba. Interveñen Castro, Souto, Lema, Veciñanza, Proba, Aqualia, rúa do Souto.')
    expect(prompts[1]).toContain('San Xoán do Alto')
    expect(prompts[2]).toContain('Vilar de Mouros')
    expect(new Set(prompts).size).toBe(3)
    const many = { ...glossary, people: Array.from({ length: 99 }, (_, n) => `Ñoño Íñiguez-Peñalbeña ${n}`), agenda: [] }
    const long = item(3, `Convenio con ${'Compañía Ñandú '.repeat(40)}`)
    for (const one of [undefined, ...agenda, long]) {
      const bytes = new TextEncoder().encode(promptOf(many, council, { language: 'es', item: one })).length
      expect(bytes).toBeLessThanOrEqual(mostPromptBytes)
      expect(bytes).toBeGreaterThan(100)
    }
  })
})

describe('a word of the transcript', () => {
  test('that was heard badly and sounds like a name is a suggestion; what was heard stays', () => {
    expect(suggested(word('Akualia,', 0.3))).toEqual(['Akualia → Aqualia'])
    expect(suggested(word('uxia', 0.2), word('kastro', 0.4))).toEqual(['kastro → Castro'])
    expect(suggested(word('Castra', 0.4))).toEqual(['Castra → Castro'])
    expect(suggested(word('Mou', 0.3), word('roz', 0.2))).toEqual(['Mou roz → Mouros'])
  })

  test('that was heard well, was not measured, is no name, or is like two of them, is left alone', () => {
    expect(suggested(word('Castra', 0.9), word('Castra', null), word('parcela', 0.1), word('e', 0.1))).toEqual([])
    expect(suggestTerms([word('Soute', 0.2)], { ...glossary, places: ['Soutó', 'Souta'] })).toEqual([])
  })
})
