import { expect, test } from 'vitest'
import type { DraftRecording } from '../../../minutes/draft/draft-material.ts'
import { wallAt } from '../../../minutes/recording/recording-facts.ts'
import { fullName } from '../../../storage/model/council.ts'
import type { SegmentLine } from '../../../storage/model/recording.ts'
import { openedSession } from '../../fixtures/council/marked-session.ts'
import { drafted, saidIn } from './said.ts'

const recording: DraftRecording = { durationMs: 3_600_000, format: 'MP4', sha256: 'ab'.repeat(32), gaps: [] }
const at = Date.parse('2026-10-27T18:41:05Z')

test('R16: each pause stands in the acta with the hours of the clock, its length and its cause, and the recess beside it', () => {
  const { council, session, events, mark } = openedSession(9)
  mark({ type: 'recess.began', cause: 'deliberación dos grupos' })
  mark({ type: 'recess.ended' })
  mark({ type: 'session.lifted' })
  const gaps = [
    { fromMs: 600_000, toMs: 900_000, cause: 'paused', fromWallMs: at, toWallMs: at + 300_000 },
    { fromMs: 1_000_000, toMs: 1_004_000, cause: 'closed-part', fromWallMs: at + 400_000, toWallMs: at + 404_000 },
  ]
  const { text } = drafted(council, session, events, { ...recording, gaps })
  expect(text).toContain('A gravación ten 2 interrupcións, que suman 0:05:04.')
  expect(text).toContain('Entre as 19:41:05 e as 19:46:05 (0:05:00) non hai gravación: púxose en pausa.')
  expect(text).toContain('Entre as 19:47:45 e as 19:47:49 (0:00:04) non hai gravación: a sesión estaba a porta pechada.')
  expect(text).toMatch(/A Presidencia interrompe a sesión ás \d\d:\d\d \(deliberación dos grupos\) e retómaa ás \d\d:\d\d\./)
  const spanish = drafted(council, { ...session, language: 'es' }, events, { ...recording, gaps })
  expect(spanish.text).toContain('Entre las 19:41:05 y las 19:46:05 (0:05:00) no hay grabación: se puso en pausa.')
})

test('R16: a gap whose length no clock that was held tells says so, and what a clock set right afterwards tells of it', () => {
  const { council, session, events, mark } = openedSession(9)
  mark({ type: 'session.lifted' })
  const gap = { fromMs: 600_000, toMs: 4_200_000, cause: 'agent-restarted' }
  const of = (length?: DraftRecording['gaps'][number]['length']) => ({ ...recording, gaps: [{ ...gap, ...(length ? { length } : {}) }] })
  const unsure = drafted(council, session, events, of({ leastMs: 45_000 })).text
  expect(unsure).toContain('A duración desta interrupción non é segura')
  expect(unsure).toContain('Foi, como mínimo, de 0:00:45.')
  expect(drafted(council, { ...session, language: 'es' }, events, of({ leastMs: 45_000 })).text).toContain('Fue, como mínimo, de 0:00:45.')
  const corrected = drafted(council, session, events, of({ ms: 300_000 })).text
  expect(corrected).toContain('Segundo o reloxo do gravador posto en hora, esta interrupción foi de 0:05:00.')
  // A clock that confirms what was stated, or a length that was known, needs no word.
  const plain = drafted(council, session, events, of()).text
  expect(drafted(council, session, events, of({ ms: 3_600_300 })).text).toBe(plain)
  expect(plain).not.toMatch(/segura|posto en hora/)
})

test('R16: the hour of a gap is that of the recorder’s clock at its limits, not the sum of what was recorded', () => {
  const line = (ptsMs: number, wallMs: number): SegmentLine =>
    ({
      ...{
        v: 1,
        session: 's',
        recorder: 'r',
        part: 0,
        track: 'master',
        index: 0,
        sha256: 'a'.repeat(64),
        bytes: 1,
        monotonicNs: '0',
        boot: 'b',
      },
      ...{ ptsMs, durationMs: 4000, wallMs },
    }) as unknown as SegmentLine
  // The clock was set a second on in the second segment: a place after it counts from there.
  const segments = [line(0, at), line(4000, at + 5000), line(304_000, at + 304_000)]
  expect([wallAt(segments, 4000), wallAt(segments, 9000), wallAt(segments, 1000)]).toEqual([at, at + 6000, at - 3000])
  expect(wallAt([], 4000)).toBeUndefined()
})

test('R21: a recorder that failed leaves the acta whole, which says the lost interval and its cause, or that no recording was kept', () => {
  const { council, session, events, mark, decide } = openedSession(9)
  mark({ type: 'recording.failed', part: 0, cause: 'capture-died' })
  decide([9, 0, 0], 'approved')
  mark({ type: 'session.lifted' })
  const gaps = [{ fromMs: 10_000, toMs: 25_000, cause: 'something of tomorrow' }]
  expect(drafted(council, session, events, { ...recording, gaps }).text).toContain(
    'Entre as 0:00:10 e as 0:00:25 (0:00:15) non hai gravación: o gravador fallou.',
  )
  const lost = drafted(council, session, events)
  expect(lost.text).toContain('A sesión íase gravar e non se conserva gravación ningunha.')
  expect(lost.acta.blocks.map((block) => block.kind)).toContain('vote')
  expect(lost.text).toMatch(/levanta a sesión ás/)
  expect(drafted(council, { ...session, recorded: false }, events).text).toContain('Desta sesión non hai gravación.')
})

test('R24: who left after the deliberation began is named as abstaining by absence, and names and counts agree', () => {
  const { council, session, events, mark, members, openVote, item, state } = openedSession(9)
  mark({ type: 'debate.began', item })
  mark({ type: 'attendance.left', member: members[8] })
  const vote = openVote(item)
  for (const [n, member] of members.slice(0, 8).entries()) mark({ type: 'ballot.cast', vote, member, sense: n < 6 ? 'favour' : 'abstain' })
  mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
  expect(state().votes[0]?.absent).toEqual([members[8]])
  const { acta, text } = drafted(council, session, events)
  const block = acta.blocks.find((one) => one.kind === 'vote')
  if (block?.kind !== 'vote') throw new Error('the vote is not in the acta')
  const gone = council.members.find((one) => one.id === members[8])
  expect([block.favour, block.against, block.abstain]).toEqual([6, 0, 3])
  for (const sense of ['favour', 'against', 'abstain'] as const)
    expect(block.ballots.filter((one) => one.sense === sense)).toHaveLength(block[sense])
  expect(block.ballots.filter((one) => one.absent)).toEqual([{ name: gone && fullName(gone), sense: 'abstain', absent: true }])
  expect(text).toContain('Das abstencións, unha é abstención por ausencia')
})

test('R24: of a secret vote the acta says who was gone, and beside no name how anybody voted', () => {
  const { council, session, events, mark, members, item, openVote } = openedSession(9, ['ditame'], { matter: 'election-of-persons' })
  mark({ type: 'attendance.left', member: members[8] })
  const vote = openVote(item, { kind: 'secret' })
  mark({ type: 'tally.entered', vote, favour: 5, against: 3, abstain: 0 })
  mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
  const { acta, text } = drafted(council, session, events)
  expect(acta.blocks.find((one) => one.kind === 'vote')).toMatchObject({ favour: 5, against: 3, abstain: 1, ballots: [] })
  expect(text).toContain('abstención por ausencia')
})

test('R80: who takes over presidency or secretary in the session is printed in their own capacity, since when and for whom', () => {
  const { council, session, events, mark, members, secretary } = openedSession(9)
  const stand = council.members.find((one) => one.id === members[1])
  mark({
    type: 'role.taken',
    role: 'presidency',
    person: members[1],
    capacity: 'Primeiro tenente de alcaldesa',
    substitutes: members[0],
    cause: 'abstención legal',
  })
  mark({ type: 'session.lifted' })
  const { text, acta } = drafted(council, session, events)
  expect(text).toMatch(/Preside: Sra\. Sabela Outedal, Alcaldesa\./)
  expect(text).toMatch(
    new RegExp(
      `Desde as \\d\\d:\\d\\d preside: ${stand?.treatment} ${stand && fullName(stand)}, Primeiro tenente de alcaldesa\\. En substitución de Sra\\. Sabela Outedal \\(abstención legal\\)\\.`,
    ),
  )
  expect(text).toContain('como secretaria, dou fe.')
  expect(secretary).toBeDefined()
  const attended = acta.blocks.flatMap((block) => (block.kind === 'list' && block.id.startsWith('attend-') ? block.entries : []))
  expect(attended).toHaveLength(8)
})

test('R79: the title of a recorded session says «vídeo-acta» with its norm, or «gravación de apoio» without one', () => {
  const { council, session, events } = openedSession(9)
  const titleOf = (of: typeof council, recorded: boolean) => {
    const title = drafted(of, session, events, recorded ? recording : undefined).acta.blocks[0]
    return title?.kind === 'title' ? title.sentences.map((one) => one.text) : []
  }
  const { enablingNorm: _norm, ...without } = council
  expect(titleOf(council, true)[1]).toBe('Vídeo-acta, ao abeiro de: acordo plenario de demostración')
  expect(titleOf(without, true)[1]).toBe('Acta con gravación de apoio')
  expect(titleOf(council, false)).toHaveLength(1)
})

test('R82: the acta of the Xunta de Goberno speaks of its own body, counts its own members and does not call the session public', () => {
  const first = openedSession(9)
  const council = {
    ...first.council,
    bodies: [
      {
        kind: 'xunta-de-goberno' as const,
        name: 'Xunta de Goberno Local',
        members: first.council.members
          .filter((one) => one.legal)
          .slice(0, 3)
          .map((one) => one.id),
      },
    ],
  }
  const { session, events, decide } = openedSession(9, ['ditame'], { council, body: 'xunta-de-goberno', present: 3 })
  decide([3, 0, 0], 'approved')
  const { text } = drafted(council, session, events)
  expect(text).toContain('REALIZADA POLA XUNTA DE GOBERNO LOCAL')
  expect(text).toContain('3 membros presentes dos 3 que compoñen a Xunta de Goberno Local')
  expect(text).not.toMatch(/Pleno|aberta e pública/)
})

test('R81: a session at a distance says so with its reason, and a line that falls is told as that', () => {
  const { council, session, events, mark, members } = openedSession(9)
  const opened = events.findIndex((one) => one.type === 'session.opened')
  const [opening] = events.slice(opened, opened + 1)
  if (opening?.type !== 'session.opened') throw new Error('the session was not opened')
  Object.assign(opening, { mode: 'mixed', modeReason: 'temporal de neve' })
  mark({ type: 'attendance.arrived', member: members[8], mode: 'remote' })
  mark({ type: 'connection.lost', member: members[8] })
  const { text } = drafted(council, session, events)
  expect(text).toContain('conforme ao artigo 46.3 da Lei 7/1985. Motivo: temporal de neve.')
  expect(text).toMatch(/que asiste a distancia, perde a conexión ás/)
})

test('R19: a proposal left on the table keeps its vote in the acta, and an item never reached is not said to be debated', () => {
  const { council, session, events, mark, item, decide } = openedSession(9, ['ditame', 'ditame'])
  decide([9, 0, 0], 'approved', { purpose: 'postpone' })
  mark({ type: 'item.postponed', item, ground: 'vote' })
  mark({ type: 'session.lifted' })
  const { acta, text } = drafted(council, session, events)
  expect(acta.blocks.filter((one) => one.kind === 'vote')).toHaveLength(1)
  expect(text).toContain('O punto queda sobre a mesa.')
  expect(text).toContain('Este punto non se chegou a tratar.')
  expect(saidIn(acta)).not.toContain('Non se producen intervencións.')
})
