import { describe, expect, test } from 'vitest'
import type { Turn } from '../../transcriber/formats/rttm.ts'
import { parseStm } from '../../transcriber/formats/stm.ts'
import { assign } from '../../transcriber/score/assignment.ts'
import { countEdits } from '../../transcriber/score/edit-distance.ts'
import { attributionError, diarizationError } from '../../transcriber/score/speaker-error.ts'
import { speakerWordError, wordError } from '../../transcriber/score/word-error.ts'

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
