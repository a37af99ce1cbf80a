import { expect, test } from 'vitest'
import { JournalIndex } from '../../recorder/journal-index.ts'
import { LineTurn } from '../../recorder/line-turn.ts'
import { LineWatch } from '../../recorder/line-watch.ts'
import { laneOf, lanes, TokenBucket } from '../../recorder/upload-lanes.ts'
import { lineLeafHash } from '../../storage/custody/journal-tree.ts'
import { newId } from '../../storage/model/ids.ts'
import { journalLine } from '../../storage/model/recording.ts'

test('sound goes before a low picture, that before the master, and an unknown track waits with the master', () => {
  expect(lanes).toEqual(['audio', 'proxy', 'master'])
  expect(['mix', 'mic-03', 'proxy', 'master', 'camera-02'].map(laneOf)).toEqual(['audio', 'audio', 'proxy', 'master', 'master'])
})

test('a journal offers its segments lane by lane, oldest first, until each is confirmed', () => {
  const index = new JournalIndex()
  const [session, recorder] = [newId(), newId()]
  for (const [leaf, track] of (['master', 'mix', 'master', 'mix'] as const).entries()) {
    const line = journalLine.parse({
      ...{ v: 1, session, recorder, part: 0, track, index: leaf, sha256: 'a'.repeat(64), bytes: 10 },
      ...{ ptsMs: leaf * 4000, durationMs: 4000, wallMs: 1, monotonicNs: '1', boot: 'b' },
    })
    index.add(line, lineLeafHash(line))
  }
  const leaves = () => lanes.flatMap((lane) => [...index.waitingIn(lane)].map(({ leaf }) => leaf))
  expect(leaves()).toEqual([1, 3, 0, 2])
  index.confirm(1, { key: 'k', version: '1', sha256: 'a'.repeat(64), sizeBytes: 10 })
  index.confirm(1, { key: 'k', version: '1', sha256: 'a'.repeat(64), sizeBytes: 10 })
  expect(leaves()).toEqual([3, 0, 2])
  expect(index.counts).toEqual({ segments: 4, gaps: 0, unconfirmed: 3 })
})

test('a bucket lets its rate through and no more, whoever takes from it', () => {
  let nowMs = 0
  const bucket = new TokenBucket(100_000, () => nowMs)
  let sent = 0
  while (nowMs < 10_000) {
    nowMs += bucket.take(16_000)
    sent += 16_000
  }
  expect(sent / (nowMs / 1000)).toBeGreaterThan(95_000)
  expect(sent / (nowMs / 1000)).toBeLessThan(110_000)
  expect(new TokenBucket(undefined).take(1e9)).toBe(0)
})

test('one at a time has the line, and of those that wait the first in rank, whenever it came; who gives up waits no longer', async () => {
  const turns = new LineTurn()
  const [order, never] = [[] as string[], new AbortController().signal]
  const held = Promise.withResolvers<void>()
  const take = (name: string, rank: number[], signal = never) => turns.take(rank, signal, async () => void order.push(name))
  const first = turns.take([2, 0, 1], never, () => held.promise)
  const gone = new AbortController()
  const left = take('given up', [0, 0, 0], gone.signal)
  const rest = [take('master 2', [2, 0, 2]), take('master 10', [2, 0, 10]), take('sound', [0, 0, 11])]
  gone.abort(new Error('enough'))
  await expect(left).rejects.toThrow('enough')
  held.resolve()
  await Promise.all([first, ...rest])
  expect(order).toEqual(['sound', 'master 2', 'master 10'])
  // What failed on the line leaves it free.
  await expect(turns.take([0], never, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  expect(await turns.take([0], never, async () => 'free')).toBe('free')
})

test.for([
  ['a slow line is not told to be back', 60_000, 0],
  ['a line that was dead is told to be back, once', 1, 1],
] as const)('%s; and nobody is asked while nothing is on it', async ([, deadMs, told]) => {
  let [answers, asked, busy] = [false, 0, true] as [boolean, number, boolean]
  const back: number[] = []
  const ask = async () => {
    asked++
    return answers
  }
  const began = performance.now()
  await using _watch = new LineWatch({ ask, busy: () => busy, onBack: (silentSince) => back.push(silentSince), everyMs: 5, deadMs })
  const askedMore = (count: number, from = asked) => expect.poll(() => asked, { interval: 2 }).toBeGreaterThan(from + count)
  await askedMore(3)
  expect(back).toEqual([])
  answers = true
  await askedMore(3)
  expect(back.length).toBe(told)
  expect(back.every((at) => at >= began)).toBe(true)
  busy = false
  await new Promise((resolve) => setTimeout(resolve, 20))
  const before = asked
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toBe(before)
})
