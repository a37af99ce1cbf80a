import { expect, test } from 'vitest'
import { JournalIndex } from '../../recorder/journal-index.ts'
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
