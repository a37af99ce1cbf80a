import { expect, test } from 'vitest'
import { joinStretches, stretchesOf } from '../../transcriber/speech-stretches.ts'

test('a run is heard in stretches of a minute without a gap, at places that its length does not change', () => {
  expect(stretchesOf({ fromMs: 5000, toMs: 65_000 })).toEqual([{ fromMs: 5000, toMs: 65_000, heardFromMs: 5000, heardToMs: 65_000 }])
  const three = stretchesOf({ fromMs: 1000, toMs: 122_000 })
  expect(three.map((one) => [one.heardFromMs, one.fromMs, one.toMs, one.heardToMs])).toEqual([
    [1000, 1000, 61_000, 62_024],
    [57_992, 61_000, 121_000, 122_000],
    [117_992, 121_000, 122_000, 122_000],
  ])
  const hours = stretchesOf({ fromMs: 0, toMs: 5 * 3_600_000 + 1 })
  expect(hours).toHaveLength(301)
  expect(hours[1]).toEqual(stretchesOf({ fromMs: 0, toMs: 208_000 })[1])
  expect(hours.map((one) => one.fromMs)).toEqual([0, ...hours.slice(0, -1).map((one) => one.toMs)])
  expect(hours.at(-1)?.toMs).toBe(5 * 3_600_000 + 1)
  // A detector that ends or begins within a window would hear others.
  for (const { heardFromMs, heardToMs } of hours.slice(0, -2)) expect([heardFromMs % 32, heardToMs % 32]).toEqual([0, 0])
})

test('what is said over a seam is one region, what was heard twice counts once, and a pause at the seam stays one', () => {
  const [first, second] = stretchesOf({ fromMs: 0, toMs: 120_000 })
  if (!first || !second) throw new Error('two stretches')
  const over = joinStretches([
    { stretch: first, regions: [region(10, 20), region(58, 61)] },
    { stretch: second, regions: [region(58.1, 64), region(110, 119)] },
  ])
  expect(over).toEqual([region(10, 20), region(58, 64), region(110, 119)])
  const pause = joinStretches([
    { stretch: first, regions: [region(50, 59.5), region(60.4, 61)] },
    { stretch: second, regions: [region(57, 59.6), region(60.4, 70)] },
  ])
  expect(pause).toEqual([region(50, 59.5), region(60.4, 70)])
})

function region(fromSeconds: number, toSeconds: number) {
  return { fromMs: fromSeconds * 1000, toMs: toSeconds * 1000 }
}
