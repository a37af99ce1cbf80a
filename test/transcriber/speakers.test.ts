import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { languageOfWords, restrictLanguage } from '../../transcriber/languages.ts'
import { attributionError } from '../../transcriber/score/speaker-error.ts'
import { spoolAudio } from '../../transcriber/session-audio.ts'
import { chairClues } from '../../transcriber/speakers/chair-words.ts'
import { findChannelActivity } from '../../transcriber/speakers/channel-audio.ts'
import { channelActivity, channelClues } from '../../transcriber/speakers/channel-energy.ts'
import { correctEvents, matchClocks } from '../../transcriber/speakers/clock-offset.ts'
import { fuseClues } from '../../transcriber/speakers/fuse.ts'
import { gatherClues } from '../../transcriber/speakers/gather-clues.ts'
import { EvidenceError, microphoneClues, parseMicrophoneEvents, parseSeats } from '../../transcriber/speakers/microphone-events.ts'
import { randomNumbers } from '../conformance/random-pairs.ts'
import { fixtures, sampleEvidence, temporaryFolder } from './sample-audio.ts'

const on = (t: number, seat: number) => ({ t, seat, event: 'on' as const })
const off = (t: number, seat: number) => ({ t, seat, event: 'off' as const })
const seats = [
  { seat: 1, speaker: 'castro', name: 'Castro', from: 0, to: 10 },
  { seat: 1, speaker: 'suplente', name: 'Suplente', from: 10, to: null },
]

describe('microphone events', () => {
  test('a seat is not a person: an interval is cut where somebody else sits down', () => {
    expect(microphoneClues([on(5, 1), off(15, 1)], seats, 60_000)).toEqual([
      { speaker: 'castro', fromMs: 5000, toMs: 10_000, source: 'microphone' },
      { speaker: 'suplente', fromMs: 10_000, toMs: 15_000, source: 'microphone' },
    ])
  })

  test('nobody known at a seat is seat-N; never switched off means on until the end; off at first means on since the start', () => {
    expect(microphoneClues([on(5, 7)], seats, 60_000)).toEqual([{ speaker: 'seat-7', fromMs: 5000, toMs: 60_000, source: 'microphone' }])
    expect(microphoneClues([off(5, 7)], seats, 60_000)).toEqual([{ speaker: 'seat-7', fromMs: 0, toMs: 5000, source: 'microphone' }])
  })

  test('a damaged file is refused with the number of the line', () => {
    expect(() => parseMicrophoneEvents('{"t":1,"seat":1,"event":"on"}\n{"t":-1,"seat":1,"event":"on"}')).toThrow(/line 2/)
    expect(() => parseMicrophoneEvents('nonsense')).toThrow(EvidenceError)
    expect(() => parseSeats('{}')).toThrow(EvidenceError)
  })
})

describe('fusion of evidence', () => {
  const speech = [
    { fromMs: 0, toMs: 5000 },
    { fromMs: 6000, toMs: 10_000 },
  ]

  test('an open microphone speaks for its seat, only while there is speech', () => {
    const line = fuseClues(
      [
        { speaker: 'castro', fromMs: 0, toMs: 5200, source: 'microphone' },
        { speaker: 'otero', fromMs: 5800, toMs: 10_000, source: 'microphone' },
      ],
      speech,
      12_000,
    )
    expect([line.at(2500), line.at(8000)]).toEqual(['castro', 'otero'])
    expect(line.over(6500, 9000)).toMatchObject({ id: 'otero', source: 'microphone' })
    expect(line.over(6500, 9000).confidence).toBeGreaterThan(0.95)
  })

  test('of two open microphones the one opened last wins, and the other is the runner-up', () => {
    const line = fuseClues(
      [
        { speaker: 'alcaldesa', fromMs: 0, toMs: 10_000, source: 'microphone' },
        { speaker: 'otero', fromMs: 5800, toMs: 10_000, source: 'microphone' },
      ],
      speech,
      12_000,
    )
    expect([line.at(2500), line.at(8000)]).toEqual(['alcaldesa', 'otero'])
    const { confidence, runnerUp } = line.over(6500, 9000)
    expect(runnerUp).toBe('alcaldesa')
    expect(confidence).toBeLessThan(0.8)
  })

  test('a microphone outweighs the floor, the floor outweighs the presidency, and without evidence nobody is known', () => {
    const floor = { speaker: 'castro', fromMs: 0, toMs: 5000, source: 'floor' as const }
    const presidency = { speaker: 'alcaldesa', fromMs: 0, toMs: 10_000, source: 'presidency' as const }
    const microphone = { speaker: 'otero', fromMs: 0, toMs: 5000, source: 'microphone' as const }
    expect(fuseClues([floor, microphone], speech, 12_000).at(2500)).toBe('otero')
    const line = fuseClues([floor, presidency], speech, 12_000)
    expect([line.at(2500), line.at(8000)]).toEqual(['castro', 'alcaldesa'])
    expect(line.over(500, 4000).source).toBe('floor')
    expect(fuseClues([], speech, 12_000).over(0, 1000)).toEqual({ id: 'unknown', confidence: 0, source: 'none' })
  })
})

describe('sources against each other', () => {
  const speech = [{ fromMs: 0, toMs: 5000 }]

  test('two measured sources that are sure of two people assign nobody and ask; one that is not sure loses', () => {
    const microphone = { speaker: 'otero', fromMs: 0, toMs: 5000, source: 'microphone' as const }
    const channel = { speaker: 'castro', fromMs: 0, toMs: 5000, source: 'channel' as const }
    expect(fuseClues([microphone, channel], speech, 5000).over(500, 4500)).toEqual({
      id: 'unknown',
      confidence: 0,
      source: 'microphone',
      runnerUp: 'otero',
      review: 'sources-disagree',
    })
    const left = { speaker: 'castro', fromMs: 0, toMs: 5000, source: 'microphone' as const }
    expect(fuseClues([microphone, left, channel], speech, 5000).over(500, 4500)).toMatchObject({ id: 'castro', source: 'microphone' })
  })

  test('what is only presumed is asked of a person', () => {
    const presumed = { speaker: 'alcaldesa', fromMs: 0, toMs: 5000, source: 'presidency' as const }
    expect(fuseClues([presumed], speech, 5000).over(500, 4500)).toMatchObject({ id: 'alcaldesa', review: 'unsure', source: 'presidency' })
  })

  test('who speaks at the same time is told by the channels', () => {
    const channels = [
      { speaker: 'castro', fromMs: 0, toMs: 5000, source: 'channel' as const },
      { speaker: 'otero', fromMs: 2000, toMs: 3000, source: 'channel' as const },
    ]
    expect(fuseClues(channels, speech, 5000).overlap(0, 5000)).toEqual([{ id: 'otero', fromMs: 2000, toMs: 3000 }])
  })
})

describe('the clock of the microphones', () => {
  // Turns of 4 to 9 s with pauses of a second between; a breath in each.
  const random = randomNumbers(5)
  const turns: { fromMs: number; toMs: number }[] = []
  for (let at = 8000; at < 2_400_000; ) {
    const toMs = at + 4000 + Math.round(random() * 5000)
    turns.push({ fromMs: at, toMs })
    at = toMs + 800 + Math.round(random() * 1500)
  }
  const speech = turns.flatMap(({ fromMs, toMs }) => [
    { fromMs, toMs: fromMs + 1800 },
    { fromMs: fromMs + 2200, toMs },
  ])
  const events = turns.flatMap(({ fromMs, toMs }, i) => [
    on((fromMs - 200 - random() * 500) / 1000, (i % 5) + 1),
    off((toMs + 200 + random() * 500) / 1000, (i % 5) + 1),
  ])
  const moved = (by: (t: number) => number) => events.map((one) => ({ ...one, t: Math.max(0, by(one.t)) }))
  const worst = (given: typeof events) => {
    const corrected = correctEvents(given, matchClocks(given, speech, 2_400_000))
    return Math.max(...corrected.map((one, i) => Math.abs(one.t - (events[i]?.t ?? 0))))
  }

  test.each([0, -5, 5, 2.4])('an offset of %d s is found', (offset) => {
    expect(worst(moved((t) => t + offset))).toBeLessThan(0.4)
  })

  test('a clock that drifts 0.1 % is followed', () => {
    expect(worst(moved((t) => t * 1.001 + 3))).toBeLessThan(0.7)
  })

  test('what the microphones did after the recording ended is left out', () => {
    const untilMs = 300_000
    const heard = speech.filter((region) => region.toMs < untilMs)
    expect(matchClocks(events, heard, untilMs).state).toBe('matched')
    expect(matchClocks(events, heard.slice(0, 4), 20_000).state).toBe('unchecked')
  })

  test('switches at random times are refused, few are left as they are', () => {
    expect(
      matchClocks(
        moved(() => random() * 2400),
        speech,
        2_400_000,
      ).state,
    ).toBe('refused')
    expect(matchClocks(events.slice(0, 3), speech, 2_400_000).state).toBe('unchecked')
    const gathered = gatherClues({ microphones: moved(() => random() * 2400), seats: [] }, { speech, words: [] }, 2_400_000)
    expect(gathered).toEqual({ clues: [], evidence: ['microphone-events-refused: their clock matches no speech'] })
  })
})

describe('channels', () => {
  test('of the sample session each microphone tells its own speaker, and leakage is nobody', { timeout: 120_000 }, async () => {
    const ffmpeg = await findFfmpeg(process.env)
    await using folder = await temporaryFolder()
    const media = { path: join(fixtures, 'sample-channels', 'from-8s.flac') }
    const audio = await spoolAudio(ffmpeg, [{ fromMs: 8000, media }], { folder: folder.path, source: 'channels' })
    const { turns, seats: sampleSeats } = await sampleEvidence()
    const clues = channelClues((await findChannelActivity(audio)) ?? [], sampleSeats)
    const found = clues.map((clue) => ({ file: 'session-a', speaker: clue.speaker, start: clue.fromMs / 1000, end: clue.toMs / 1000 }))
    const heard = turns.filter((turn) => turn.start > 9 && turn.end < 52)
    const { rate, compared } = attributionError(heard, found)
    expect(heard.length).toBeGreaterThan(4)
    expect(rate).toBeLessThan(0.03)
    expect(compared).toBeGreaterThan(0.8 * heard.reduce((sum, turn) => sum + turn.end - turn.start, 0))
    expect(new Set(clues.map((clue) => clue.speaker))).not.toContain('seat-7')
  })

  test('two within 3 dB both speak; 6 dB above, one; a steady noise, nobody', () => {
    const line = (...spans: [frames: number, db: number][]) =>
      Float32Array.from(spans.flatMap(([frames, db]) => Array<number>(frames).fill(db)))
    const quiet: [number, number] = [40, -60]
    const levels = [line(quiet, [10, -20], [10, -20]), line(quiet, [10, -22], [10, -38])]
    expect(channelClues(channelActivity(levels, 0), []).map(({ speaker, fromMs, toMs }) => [speaker, fromMs, toMs])).toEqual([
      ['seat-1', 4000, 6000],
      ['seat-2', 4000, 5000],
    ])
    expect(channelActivity([line([100, -30]), line([100, -33])], 0)).toEqual([])
  })

  test('one sound on two channels names nobody, and the transcript says why', () => {
    const line = Float32Array.from({ length: 200 }, (_, i) => (i % 40 < 20 ? -60 : -20))
    expect(channelActivity([line, line.map((level) => level - 1)], 0)).toEqual([])
    const { clues, evidence } = gatherClues({ microphones: [], seats: [] }, { speech: [], channels: [], words: [] }, 1000)
    expect([clues, evidence]).toEqual([[], ['channels-refused: they all carry one sound']])
  })
})

describe("the chair's words", () => {
  const people = [
    { speaker: 'alcaldesa', surname: 'Outedal Pena', chairs: true },
    { speaker: 'castro', surname: 'Castro Reboredo' },
    { speaker: 'otero', surname: 'Otero' },
    { speaker: 'lopez-a', surname: 'López Díaz' },
    { speaker: 'lopez-b', surname: 'López Rei' },
  ]
  const said = (text: string, fromMs: number) =>
    text.split(' ').map((word, i) => ({ text: word, fromMs: fromMs + i * 300, toMs: fromMs + i * 300 + 250 }))

  test.each([
    'Ten a palabra a señora Castro.',
    'Tiene la palabra la señora Castro.',
    'Ahora responde a señora Castro.',
    'Dáselle a palabra á señora Castro.',
    'A señora Castro ten a palabra.',
  ])('«%s» gives the floor', (text) => {
    const words = [...said(text, 1000), ...said('Grazas, señora alcaldesa.', 5000), ...said('Pasamos á votación.', 20_000)]
    expect(chairClues(words, people, 60_000)).toEqual([
      { speaker: 'alcaldesa', fromMs: 1000, toMs: words[text.split(' ').length - 1]?.toMs, source: 'chair-words' },
      { speaker: 'castro', fromMs: words[text.split(' ').length - 1]?.toMs, toMs: 20_000, source: 'chair-words' },
      { speaker: 'alcaldesa', fromMs: 20_000, toMs: 20_850, source: 'chair-words' },
    ])
  })

  test('a name of two people calls nobody, and talking of somebody is no call', () => {
    expect(chairClues(said('Ten a palabra o señor López.', 0), people, 9000)).toEqual([])
    expect(chairClues(said('A señora Castro dixo o contrario.', 0), people, 9000)).toEqual([])
  })
})

describe('languages', () => {
  test('what is taken for Portuguese counts as Galician', () => {
    const of = { pt: 0.6, gl: 0.1, es: 0.2 }
    const { language, confidence } = restrictLanguage(of, ['gl', 'es'])
    expect(language).toBe('gl')
    expect(confidence).toBeCloseTo(0.7 / 0.9, 9)
    expect(restrictLanguage(of, ['gl', 'es'])).toMatchObject({ heardAs: 'pt' })
    expect(restrictLanguage({ en: 1 }, ['gl', 'es'])).toEqual({ language: 'gl', confidence: null, heardAs: 'en' })
    expect(restrictLanguage({ gl: 0.45, es: 0.55 }, ['gl', 'es'])).toMatchObject({ language: 'es', other: 'gl' })
    expect(restrictLanguage({ gl: 0.3, es: 0.6 }, ['gl', 'es'])).not.toHaveProperty('other')
  })

  test('small words of an utterance outweigh the language of its chunk', () => {
    const chunk = { language: 'gl' as const, confidence: 0.95 }
    expect(languageOfWords('Queda aprobado por unanimidad.'.split(' '), chunk, ['gl', 'es']).language).toBe('es')
    expect(languageOfWords('Grazas.'.split(' '), { language: 'es', confidence: 0.9 }, ['gl', 'es']).language).toBe('gl')
    expect(languageOfWords(['OK'], chunk, ['gl', 'es']).language).toBe('gl')
  })
})
