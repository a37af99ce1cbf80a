import { describe, expect, test } from 'vitest'
import { placeOnRecording, type ReportedMicrophoneEvent } from '../../../storage/model/microphone-events.ts'
import { readMicrophoneLines } from '../../../storage/model/microphone-lines.ts'

const nowMs = Date.UTC(2026, 9, 27, 19)
const live = { recordingTime: false, untimedMs: nowMs, nowMs }
const file = { recordingTime: true, nowMs }

describe('a line about a microphone', () => {
  test('has its seat, on or off, and the time of its source, in either of two ways', () => {
    const read = readMicrophoneLines(
      '{"id":9137,"seat":3,"event":"on","at":"2026-10-27T19:12:03.250+01:00","battery":80}\n{"id":"x","source":"b","seat":4,"channel":2,"event":"off","at":1793124723250}\n',
      live,
    )
    expect(read).toEqual({
      events: [
        { id: '9137', source: '', seat: 3, event: 'on', clock: 'source', ms: Date.UTC(2026, 9, 27, 18, 12, 3, 250) },
        { id: 'x', source: 'b', seat: 4, channel: 2, event: 'off', clock: 'source', ms: 1793124723250 },
      ],
      refused: [],
    })
  })

  test('without time happened as it came, where it came as it happened; in a file it has none', () => {
    expect(readMicrophoneLines('{"seat":1,"event":"on"}', live).events).toMatchObject([{ clock: 'source', ms: nowMs }])
    expect(readMicrophoneLines('{"seat":1,"event":"on"}', file).refused).toEqual([{ line: 1, problem: 'time' }])
  })

  test('counts from the start of the recording only where the session is known', () => {
    expect(readMicrophoneLines('{"t":12.345,"seat":3,"channel":3,"event":"on"}', file).events).toMatchObject([
      { clock: 'recording', ms: 12_345, seat: 3, channel: 3 },
    ])
    expect(readMicrophoneLines('{"t":12.345,"seat":3,"event":"on"}', live).refused).toEqual([{ line: 1, problem: 'time' }])
  })

  test('without id is the same as another that says the same, and not as one that says something else', () => {
    const ids = [
      '{"seat":1,"event":"on","at":1793124723250}',
      '{"at":1793124723250,"event":"on","seat":1}',
      '{"seat":2,"event":"on","at":1793124723250}',
    ]
      .flatMap((line) => readMicrophoneLines(line, live).events)
      .map((one) => one.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[0]).not.toBe(ids[2])
  })

  test.each([
    ['nonsense', 'not-json'],
    ['"on"', 'not-json'],
    [`{"seat":1,"event":"on","x":"${'x'.repeat(2000)}"}`, 'too-long'],
    ['{"seat":0,"event":"on"}', 'seat'],
    ['{"seat":"3","event":"on"}', 'seat'],
    ['{"event":"on"}', 'seat'],
    ['{"seat":70000,"event":"on"}', 'seat'],
    ['{"seat":1,"channel":0,"event":"on"}', 'channel'],
    ['{"seat":1,"event":"open"}', 'event'],
    ['{"seat":1,"event":"on","id":""}', 'id'],
    ['{"seat":1,"event":"on","id":"a\\u0000"}', 'id'],
    ['{"seat":1,"event":"on","id":"\\ud800"}', 'id'],
    ['{"seat":1,"event":"on","source":7}', 'source'],
    ['{"seat":1,"event":"on","at":"27/10/2026 19:12"}', 'time'],
    ['{"seat":1,"event":"on","at":"2026-10-27T19:12:03"}', 'time'],
    ['{"seat":1,"event":"on","t":1,"at":1793124723250}', 'time'],
    ['{"seat":1,"event":"on","at":12}', 'clock'],
    ['{"seat":1,"event":"on","at":"2026-10-29T19:12:03Z"}', 'clock'],
  ])('that is bad is told by its number, and the others are kept: %s', (line, problem) => {
    const good = '{"seat":1,"event":"on","at":1793124723250}'
    const read = readMicrophoneLines(`\uFEFF${good}\r\n\r\n${line}\n${good}`, live)
    expect(read.refused).toEqual([{ line: 3, problem }])
    expect(read.events).toHaveLength(2)
  })

  test('may stand in an array, or be the only one, over as many lines as it likes', () => {
    expect(readMicrophoneLines('[{"seat":1,"event":"on"},7,\n{"seat":2,"event":"off"}]', live)).toMatchObject({
      events: [{ seat: 1 }, { seat: 2 }],
      refused: [{ line: 2, problem: 'not-json' }],
    })
    expect(readMicrophoneLines('{\n "seat": 1,\n "event": "on"\n}', live).events).toHaveLength(1)
    expect(readMicrophoneLines('', live)).toEqual({ events: [], refused: [] })
  })
})

describe('a switch has its place on the recording', () => {
  const at = (ms: number, seat: number, event: 'on' | 'off' = 'on'): ReportedMicrophoneEvent => ({
    ...{ id: `${ms} ${seat} ${event}`, source: '', seat, event, clock: 'source', ms },
  })
  /** Two parts with a pause: 60 s, recorded again after 100 s. */
  const stretches = [
    { fromMs: 0, wallMs: 1_000_000 },
    { fromMs: 60_000, wallMs: 1_160_000 },
  ]

  test('by the recorder’s clock, in each part by its own', () => {
    expect(placeOnRecording([at(1_170_500, 2), at(1_005_000, 1)], stretches)).toEqual([
      { t: 5, seat: 1, event: 'on' },
      { t: 70.5, seat: 2, event: 'on' },
    ])
  })

  test('in a gap of its clock: where the recording goes on', () => {
    expect(placeOnRecording([at(1_100_000, 1)], stretches)).toEqual([{ t: 60, seat: 1, event: 'on' }])
  })

  test('before the recording: only what was still on, at its start', () => {
    const before = [at(900_000, 1), at(910_000, 1, 'off'), at(920_000, 2), at(930_000, 3), at(935_000, 3, 'off'), at(940_000, 3)]
    expect(placeOnRecording([...before, at(1_001_000, 2, 'off')], stretches)).toEqual([
      { t: 0, seat: 2, event: 'on' },
      { t: 0, seat: 3, event: 'on' },
      { t: 1, seat: 2, event: 'off' },
    ])
  })

  test('told on the media line: as it was told; and without a recording there is no other', () => {
    const told = { ...at(5000, 1), clock: 'recording' as const }
    expect(placeOnRecording([told, at(1_000_000, 2)], [])).toEqual([{ t: 5, seat: 1, event: 'on' }])
  })
})
