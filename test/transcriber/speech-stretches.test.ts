import { expect, test } from 'vitest'
import { joinStretches, stretchesOf } from '../../transcriber/speech-stretches.ts'

test('a run is heard in equal stretches without a gap, two at least and none above ten minutes; a short one whole', () => {
  expect(stretchesOf({ fromMs: 5000, toMs: 50_000 })).toEqual([{ fromMs: 5000, toMs: 50_000, heardFromMs: 5000, heardToMs: 50_000 }])
  const two = stretchesOf({ fromMs: 1000, toMs: 209_000 })
  expect(two.map((one) => [one.heardFromMs, one.fromMs, one.toMs, one.heardToMs])).toEqual([
    [1000, 1000, 105_000, 106_000],
    [101_992, 105_000, 209_000, 209_000],
  ])
  const hours = stretchesOf({ fromMs: 0, toMs: 5 * 3_600_000 + 1 })
  expect(hours).toHaveLength(31)
  for (const [i, one] of hours.entries()) {
    expect(one.fromMs).toBe(hours[i - 1]?.toMs ?? 0)
    expect(one.toMs - one.fromMs).toBeLessThanOrEqual(600_000)
  }
  expect(hours.at(-1)?.toMs).toBe(5 * 3_600_000 + 1)
})

test('what is said over a seam is one region, what was heard twice counts once, and a pause at the seam stays one', () => {
  const [first, second] = stretchesOf({ fromMs: 0, toMs: 200_000 })
  if (!first || !second) throw new Error('two stretches')
  const over = joinStretches([
    { stretch: first, regions: [region(10, 20), region(98, 101)] },
    { stretch: second, regions: [region(98.1, 104), region(150, 160)] },
  ])
  expect(over).toEqual([region(10, 20), region(98, 104), region(150, 160)])
  const pause = joinStretches([
    { stretch: first, regions: [region(90, 99.5), region(100.4, 101)] },
    { stretch: second, regions: [region(97, 99.6), region(100.4, 110)] },
  ])
  expect(pause).toEqual([region(90, 99.5), region(100.4, 110)])
})

function region(fromSeconds: number, toSeconds: number) {
  return { fromMs: fromSeconds * 1000, toMs: toSeconds * 1000 }
}
