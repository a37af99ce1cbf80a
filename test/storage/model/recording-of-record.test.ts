import { describe, expect, test } from 'vitest'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { type JournalLine, journalLine } from '../../../storage/model/recording.ts'
import { type RecorderJournal, recordersInOrder, recordOf } from '../../../storage/model/recording-of-record.ts'

const session = newId()
const [room, laptop, third] = [1, 2, 3].map((n) => recorderId.parse(newId(1_790_000_000_000 + n)))
if (room === undefined || laptop === undefined || third === undefined) throw new Error('three recorders')
const name = new Map([
  [room, 'room'],
  [laptop, 'laptop'],
  [third, 'third'],
])

/** Segments of 4 s from `fromMs` to `toMs`, the last one shorter. */
function part(recorder: string, of: { part: number; fromMs: number; toMs: number; track?: string }): JournalLine[] {
  const lines: JournalLine[] = []
  for (let at = of.fromMs, index = 0; at < of.toMs; at += 4000, index++) {
    const durationMs = Math.min(4000, of.toMs - at)
    const shape = { v: 1, session, recorder, part: of.part, track: of.track ?? 'master', index, sha256: 'a'.repeat(64), bytes: 1 }
    lines.push(journalLine.parse({ ...shape, ptsMs: at, durationMs, wallMs: at, monotonicNs: '0', boot: 'b' }))
  }
  return lines
}

const gap = (recorder: string, fromMs: number, toMs: number, cause: string) =>
  journalLine.parse({ v: 1, session, recorder, kind: 'gap', part: 1, fromMs, toMs, cause })

const journal = (recorder: typeof room, ...lines: JournalLine[][]): RecorderJournal => {
  const all = lines.flat()
  return { recorder: recorder as never, lines: all, stored: new Set(all.map((_, at) => at)) }
}

const told = (journals: RecorderJournal[]) => recordOf(journals).spans.map((one) => [name.get(one.recorder), one.fromMs, one.toMs])

describe('The recording of record', () => {
  test('of one recorder is its journal, gaps and all', () => {
    const only = journal(
      room,
      part(room, { part: 0, fromMs: 0, toMs: 10_000 }),
      [gap(room, 10_000, 10_700, 'capture-died')],
      part(room, { part: 1, fromMs: 10_700, toMs: 18_000 }),
    )
    const record = recordOf([only])
    expect(told([only])).toEqual([
      ['room', 0, 10_000],
      ['room', 10_700, 18_000],
    ])
    expect(record.gaps).toEqual([{ fromMs: 10_000, toMs: 10_700, cause: 'capture-died' }])
    expect(record.segments.map((one) => [one.line.part, one.line.index, one.untilMs])).toEqual([
      [0, 0, undefined],
      [0, 1, undefined],
      [0, 2, undefined],
      [1, 0, undefined],
      [1, 1, undefined],
    ])
    expect(record.durationMs).toBe(18_000)
  })

  test('passes to the spare where the first one fell silent, from the beginning of a segment of the spare, no instant twice', () => {
    const first = journal(room, part(room, { part: 0, fromMs: 0, toMs: 13_200 }))
    const spare = journal(laptop, [gap(laptop, 5000, 6000, 'source-late')], part(laptop, { part: 0, fromMs: 6000, toMs: 30_000 }))
    expect(told([spare, first])).toEqual([
      ['room', 0, 10_000],
      ['laptop', 10_000, 30_000],
    ])
    const { segments, gaps } = recordOf([first, spare])
    expect(gaps).toEqual([])
    expect(segments.map((one) => [name.get(one.recorder), one.leaf, one.line.ptsMs, one.untilMs])).toEqual([
      ['room', 0, 0, undefined],
      ['room', 1, 4000, undefined],
      ['room', 2, 8000, 10_000],
      ['laptop', 2, 10_000, undefined],
      ['laptop', 3, 14_000, undefined],
      ['laptop', 4, 18_000, undefined],
      ['laptop', 5, 22_000, undefined],
      ['laptop', 6, 26_000, undefined],
    ])
  })

  test('stays with the spare when the first one comes back, and with the first one while it has no gap', () => {
    const first = journal(
      room,
      part(room, { part: 0, fromMs: 0, toMs: 20_000 }),
      [gap(room, 20_000, 40_000, 'agent-restarted')],
      part(room, { part: 1, fromMs: 40_000, toMs: 80_000 }),
    )
    const spare = journal(laptop, part(laptop, { part: 0, fromMs: 8000, toMs: 60_000 }))
    expect(told([first, spare])).toEqual([
      ['room', 0, 20_000],
      ['laptop', 20_000, 60_000],
      ['room', 60_000, 80_000],
    ])
  })

  test('has a gap only where nobody recorded, with the cause that the recorder of record states, or that it fell silent', () => {
    const first = journal(room, part(room, { part: 0, fromMs: 0, toMs: 8000 }))
    const late = journal(laptop, [gap(laptop, 11_000, 12_000, 'source-late')], part(laptop, { part: 0, fromMs: 12_000, toMs: 20_000 }))
    expect(recordOf([first, late]).gaps).toEqual([{ fromMs: 8000, toMs: 12_000, cause: 'recorder-lost' }])
    const paused = journal(
      room,
      part(room, { part: 0, fromMs: 0, toMs: 8000 }),
      [gap(room, 8000, 30_000, 'paused')],
      part(room, { part: 1, fromMs: 30_000, toMs: 34_000 }),
    )
    expect(recordOf([paused, late]).gaps).toEqual([
      { fromMs: 8000, toMs: 12_000, cause: 'paused' },
      { fromMs: 20_000, toMs: 30_000, cause: 'recorder-lost' },
    ])
  })

  test('counts only what the store holds: what never came is covered by another, or is a gap', () => {
    const first = journal(room, part(room, { part: 0, fromMs: 0, toMs: 16_000 }))
    const cut = { ...first, stored: new Set([0, 1, 3]) }
    expect(recordOf([cut]).gaps).toEqual([{ fromMs: 8000, toMs: 12_000, cause: 'recorder-lost' }])
    const spare = journal(laptop, part(laptop, { part: 0, fromMs: 4000, toMs: 20_000 }))
    expect(told([cut, spare])).toEqual([
      ['room', 0, 8000],
      ['laptop', 8000, 20_000],
    ])
  })

  test('is of the picture that is replayed: another track of a recorder covers nothing', () => {
    const first = journal(
      room,
      part(room, { part: 0, fromMs: 0, toMs: 8000 }),
      part(room, { part: 1, fromMs: 0, toMs: 30_000, track: 'mix' }),
    )
    const spare = journal(laptop, part(laptop, { part: 0, fromMs: 6000, toMs: 20_000 }))
    expect(told([first, spare])).toEqual([
      ['room', 0, 6000],
      ['laptop', 6000, 20_000],
    ])
  })

  test('names the recorders in the order in which they are of record, one that never is last', () => {
    const first = journal(room, part(room, { part: 0, fromMs: 4000, toMs: 8000 }))
    const spare = journal(laptop, part(laptop, { part: 0, fromMs: 0, toMs: 20_000 }))
    expect(recordersInOrder([first, spare])).toEqual([laptop, room])
  })

  test('holds every instant that anybody holds, once, whatever three recorders did', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const random = dice(seed)
      const journals = [room, laptop, third].map((recorder) => {
        let at = Math.round(random() * 20_000)
        const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, n) => {
          const fromMs = at
          const toMs = fromMs + 200 + Math.round(random() * 30_000)
          at = toMs + 100 + Math.round(random() * 20_000)
          return part(recorder, { part: n, fromMs, toMs })
        })
        const all = journal(recorder, ...parts)
        return { ...all, stored: new Set([...all.stored].filter(() => random() > 0.1)) }
      })
      const { spans, segments, gaps } = recordOf(journals)
      const isHeld = (ms: number) =>
        journals.some(({ lines, stored }) =>
          lines.some((line, at) => stored.has(at) && 'ptsMs' in line && line.ptsMs <= ms && ms < line.ptsMs + line.durationMs),
        )
      const end = (one: (typeof segments)[number]) => one.untilMs ?? one.line.ptsMs + one.line.durationMs
      expect(spans.every((span, n) => span.fromMs < span.toMs && span.fromMs >= (spans[n - 1]?.toMs ?? 0))).toBe(true)
      const wrong: number[] = []
      for (let ms = 0; ms < 150_000; ms += 50) {
        const played = segments.filter((one) => one.line.ptsMs <= ms && ms < end(one)).length
        const isGap = gaps.some((one) => one.fromMs <= ms && ms < one.toMs)
        if (played !== (isHeld(ms) ? 1 : 0) || (played === 1 && isGap)) wrong.push(ms)
      }
      expect(wrong, `seed ${seed}`).toEqual([])
    }
  })
})

/** mulberry32: the same seed gives the same sessions. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
