import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Transcript, Utterance } from '../../storage/model/transcript.ts'
import { toWebVtt } from '../../transcriber/formats/captions.ts'
import { formatCtm, parseCtm, toCtm } from '../../transcriber/formats/ctm.ts'
import { FormatError } from '../../transcriber/formats/format-error.ts'
import { formatRttm, parseRttm, toRttm } from '../../transcriber/formats/rttm.ts'
import { formatStm, parseStm, toStm } from '../../transcriber/formats/stm.ts'

function said(id: string, speaker: string, fromMs: number, text: string, language: 'gl' | 'es' = 'gl'): Utterance {
  const words = text
    .split(' ')
    .filter(Boolean)
    .map((word, i) => ({
      id: `${id}w${i}`,
      text: word,
      fromMs: fromMs + i * 400,
      toMs: fromMs + i * 400 + 350,
      probability: 0.5,
      method: 'token' as const,
    }))
  const toMs = words.at(-1)?.toMs ?? fromMs + 1000
  const who = { id: speaker, confidence: 1, source: 'microphone' as const }
  return {
    id,
    fromMs,
    toMs,
    speaker: who,
    language,
    languageConfidence: 0.9,
    status: words.length > 0 ? 'ok' : 'non-transcrito',
    guards: [],
    words,
  }
}

function transcript(...utterances: Utterance[]): Transcript {
  return {
    v: 1,
    session: 's',
    version: 1,
    languages: ['gl', 'es'],
    engine: { name: 'e', build: 'b' },
    model: null,
    evidence: [],
    utterances,
  }
}

const sample = transcript(
  said('u1', 'castro', 1000, 'Bos días a todas.'),
  said('u2', 'otero', 5000, 'Buenos días.', 'es'),
  said('u3', 'unknown', 9000, ''),
)

describe('STM, RTTM, CTM', () => {
  test('what is written is read back', () => {
    expect(parseStm(toStm(sample, 'pleno'))).toEqual([
      { file: 'pleno', channel: '1', speaker: 'castro', start: 1, end: 2.55, label: '<o,x,gl>', text: 'Bos días a todas.' },
      { file: 'pleno', channel: '1', speaker: 'otero', start: 5, end: 5.75, label: '<o,x,es>', text: 'Buenos días.' },
    ])
    expect(parseRttm(toRttm(sample, 'pleno')).map(({ speaker, start, end }) => [speaker, start, end])).toEqual([
      ['castro', 1, 2.55],
      ['otero', 5, 5.75],
    ])
    expect(parseCtm(toCtm(sample, 'pleno')).map(({ word, start, probability }) => [word, start, probability])[0]).toEqual(['Bos', 1, 0.5])
  })

  test('a word without probability has none in the CTM', () => {
    const bare = transcript(said('u1', 'a', 0, 'ola'))
    for (const word of bare.utterances.flatMap((one) => one.words)) word.probability = null
    expect(toCtm(bare, 'f')).toBe('f 1 0.000 0.350 ola\n')
    expect(parseCtm(toCtm(bare, 'f'))[0]?.probability).toBeNull()
  })

  const name = fc.stringMatching(/^[^\s;<][^\s]{0,11}$/)
  const text = fc.array(fc.stringMatching(/^[^\s]{1,9}$/), { maxLength: 6 }).map((words) => words.join(' '))
  const span = fc.tuple(fc.nat(20_000_000), fc.nat(60_000)).map(([fromMs, ms]) => ({ start: fromMs / 1000, end: (fromMs + ms) / 1000 }))
  const label = fc.option(fc.constantFrom('<o,x,gl>', '<o,x,es>', '<o>'), { nil: undefined })

  test('whatever a line holds, it is read back as it was written', () => {
    const stm = fc.record({ file: name, channel: name, speaker: name, label, text, span })
    fc.assert(
      fc.property(fc.array(stm, { maxLength: 8 }), (lines) => {
        const written = lines.map(({ span: at, label: mark, ...one }) => ({
          ...one,
          ...at,
          ...(mark === undefined ? {} : { label: mark }),
        }))
        expect(parseStm(formatStm(written))).toEqual(written)
      }),
    )
    const turn = fc.record({ file: name, speaker: name, span }).map(({ span: at, ...one }) => ({ ...one, ...at }))
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
        expect(parseRttm(formatRttm(turns))).toEqual(turns)
      }),
    )
    const probability = fc.option(fc.nat(10_000).map((value) => value / 10_000))
    const word = fc.record({ file: name, channel: name, word: name, probability, span }).map(({ span: at, ...one }) => ({ ...one, ...at }))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        expect(parseCtm(formatCtm(words))).toEqual(words)
      }),
    )
  })

  test('spaces within a name do not shift the fields', () => {
    expect(parseStm(formatStm([{ file: 'o pleno', channel: '1', speaker: ';;ana gómez', start: 1, end: 2, text: '<a> b' }]))).toEqual([
      { file: 'o_pleno', channel: '1', speaker: '_;;ana_gómez', start: 1, end: 2, text: '<a> b' },
    ])
  })

  test.each([
    ['STM', () => parseStm('f 1 a 3.0 2.0 text'), 'line 1 of the STM: it ends'],
    ['STM', () => parseStm('f 1 a'), 'line 1 of the STM: expected'],
    ['STM', () => parseStm(';; a comment\nf 1 a NaN 2.0 text'), 'line 2 of the STM: expected seconds'],
    ['RTTM', () => parseRttm('SPEAKER f 1 -1 2 <NA> <NA> a <NA> <NA>'), 'line 1 of the RTTM: expected seconds'],
    ['RTTM', () => parseRttm('SPEAKER f 1 1e9 2 <NA> <NA> a <NA> <NA>'), 'expected seconds'],
    ['CTM', () => parseCtm('f 1 0 1 word 7'), 'expected a probability'],
    ['RTTM', () => parseRttm('\n'.repeat(600_000)), 'more than'],
  ])('a hostile %s is refused with a sentence', (_format, parse, sentence) => {
    expect(parse).toThrow(FormatError)
    expect(parse).toThrow(sentence)
  })
})

describe('captions', () => {
  const options = { names: new Map([['castro', 'Sra. Castro <x>']]), notTranscribed: '[non transcrito]', language: 'gl' as const }

  test('each cue names its speaker, who begins is named on the screen, another language is marked, and what was not transcribed is told', () => {
    const text = toWebVtt(sample, options)
    expect(text).toContain('WEBVTT\nLanguage: gl\n')
    expect(text).toContain('1\n00:00:01.000 --> 00:00:03.000\n<v Sra. Castro &lt;x&gt;>Sra. Castro &lt;x&gt;: Bos días a todas.\n')
    expect(text).toContain('<v otero><lang es>otero: Buenos días.</lang>')
    expect(text).toContain('[non transcrito]')
  })

  // Up to 19 characters a second in bursts of a sentence, a pause after each: as people speak.
  const utterances = fc
    .array(
      fc.record({
        speaker: fc.constantFrom('castro', 'otero', 'unknown'),
        text: fc.array(fc.stringMatching(/^[a-zñáé]{1,14}[,.]?$/), { minLength: 1, maxLength: 40 }),
        pauseMs: fc.integer({ min: 900, max: 3000 }),
        characterMs: fc.integer({ min: 53, max: 110 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((list) => {
      let at = 500
      return list.map((one, i) => {
        const made = said(`u${i}`, one.speaker, at, one.text.join(' '))
        for (const word of made.words) {
          word.fromMs = at
          word.toMs = at + word.text.length * one.characterMs
          at = word.toMs + one.characterMs
        }
        const placed = { ...made, fromMs: made.words[0]?.fromMs ?? 0, toMs: made.words.at(-1)?.toMs ?? 0 }
        at += one.pauseMs
        return placed
      })
    })

  test('no cue meets another, none comes before its words or three seconds after, none is wider or faster than can be read', () => {
    fc.assert(
      fc.property(utterances, (list) => {
        const spans = toWebVtt(transcript(...list), options)
          .split('\n\n')
          .slice(1)
          .map((cue) => {
            const [, timing = '', ...lines] = cue.trim().split('\n')
            const [from = 0, to = 0] = timing
              .split(' --> ')
              .map((clock) => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0))
            return {
              from,
              to,
              lines: lines.map((line) =>
                line
                  .replaceAll(/<[^>]*>/g, '')
                  .replaceAll('&lt;', '<')
                  .replaceAll('&gt;', '>'),
              ),
            }
          })
        for (const [i, { from, to, lines }] of spans.entries()) {
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(spans[i + 1]?.from ?? Number.POSITIVE_INFINITY)
          expect(lines.length).toBeLessThanOrEqual(2)
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(42)
          const late = spans[i + 1] !== undefined && to - from < lines.join(' ').length / 17 - 0.002
          // Faster than can be read only where the next words have waited three seconds already.
          if (late) expect((spans[i + 1]?.from ?? 0) - to).toBeLessThan(0.01)
        }
        const starts = list.map((one) => one.fromMs / 1000)
        expect(spans[0]?.from).toBeCloseTo(starts[0] ?? 0, 3)
        const shown = spans.flatMap(({ lines }) => lines.join(' ').split(' ')).filter((word) => !/^(otero:|Sra\.|Castro|<x>:)$/.test(word))
        expect(shown.join('')).toBe(list.flatMap((one) => one.words.map((word) => word.text)).join(''))
      }),
    )
  })

  test('lines have at most 42 characters, cues two lines, and none overlaps the next', () => {
    const long = Array.from({ length: 60 }, (_, i) =>
      i % 9 === 8 ? 'orzamento,' : ['o', 'concello', 'investirá', 'douscentos'][i % 4],
    ).join(' ')
    const text = toWebVtt(transcript(said('u1', 'castro', 0, long), said('u2', 'castro', 24_500, `${'x'.repeat(100)} fin.`)), options)
    const cues = text.split('\n\n').slice(1)
    const spans = cues.map((cue) => cue.split('\n')[1]?.split(' --> ') ?? [])
    for (const cue of cues) {
      const lines = cue.trim().split('\n').slice(2)
      expect(lines.length).toBeLessThanOrEqual(3)
      for (const line of lines) expect(line.replaceAll(/<[^>]*>/g, '').length).toBeLessThanOrEqual(42)
    }
    for (const [i, [, end = '']] of spans.entries()) expect(end <= (spans[i + 1]?.[0] ?? '99')).toBe(true)
    expect(text.replaceAll(/<[^>]*>|\d+\n[\d:.]+ --> [\d:.]+\n/g, '').replaceAll(/\s+/g, ' ')).toContain(
      'o concello investirá douscentos o',
    )
  })
})
