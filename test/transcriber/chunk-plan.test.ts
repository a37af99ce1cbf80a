import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkKey } from '../../transcriber/chunk-key.ts'
import { changeMarks, planChunks } from '../../transcriber/chunk-plan.ts'
import { placeWords } from '../../transcriber/chunk-sound.ts'
import { settledChunks } from '../../transcriber/settled-chunks.ts'

const runs = [{ fromMs: 0, toMs: 1_000_000 }]

describe('chunk plan', () => {
  test('speech is joined up to 28 s and cut in silence, with 200 ms around it', () => {
    const speech = [
      { fromMs: 1000, toMs: 10_000 },
      { fromMs: 11_000, toMs: 20_000 },
      { fromMs: 21_000, toMs: 30_000 },
    ]
    const chunks = planChunks(speech, { marks: [], runs })
    expect(chunks.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [800, 20_200],
      [20_800, 30_200],
    ])
  })

  test('what is settled while the session runs stands in the plan of the whole session, piece for piece', () => {
    const turns = fc.array(fc.record({ pause: fc.integer({ min: 60, max: 9000 }), length: fc.integer({ min: 200, max: 24_000 }) }), {
      maxLength: 40,
    })
    const share = { known: 0, settled: 0 }
    fc.assert(
      fc.property(turns, fc.integer({ min: 2, max: 5 }), fc.boolean(), (of, voices, knownVoices) => {
        let at = 0
        const speech = of.map(({ pause, length }) => {
          const fromMs = at + pause
          at = fromMs + length
          return { fromMs, toMs: at }
        })
        const owner = new Map(speech.map((one, i) => [one.fromMs, i % voices]))
        const voiceOf = (piece: { fromMs: number }) => {
          const first = speech.find((one) => one.toMs > piece.fromMs)
          return knownVoices && first ? `voice ${owner.get(first.fromMs)}` : undefined
        }
        const plan = (heard: typeof speech) => {
          const marks = knownVoices ? heard.slice(1).map((one, i) => Math.round(((heard[i]?.toMs ?? 0) + one.fromMs) / 2)) : []
          return planChunks(heard, { marks, runs: [{ fromMs: 0, toMs: at + 1000 }], voiceOf, maxMs: 28_000 })
        }
        const whole = new Set(plan(speech).map((one) => JSON.stringify([one.pieces, one.speech])))
        for (let heard = 1; heard < speech.length; heard++) {
          // The next region has just begun.
          const settledMs = (speech[heard]?.fromMs ?? 0) - 1
          const chunks = settledChunks({ chunks: plan(speech.slice(0, heard)), voiceOf, maxMs: 28_000 }, settledMs)
          share.known += heard
          share.settled += chunks.flatMap((one) => one.speech).length
          for (const one of chunks) expect(whole).toContain(JSON.stringify([one.pieces, one.speech]))
        }
      }),
      { seed: 4, numRuns: 150 },
    )
    expect(share.settled / share.known).toBeGreaterThan(0.3)
  })

  test('no chunk crosses a mark', () => {
    const speech = [
      { fromMs: 1000, toMs: 3000 },
      { fromMs: 3500, toMs: 6000 },
    ]
    expect(planChunks(speech, { marks: [3200], runs })).toHaveLength(2)
    expect(planChunks(speech, { marks: [2000], runs })).toHaveLength(1)
    expect(planChunks(speech, { marks: [7000], runs })).toHaveLength(1)
  })

  test('short turns of one microphone are heard together, within reach, never over a recess, and no piece crosses a change', () => {
    const turns = [0, 10_000, 20_000, 30_000, 40_000, 200_000].map((fromMs) => ({ fromMs: fromMs + 500, toMs: fromMs + 6500 }))
    const voiceOf = ({ fromMs }: { fromMs: number }) => (fromMs % 20_000 < 10_000 ? 'alcaldesa' : undefined)
    const marks = [8000, 18_000, 28_000, 38_000]
    const starts = (breaks: number[]) => planChunks(turns, { marks, runs, voiceOf, breaks }).map((one) => one.pieces.map((of) => of.fromMs))
    expect(starts([])).toEqual([[300, 20_300, 40_300], [10_300], [30_300], [200_300]])
    expect(starts([35_000])).toEqual([[300, 20_300], [10_300], [30_300], [40_300, 200_300]])
  })

  test('a word heard in a chunk lies on the session line in the piece it was said in', () => {
    const pieces = [
      { fromMs: 1000, toMs: 3000 },
      { fromMs: 60_000, toMs: 61_000 },
    ]
    const word = (fromMs: number, toMs: number) => ({ text: 'a', fromMs, toMs, probability: null, method: 'token' as const })
    const placed = placeWords([word(0, 400), word(1900, 2250), word(2290, 2800), word(3200, 3600)], pieces)
    expect(placed.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [1000, 1400],
      [2900, 3000],
      [59_990, 60_500],
      [60_900, 61_300],
    ])
  })

  test('padding stays inside the run and half way to the neighbour', () => {
    const speech = [
      { fromMs: 50, toMs: 1000 },
      { fromMs: 1100, toMs: 2000 },
    ]
    const [first, second] = planChunks(speech, { marks: [1050], runs: [{ fromMs: 0, toMs: 2050 }] })
    expect([first?.fromMs, first?.toMs, second?.fromMs, second?.toMs]).toEqual([0, 1050, 1050, 2050])
  })

  test('whatever the speech, every moment of it lies in exactly one chunk, and no chunk is longer than 28 s and its padding', () => {
    const pauses = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 50, max: 70_000 })), { maxLength: 40 })
    fc.assert(
      fc.property(pauses, fc.array(fc.integer({ min: 0, max: 900_000 }), { maxLength: 8 }), (spans, marks) => {
        let at = 0
        const speech = spans.map(([pause, length]) => {
          const fromMs = at + pause
          at = fromMs + length
          return { fromMs, toMs: at }
        })
        const chunks = planChunks(speech, { marks, runs: [{ fromMs: 0, toMs: at }] })
        const length = (of: { fromMs: number; toMs: number }[]) => of.reduce((sum, one) => sum + one.toMs - one.fromMs, 0)
        const covered = chunks.flatMap((chunk) => chunk.speech)
        expect(length(covered)).toBeGreaterThanOrEqual(length(speech))
        for (const [i, chunk] of chunks.entries()) {
          expect(chunk.toMs - chunk.fromMs).toBeLessThanOrEqual(28_400)
          expect(chunk.fromMs).toBeGreaterThanOrEqual(chunks[i - 1]?.toMs ?? 0)
        }
        for (const region of speech) {
          expect(chunks.some((chunk) => chunk.fromMs <= region.fromMs && region.fromMs < chunk.toMs)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a microphone switched on near a pause marks that pause; one in the middle of speech marks nothing', () => {
    const speech = [
      { fromMs: 0, toMs: 4000 },
      { fromMs: 5000, toMs: 9000 },
    ]
    expect(changeMarks([4300, 3700, 5200], speech)).toEqual([4500])
    expect(changeMarks([2000, 7000], speech)).toEqual([])
  })

  test('a key changes with each thing a result is made from, and with nothing else', () => {
    const of = { pcmSha256: 'a', engine: 'b', modelSha256: 'c', language: 'd', promptSha256: 'e', parameters: 'f' }
    const keys = [of, ...Object.keys(of).map((name) => ({ ...of, [name]: 'x' }))].map(chunkKey)
    expect(new Set(keys).size).toBe(7)
    expect(chunkKey({ ...of })).toBe(keys[0])
  })
})
