import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import { type Mark, parseTurns, recordedSession, sampleAgenda, sampleMarks } from '../../../commands/demo/demo-script.ts'
import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import { sentencesOf, unaccepted } from '../../../storage/model/acta.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import type { Transcript } from '../../../storage/model/transcript.ts'

const sample = (name: string) => readFile(new URL(`../../fixtures/sample-session/${name}`, import.meta.url), 'utf8')

async function sampleDraft(utterances: Transcript['utterances'], enabled = true) {
  const { enablingNorm, ...without } = demoCouncil()
  const council = enabled && enablingNorm ? { ...without, enablingNorm } : without
  const agenda = sampleAgenda.parse(JSON.parse(await sample('agenda.json')))
  const session = recordedSession(council, agenda, Date.parse('2026-10-27T18:30:00Z'))
  const marks = sampleMarks(council, session, agenda, parseTurns(await sample('turns.rttm')))
  const events = marks.map((mark, index) => marked(session.id, mark, index))
  const state = sessionState(events, council, session)
  const opened = state.events.findIndex((event) => event.type === 'session.opened')
  const opening = sessionState(state.events.slice(0, opened + 1), council, session)
  const transcript: Transcript = {
    v: 1,
    session: session.id,
    version: 1,
    languages: ['gl', 'es'],
    engine: { name: 'test', build: '1' },
    model: null,
    evidence: [],
    utterances,
  }
  const recording = { durationMs: 208_060, format: 'MP4', sha256: 'ab'.repeat(32), gaps: [{ fromMs: 1000, toMs: 4000, cause: 'paused' }] }
  return { council, acta: draftActa({ council, session, state, opening, transcript, recording }) }
}

function marked(session: string, mark: Mark, index: number): SessionEvent {
  const at = { wallMs: Date.parse('2026-10-27T18:30:00Z') + mark.atMs, monotonicNs: '0', boot: 'boot' }
  return sessionEvent.parse({
    v: 1,
    id: newId(),
    session,
    device: 'tablet',
    seq: index + 1,
    by: { role: 'secretary', id: 'lestrigo' },
    at,
    mediaMs: mark.atMs,
    ...mark.event,
  })
}

function heard(speaker: string, fromMs: number, text: string): Transcript['utterances'][number] {
  const words = text
    .split(' ')
    .map((word, n) => ({ id: `${fromMs}-${n}`, text: word, fromMs, toMs: fromMs + 500, probability: 0.9, method: 'token' as const }))
  return {
    id: `u${fromMs}`,
    fromMs,
    toMs: fromMs + 2000,
    speaker: { id: speaker, confidence: 1, source: 'microphone' },
    language: 'gl',
    languageConfidence: 1,
    status: 'ok',
    guards: [],
    words,
  }
}

const utterances = [
  heard('alcaldesa', 18_000, 'Ten a palabra a señora Castro.'),
  heard('castro', 24_000, 'O prazo remata o vinte de maio.'),
  heard('castro', 27_000, 'Cremos que é un avance.'),
  heard('alcaldesa', 34_800, 'Agora responde o señor Ribadiz.'),
  heard('ribadiz', 38_000, 'Estamos de acordo.'),
  heard('castro', 69_000, 'Imos investir en cinco barrios.'),
]

describe('R30: the draft has its legal order and content', () => {
  test('opening, attendance, constitution, recording, agenda, items and closing stand in that order', async () => {
    const { acta } = await sampleDraft(utterances)
    const order = acta.blocks
      .map((block) => ('section' in block ? block.section : block.kind))
      .filter((kind, at, all) => kind !== all[at - 1])
    expect(order.slice(0, 6)).toEqual(['title', 'opening', 'attendance', 'constitution', 'recording', 'agenda'])
    expect(order.at(-1)).toBe('closing')
    const text = acta.blocks
      .flatMap(sentencesOf)
      .map((one) => one.text)
      .join('\n')
    expect(text).toContain('reúnese en primeira convocatoria o Pleno')
    expect(text).toContain('18 membros presentes dos 21')
    expect(text).toContain('A gravación ten unha interrupción, de 0:00:03.')
    expect(text).toContain('Non se formulan rogos nin preguntas.')
    expect(text).toMatch(/levanta a sesión ás 19:33 horas, do que eu, como secretaria, dou fe/)
  })

  test('who came, who was excused and who was absent are listed apart, the presidency once', async () => {
    const { acta } = await sampleDraft(utterances)
    const lists = acta.blocks.flatMap((block) =>
      block.kind === 'list' && block.section === 'attendance' ? [[block.heading, block.entries.length]] : [],
    )
    expect(lists).toEqual([
      ['Asisten · Grupo Veciñal do Monte', 13],
      ['Asisten · Alternativa de Vilariño', 3],
      ['Asisten · Grupo Mixto', 1],
      ['Escusan a súa asistencia', 2],
      ['Non asisten', 1],
    ])
  })

  test('each vote prints its counts, every present member’s sense and its outcome; a rejected proposal leaves no agreement', async () => {
    const { acta } = await sampleDraft(utterances)
    const votes = acta.blocks.filter((block) => block.kind === 'vote')
    expect(votes.map((vote) => [vote.favour, vote.against, vote.abstain, vote.outcome, vote.ballots.length])).toEqual([
      [14, 1, 3, 'approved', 18],
      [18, 0, 0, 'approved', 18],
      [5, 8, 5, 'rejected', 18],
      [14, 1, 3, 'approved', 18],
    ])
    expect(acta.blocks.filter((block) => block.kind === 'agreement')).toHaveLength(3)
    expect(votes[1]?.sentences.at(-1)?.text).toContain('unanimidade')
  })
})

describe('R32: what the machine heard is a draft', () => {
  test('the debate groups the words of each speaker; the chair’s handling is no opinion', async () => {
    const { acta } = await sampleDraft(utterances)
    const turns = acta.blocks.filter((block) => block.kind === 'turn')
    expect(turns.map((turn) => [turn.speaker, turn.group, turn.sentences.length])).toEqual([
      ['Sra. Castro', 'GM', 2],
      ['Sr. Ribadiz', 'GVM', 1],
      ['Sra. Castro', 'GM', 1],
    ])
    expect(turns[0]?.sentences[0]?.sources).toEqual([{ fromMs: 24_000, toMs: 26_000, utterances: ['u24000'], events: [] }])
  })

  test('only machine sentences wait for the secretary, and every id is its own', async () => {
    const { acta } = await sampleDraft(utterances)
    expect(unaccepted(acta)).toHaveLength(4)
    const ids = acta.blocks.flatMap(sentencesOf).map((one) => one.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test.each([
  [true, 'A sesión grávase en audio e vídeo ao abeiro de: acordo plenario de demostración.'],
  [false, 'A sesión grávase como apoio para redactar a acta (gravación de apoio).'],
])('R79: the clause of the recording with an enabling norm (%s) is «%s»', async (enabled, clause) => {
  const { acta } = await sampleDraft([], enabled)
  const block = acta.blocks.find((one) => one.id === 'recording')
  expect(block && sentencesOf(block)[0]?.text).toBe(clause)
})
