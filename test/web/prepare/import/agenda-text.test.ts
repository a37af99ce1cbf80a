import { describe, expect, test } from 'vitest'
import { proposeFromRows } from '../../../../web/prepare/import/agenda-rows.ts'
import { proposeAgenda } from '../../../../web/prepare/import/agenda-text.ts'
import { guessKind } from '../../../../web/prepare/import/item-kind.ts'
import { readCsv } from '../../../../web/prepare/import/read-upload.ts'
import { galician, spanish } from './convocations.ts'

const seen = (text: string) => proposeAgenda(text).items.map((one) => `${one.section} ${one.kind} · ${one.title}`)

describe('what a convocation proposes', () => {
  test('a Galician one: its parts, its wrapped and cut titles, nothing of its letterhead and orders', () => {
    expect(seen(galician)).toEqual([
      'resolutive approval-of-acta · Aprobación, se procede, do borrador da acta da sesión anterior, ordinaria, de data 20 de agosto de 2026',
      'resolutive ditame · Ditame da Comisión Informativa de Facenda sobre a aprobación inicial do expediente de modificación de crédito 7/2026, de acordo co artigo 12. da ordenanza',
      'resolutive proposicion · Proposta da Alcaldía sobre a adhesión ao convenio de recollida do lixo',
      'control dacion-de-conta · Dación de conta das resolucións da Alcaldía, da nº 310/2026 á nº 355/2026',
      'control mocion · Mocións',
      'control rogos-e-preguntas · Rogos e preguntas',
    ])
    const { ignored } = proposeAgenda(galician)
    expect(ignored).toEqual(
      expect.arrayContaining(['CONCELLO DE VILARIÑO DO MONTE', 'Vilariño do Monte, 22 de outubro de 2026', 'A alcaldesa,']),
    )
  })

  test('a Spanish one: ordinals in words, and the code of verification in the middle of the list', () => {
    expect(seen(spanish)).toEqual([
      'resolutive approval-of-acta · Lectura y aprobación, en su caso, del acta de la sesión anterior',
      'resolutive ditame · Dictamen de la Comisión de Urbanismo: aprobación provisional de la modificación puntual del plan general',
      'resolutive proposicion · Propuesta de nombramiento de representantes',
      'control dacion-de-conta · Dar cuenta de los decretos de Alcaldía',
      'control rogos-e-preguntas · Ruegos y preguntas',
    ])
  })

  test.each([
    ['1. Un\n2. Dous', ['Un', 'Dous']],
    ['1º.- Un\n2º.- Dous', ['Un', 'Dous']],
    ['1) Un\n\n2) Dous\nque segue', ['Un', 'Dous que segue']],
    ['PUNTO 1.- Un\nPUNTO 2.- Dous', ['Un', 'Dous']],
    ['I.- Un\nII.- Dous\nIII.- Tres', ['Un', 'Dous', 'Tres']],
    ['PARTE RESOLUTIVA\n1.1. Un\n1.2. Dous\nCONTROL\n2.1. Rogos e preguntas', ['Un', 'Dous', 'Rogos e preguntas']],
    [
      'Aprobación da acta anterior\nOrdenanza do lixo\nRogos e preguntas',
      ['Aprobación da acta anterior', 'Ordenanza do lixo', 'Rogos e preguntas'],
    ],
    ['- Un\n- Dous', ['Un', 'Dous']],
    ['Orde do día\r\n\r\n1. Un\r\n2. Dous\r\n', ['Un', 'Dous']],
    ['', []],
    ['1. \n2. ...', []],
  ])('%j gives %j', (text, titles) => {
    expect(proposeAgenda(text).items.map((one) => one.title)).toEqual(titles)
  })

  test('of a hostile text 200,000 characters are read, and of each of its lines 2,000', () => {
    // Each would be tried at every one of its words, to its end.
    for (const word of ['1. ', 'parte ', 'Primeiro ', 'A', ' ', 'I.- ', 'verificación : ', 'plataforma ']) {
      const { items } = proposeAgenda(`${word.repeat(200_000)}x`)
      expect(items.length, word).toBeLessThanOrEqual(1)
    }
    expect(proposeAgenda(`www.${'a'.repeat(100_000)}`).ignored.map((one) => one.length)).toEqual([2000])
    const line = '1. un\n'
    expect(proposeAgenda(line.repeat(50_000)).items).toHaveLength(Math.floor(200_000 / line.length))
  })
})

test.each([
  ['Pronunciamento do Pleno sobre a urxencia da sesión', undefined, 'urgency', 'urgency'],
  ['Ratificación de la urgencia', undefined, 'urgency', 'urgency'],
  ['Dictámenes de la Comisión', undefined, 'ditame', 'ditame'],
  ['Moción do grupo mixto sobre a praza', 'control', 'mocion', 'mocion'],
  ['Informes de Alcaldía', 'control', 'dacion-de-conta', 'dacion'],
  ['Asuntos varios', 'control', 'dacion-de-conta', 'control-part'],
  ['Ordenanza do lixo', 'resolutive', 'ditame', 'default'],
  ['Pregunta sobre o camiño', 'control', 'pregunta', 'pregunta'],
] as const)('«%s» in part %s is %s, because of %s', (title, section, kind, reason) => {
  expect(guessKind(title, section)).toEqual({ kind, reason })
})

describe('what a table proposes', () => {
  test('columns by their names, kinds in either language, two titles', () => {
    const csv =
      '\uFEFFNúmero;Título;Título es;Tipo;Parte\r\n1;"Ordenanza; a do lixo";Ordenanza de basura;Proposición;Resolutiva\r\n2;Rogos e preguntas;;;Control\r\n'
    expect(proposeFromRows(readCsv(csv)).items).toEqual([
      { title: 'Ordenanza; a do lixo', other: 'Ordenanza de basura', kind: 'proposicion', section: 'resolutive', reason: 'column' },
      { title: 'Rogos e preguntas', kind: 'rogos-e-preguntas', section: 'control', reason: 'control-title' },
    ])
  })

  test('without headings the widest column is the title', () => {
    expect(proposeFromRows(readCsv('1,Acta da sesión anterior\n2,Moción da feira\n')).items.map((one) => one.kind)).toEqual([
      'approval-of-acta',
      'mocion',
    ])
  })
})
