import { describe, expect, test } from 'vitest'
import { languageOfWords, restrictLanguage } from '../../transcriber/languages.ts'
import { fuseClues } from '../../transcriber/speakers/fuse.ts'
import { EvidenceError, microphoneClues, parseMicrophoneEvents, parseSeats } from '../../transcriber/speakers/microphone-events.ts'

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

describe('languages', () => {
  test('what is taken for Portuguese counts as Galician', () => {
    const of = { language: 'pt', languageProbabilities: { pt: 0.6, gl: 0.1, es: 0.2 } }
    const { language, confidence } = restrictLanguage(of, ['gl', 'es'])
    expect(language).toBe('gl')
    expect(confidence).toBeCloseTo(0.7 / 0.9, 9)
    expect(restrictLanguage({ language: 'en', languageProbabilities: null }, ['es'])).toEqual({ language: 'es', confidence: null })
  })

  test('small words of an utterance outweigh the language of its chunk', () => {
    const chunk = { language: 'gl' as const, confidence: 0.95 }
    expect(languageOfWords('Queda aprobado por unanimidad.'.split(' '), chunk, ['gl', 'es']).language).toBe('es')
    expect(languageOfWords('Grazas.'.split(' '), { language: 'es', confidence: 0.9 }, ['gl', 'es']).language).toBe('gl')
    expect(languageOfWords(['OK'], chunk, ['gl', 'es']).language).toBe('gl')
  })
})
