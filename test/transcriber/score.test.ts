import { describe, expect, test } from 'vitest'
import { parseCtm } from '../../transcriber/formats/ctm.ts'
import type { Turn } from '../../transcriber/formats/rttm.ts'
import { parseStm } from '../../transcriber/formats/stm.ts'
import { assign } from '../../transcriber/score/assignment.ts'
import { align, countEdits, editsOf } from '../../transcriber/score/edit-distance.ts'
import { attributionError, diarizationError, speakerCountError } from '../../transcriber/score/speaker-error.ts'
import { charactersOf, wordsOf } from '../../transcriber/score/spelling.ts'
import { inventedWords, languageAccuracy, nameRecall, wordStartError } from '../../transcriber/score/text-findings.ts'
import { timedSpeakerWordError } from '../../transcriber/score/timed-word-error.ts'
import { characterError, speakerWordError, wordError, wordErrorBy } from '../../transcriber/score/word-error.ts'
import { randomNumbers } from '../conformance/random-pairs.ts'

const words = (text: string) => text.split(' ').filter(Boolean)
const turn = (speaker: string, start: number, end: number, file = 'f'): Turn => ({ file, speaker, start, end })

describe('word error', () => {
  test('substitutions, deletions and insertions are counted as by hand', () => {
    expect(countEdits(words('a b c d'), words('a x c'))).toEqual({ substitutions: 1, deletions: 1, insertions: 0, words: 4 })
    expect(countEdits(words(''), words('a b'))).toEqual({ substitutions: 0, deletions: 0, insertions: 2, words: 0 })
    expect(countEdits(words('a b'), [])).toEqual({ substitutions: 0, deletions: 2, insertions: 0, words: 2 })
  })

  test('raw sees case and punctuation, normalised does not', () => {
    const reference = parseStm('f 1 a 0 1 <o> Bos días, señora.')
    const hypothesis = parseStm('f 1 b 0 1 <o> bos días señora')
    expect(wordError(reference, hypothesis, 'raw').rate).toBe(1)
    expect(wordError(reference, hypothesis, 'normalised').rate).toBe(0)
  })

  test('cpWER finds the naming of speakers that errs least, and counts a word in the wrong mouth twice', () => {
    const reference = parseStm('f 1 a 0 1 <o> un dous tres\nf 1 b 2 3 <o> catro cinco')
    expect(speakerWordError(reference, parseStm('f 1 X 2 3 <o> catro cinco\nf 1 Y 0 1 <o> un dous tres'), 'raw').rate).toBe(0)
    const swapped = speakerWordError(reference, parseStm('f 1 a 0 1 <o> un dous\nf 1 b 1 3 <o> tres catro cinco'), 'raw')
    expect(swapped).toMatchObject({ deletions: 1, insertions: 1, rate: 2 / 5 })
    const third = speakerWordError(reference, parseStm('f 1 a 0 1 <o> un dous tres\nf 1 b 2 3 <o> catro\nf 1 c 3 4 <o> cinco'), 'raw')
    expect(third.rate).toBe(2 / 5)
  })

  test('cpWER of the examples in the documentation of meeteval', () => {
    const side = (...texts: string[]) => parseStm(texts.map((text, i) => `f 1 s${i} ${i} ${i + 1} <o> ${text}`).join('\n'))
    expect(speakerWordError(side('a b', 'c d'), side('a b', 'c d', 'e f'), 'raw')).toMatchObject({ insertions: 2, rate: 0.5 })
    expect(speakerWordError(side('a', 'b', 'c d'), side('a', 'b'), 'raw')).toMatchObject({ deletions: 2, rate: 0.5 })
    expect(speakerWordError(side('a', 'b', 'c'), side('b', 'c', 'd', 'a'), 'raw').rate).toBeCloseTo(1 / 3, 9)
    expect(speakerWordError(side('a b'), side('z', 'a e f'), 'raw')).toMatchObject({ insertions: 2, substitutions: 1, rate: 1.5 })
  })

  test('tcpWER pairs words only where their times meet', () => {
    // «abc b» from 0 to 4 s: abc 0-3, b 3-4. «c d» from 20 to 22: c 20-21, d 21-22. Of the result, middles: abc 1.5, b 3.5; c 30.5, d 31.5.
    const reference = parseStm('f 1 a 0 4 <o> abc b\nf 1 a 20 22 <o> c d')
    const late = parseStm('f 1 x 0 4 <o> abc b\nf 1 x 30 32 <o> c d')
    // 30.5 - 5 = 25.5 lies after 22: c and d are lost and too many, 4 errors of 4 words. With a collar of 10 s all meet.
    expect(timedSpeakerWordError(reference, late, 'raw', 5)).toMatchObject({ deletions: 2, insertions: 2, substitutions: 0, rate: 1 })
    expect(timedSpeakerWordError(reference, late, 'raw', 10).rate).toBe(0)
    // The example in the documentation of meeteval: «a b» and «c d», both from 0 to 2 s, against «a»: 3 lost of 4.
    const twice = parseStm('f 1 a 0 2 <o> a b\nf 1 a 0 2 <o> c d')
    expect(timedSpeakerWordError(twice, parseStm('f 1 x 0 1 <o> a'), 'raw', 5)).toMatchObject({ deletions: 3, rate: 0.75 })
  })

  test('CER counts characters, the spaces between words too', () => {
    // «pleno si» is 8 characters; «plena i»: one changed (o → a), one lost (s).
    expect(characterError(parseStm('f 1 a 0 1 <o> pleno si'), parseStm('f 1 a 0 1 <o> plena i'), 'raw')).toMatchObject({
      words: 8,
      rate: 0.25,
    })
    expect(charactersOf('Si,  señora.', 'normalised')).toHaveLength(9)
  })

  test('each group of the reference has its own errors, and they add up to the whole', () => {
    const reference = parseStm('f 1 a 0 1 <o,x,gl> un dous tres\nf 1 b 2 3 <o,x,es> uno dos')
    const hypothesis = parseStm('f 1 x 0 3 <o> un tres uno tres e')
    // «dous» lost (a), «dos» → «tres» and «e» too many after it (b).
    const by = wordErrorBy(reference, hypothesis, 'raw', (line) => line.speaker)
    expect(by.get('a')).toMatchObject({ words: 3, deletions: 1, insertions: 0 })
    expect(by.get('b')).toMatchObject({ words: 2, substitutions: 1, insertions: 1, rate: 1 })
    expect(editsOf(wordError(reference, hypothesis, 'raw'))).toBe(3)
  })

  test('numbers are the same in words and in digits, in both languages; articles stay articles', () => {
    const same = (text: string) => wordsOf(text, 'normalised').join(' ')
    expect(same('Doce mil catrocentos euros.')).toBe('12400 euros')
    expect(same('12.400 euros')).toBe('12400 euros')
    expect(same('dous millóns trescentos vinte e un mil cinco')).toBe('2321005')
    expect(same('treinta y dos votos, ciento cuatro abstenciones')).toBe('32 votos 104 abstenciones')
    expect(same('mil novecentos noventa e nove')).toBe('1999')
    expect(same('un voto a favor e unha abstención')).toBe('un voto a favor e unha abstención')
    expect(same('vinte e tres')).toBe('23')
    expect(same('sete a favor e dous en contra')).toBe('7 a favor e 2 en contra')
  })

  test('a long text is aligned in pieces with the very same number of edits', () => {
    const random = randomNumbers(7)
    const text = (length: number) => Array.from({ length }, () => String(Math.floor(random() * 40)))
    const [a, b] = [text(2100), text(2000)]
    // Two rows of the textbook's table, whole.
    let row = Array.from({ length: b.length + 1 }, (_, j) => j)
    for (const [i, word] of a.entries()) {
      const next = [i + 1]
      for (const [j, other] of b.entries())
        next.push(Math.min((row[j] ?? 0) + (word === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
      row = next
    }
    expect(editsOf(countEdits(a, b))).toBe(row.at(-1))
    const way = align(a, b)
    expect(way.flatMap(([i]) => (i === null ? [] : [i]))).toEqual(a.map((_, i) => i))
    expect(way.flatMap(([, j]) => (j === null ? [] : [j]))).toEqual(b.map((_, j) => j))
  })

  test('files are scored one by one', () => {
    const reference = parseStm('f 1 a 0 1 <o> un\ng 1 a 0 1 <o> dous')
    expect(wordError(reference, parseStm('f 1 a 0 1 <o> dous\ng 1 a 0 1 <o> un'), 'raw').rate).toBe(1)
    expect(wordError(reference, parseStm('f 1 a 0 1 <o> un'), 'raw')).toMatchObject({ deletions: 1, rate: 0.5 })
  })

  test('the assignment is the cheapest of all', () => {
    expect(
      assign([
        [4, 1, 3],
        [2, 0, 5],
        [3, 2, 2],
      ]),
    ).toEqual([1, 0, 2])
    expect(assign([])).toEqual([])
  })
})

describe('diarization error', () => {
  // 10 s of A, then 10 s of B. The result: x 0-8, y 8-18: 2 s confused, 2 s missed.
  const reference = [turn('A', 0, 10), turn('B', 10, 20)]
  const hypothesis = [turn('x', 0, 8), turn('y', 8, 18)]

  test('missed, false alarm and confusion are as by hand', () => {
    expect(diarizationError(reference, hypothesis, 0)).toEqual({ speech: 20, missed: 2, falseAlarm: 0, confusion: 2, rate: 0.2 })
    expect(diarizationError(reference, [...hypothesis, turn('y', 21, 22)], 0)).toMatchObject({ falseAlarm: 1, rate: 0.25 })
  })

  test('a collar leaves out what lies around each border of the reference', () => {
    const scored = diarizationError(reference, hypothesis, 0.25)
    expect(scored.speech).toBeCloseTo(19, 9)
    expect(scored.confusion).toBeCloseTo(1.75, 9)
    expect(scored.missed).toBeCloseTo(1.75, 9)
  })

  test('speech of two at once counts for both', () => {
    const two = [turn('A', 0, 10), turn('B', 5, 10)]
    expect(diarizationError(two, [turn('x', 0, 10)], 0)).toMatchObject({ speech: 15, missed: 5, rate: 1 / 3 })
  })

  test('attribution takes names as they stand', () => {
    expect(attributionError(reference, [turn('A', 0, 12), turn('B', 12, 20)])).toEqual({ compared: 20, wrong: 2, rate: 0.1 })
    expect(attributionError(reference, hypothesis).rate).toBe(1)
    expect(attributionError(reference, []).rate).toBe(0)
  })
})

describe('findings', () => {
  test('the number of speakers may be too large or too small', () => {
    expect(speakerCountError([turn('a', 0, 1), turn('b', 1, 2)], [turn('x', 0, 2)])).toEqual({ reference: 2, hypothesis: 1, error: -1 })
  })

  test('a language is right when most of what is there at its time has it', () => {
    const reference = parseStm('f 1 a 0 4 <o,x,gl> a\nf 1 b 5 9 <o,x,es> b\nf 1 c 10 12 <o,x,gl> c')
    const hypothesis = parseStm('f 1 a 0 3 <o,x,gl> a\nf 1 a 3 5 <o,x,es> b\nf 1 b 5 9 <o,x,gl> b')
    expect(languageAccuracy(reference, hypothesis)).toEqual({ right: 1, of: 2, rate: 0.5 })
    expect(languageAccuracy([], []).rate).toBeNull()
  })

  test('a name is heard when all its words are, in their place', () => {
    const reference = parseStm('f 1 a 0 9 <o> A señora Uxía Castro ten a palabra. Grazas, señora Castro.')
    const hypothesis = parseStm('f 1 a 0 9 <o> a señora Uxía castro ten a palabra grazas señora Crasto')
    expect(nameRecall(reference, hypothesis, ['Castro', 'Uxía Castro', 'Otero'])).toEqual({ right: 2, of: 3, rate: 2 / 3 })
  })

  test('words where nobody spoke are invented', () => {
    // Speech 10-20, with its margin 9.5-20.5; of 60 s 49 are silent. «dous tres» 30-32: two words there; «un» at 10-12 is none.
    const found = inventedWords(parseStm('f 1 a 10 20 <o> un'), parseStm('f 1 a 10 12 <o> un\nf 1 a 30 32 <o> dous tres'), 60)
    expect(found).toEqual({ words: 2, silenceSeconds: 49, perHour: (2 / 49) * 3600 })
    expect(inventedWords(parseStm('f 1 a 0 20 <o> un'), [], 20).perHour).toBeNull()
  })

  test('starts of words are compared where both sides have the word', () => {
    const reference = parseCtm('f 1 1.0 0.2 Ola,\nf 1 2.0 0.2 a\nf 1 3.0 0.2 todas')
    const hypothesis = parseCtm('f 1 1.1 0.2 ola\nf 1 2.5 0.2 o\nf 1 3.3 0.2 todas')
    // Errors 0.1 and 0.3: the middle is 0.2, the 90th percentile 0.1 + 0.9 × 0.2.
    const { words: count, p50, p90 } = wordStartError(reference, hypothesis)
    expect(count).toBe(2)
    expect(p50).toBeCloseTo(0.2, 9)
    expect(p90).toBeCloseTo(0.28, 9)
    expect(wordStartError([], [])).toEqual({ words: 0, p50: null, p90: null })
  })
})
