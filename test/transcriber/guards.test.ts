import { describe, expect, test } from 'vitest'
import { isSuspicious, judge, refuseOutside } from '../../transcriber/guards.ts'
import type { HeardWord, Recognition } from '../../transcriber/speech-recognizer.ts'
import { settleTimes } from '../../transcriber/word-times.ts'

const speech = [{ fromMs: 0, toMs: 10_000 }]

function heard(text: string, changes: Partial<Recognition> = {}): Recognition {
  const words = text
    .split(' ')
    .map((word, i): HeardWord => ({ text: word, fromMs: i * 300, toMs: i * 300 + 250, probability: 0.9, method: 'token' }))
  return { language: 'gl', words, averageLogProbability: -0.2, noSpeechProbability: 0.01, ...changes }
}

const codes = (of: Recognition, region = speech) => judge(of, region).map((guard) => `${guard.code} ${guard.outcome}`)

describe('guards', () => {
  test('ordinary speech fires none', () => {
    expect(judge(heard('Ábrese a sesión ordinaria do pleno.'), speech)).toEqual([])
  })

  test('the same words four times running fire, three times do not', () => {
    expect(codes(heard('si si si si'))).toEqual(['repeated fired'])
    expect(codes(heard('si si si'))).toEqual([])
    expect(codes(heard('moi ben señora moi ben señora moi ben señora moi ben señora'))).toEqual(['repeated fired'])
  })

  test('more characters than a mouth can say fire', () => {
    expect(codes(heard('Ábrese a sesión ordinaria do pleno do concello.'), [{ fromMs: 0, toMs: 1000 }])).toEqual(['dense fired'])
  })

  test('text that packs far too well fires', () => {
    expect(
      codes(heard(`${'o pleno da cámara e '.repeat(3)}mais ${'o pleno da cámara e '.repeat(3)}mais`), [{ fromMs: 0, toMs: 60_000 }]),
    ).toContain('compressible fired')
  })

  test('credits of subtitles fire', () => {
    expect(codes(heard('Subtítulos realizados por la comunidad de Amara.org'))).toEqual(['boilerplate fired'])
  })

  test('no speech counts only with a low probability', () => {
    expect(codes(heard('ola', { noSpeechProbability: 0.9 }))).toEqual([])
    expect(codes(heard('ola', { noSpeechProbability: 0.9, averageLogProbability: -1.5 }))).toEqual([
      'low-probability fired',
      'no-speech fired',
    ])
  })

  test('what the engine does not measure is unavailable, and does not make a text suspicious', () => {
    const bare = heard('Bos días.', { averageLogProbability: null, noSpeechProbability: null })
    bare.words = bare.words.map((word) => ({ ...word, probability: null }))
    expect(codes(bare)).toEqual(['low-probability unavailable', 'no-speech unavailable', 'word-probability unavailable'])
    expect(isSuspicious(judge(bare, speech))).toBe(false)
  })

  test('a word more than half a second outside speech is refused, and the record keeps it', () => {
    const { kept, guards } = refuseOutside(heard('un dous tres').words, [{ fromMs: 0, toMs: 50 }], {
      repeats: 4,
      charactersPerSecond: 25,
      compression: 2.4,
      logProbability: -1,
      noSpeech: 0.6,
      outsideMs: 500,
    })
    expect(kept.map((word) => word.text)).toEqual(['un', 'dous'])
    expect(guards).toEqual([{ code: 'outside-speech', outcome: 'fired', detail: 'refused: «tres» 0.60 s' }])
  })
})

describe('word times', () => {
  test('words stay in order, inside speech, 20 ms to 4 s long', () => {
    const words = [
      { text: 'a', fromMs: 0, toMs: 100, probability: 1, method: 'token' as const },
      { text: 'b', fromMs: 50, toMs: 9000, probability: 1, method: 'token' as const },
      { text: 'c', fromMs: 40, toMs: 40, probability: 1, method: 'token' as const },
    ]
    const settled = settleTimes(words, [{ fromMs: 30, toMs: 8000 }])
    expect(settled.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [30, 100],
      [50, 4050],
      [50, 70],
    ])
  })
})
