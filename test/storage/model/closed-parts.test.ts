import { describe, expect, test } from 'vitest'
import { closedParts, withheldOf, withheldWallOf } from '../../../storage/model/closed-parts.ts'
import { newId } from '../../../storage/model/ids.ts'
import { liveSegments } from '../../../storage/model/live-window.ts'
import { type SegmentLine, segmentLine } from '../../../storage/model/recording.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'

const session = newId()
const recorder = newId()
const startMs = 1_800_000_000_000
let seq = 0
function event(type: string, atMs: number, fields: Record<string, unknown> = {}): SessionEvent {
  seq += 1
  const envelope = { v: 1, id: newId(), session, device: 'tablet', seq, by: { role: 'secretary', id: 'a' }, mediaMs: atMs }
  return sessionEvent.parse({ ...envelope, at: { wallMs: startMs + atMs, monotonicNs: '1', boot: 'b' }, type, ...fields })
}
const began = (atMs: number) => event('closed.began', atMs, { ground: 'honra', recording: 'none' })
const ended = (atMs: number) => event('closed.ended', atMs)
const confirmed = (taps: SessionEvent[], fromMs: number, toMs: number) =>
  event('closed.confirmed', 300_000, { marks: taps.map((one) => one.id), fromMs, toMs })
const segment = (index: number): SegmentLine =>
  segmentLine.parse({
    ...{ v: 1, session, recorder, part: 0, track: 'master', index, sha256: String(index).padStart(64, '0'), bytes: 1 },
    ...{ ptsMs: index * 4000, durationMs: 4000, wallMs: startMs + index * 4000, monotonicNs: '1', boot: 'b' },
  })
const segments = Array.from({ length: 60 }, (_, index) => segment(index))
const only = (events: SessionEvent[]) => {
  const [part] = closedParts(events, segments)
  if (!part) throw new Error('no closed part')
  return part
}

describe('the limits of a closed part', () => {
  const taps = [began(60_000), ended(90_000)]

  test('are wide until the secretary confirms them, and then exactly what was confirmed', () => {
    expect(withheldOf(only(taps))).toEqual({ fromMs: 40_000, toMs: 110_000 })
    expect(withheldOf(only([...taps, confirmed(taps, 52_000, 91_500)]))).toEqual({ fromMs: 52_000, toMs: 91_500 })
  })

  test('may be confirmed again; the last word counts', () => {
    expect(withheldOf(only([...taps, confirmed(taps, 52_000, 91_500), confirmed(taps, 50_000, 95_000)]))).toEqual({
      fromMs: 50_000,
      toMs: 95_000,
    })
  })

  test('are wide again when a tap arrives late that the confirmation did not know', () => {
    const confirmation = confirmed(taps, 59_000, 90_000)
    expect(withheldOf(only([began(50_000), ...taps, confirmation]))).toEqual({ fromMs: 30_000, toMs: 110_000 })
  })

  test('of another part confirm nothing', () => {
    const other = [began(150_000), ended(160_000)]
    const parts = closedParts([...taps, ...other, confirmed(other, 150_000, 160_000)], segments)
    expect(parts.map(withheldOf)).toEqual([
      { fromMs: 40_000, toMs: 110_000 },
      { fromMs: 150_000, toMs: 160_000 },
    ])
  })

  test('on the clock are never narrower than the taps', () => {
    const narrow = only([...taps, confirmed(taps, 70_000, 80_000)])
    expect(withheldWallOf(narrow)).toEqual({ fromMs: startMs + 60_000, toMs: startMs + 90_000 })
    const wide = only([...taps, confirmed(taps, 55_000, 95_000)])
    expect(withheldWallOf(wide)).toEqual({ fromMs: startMs + 55_000, toMs: startMs + 95_000 })
  })

  test('that has no end reach to the end of time, on both clocks', () => {
    expect(withheldOf(only([began(60_000)])).toMs).toBe(Number.POSITIVE_INFINITY)
    expect(withheldWallOf(only([began(60_000)])).toMs).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('what is live', () => {
  const at = (nowMs: number, events: SessionEvent[] = [], leadHeardMs: number | undefined = startMs + nowMs) =>
    liveSegments({ events, segments, nowMs: startMs + nowMs, leadHeardMs }).map((line) => line.index)

  test('is at least 30 s old', () => {
    expect(at(100_000).at(-1)).toBe(16)
    expect(at(101_999).at(-1)).toBe(16)
    expect(at(102_000).at(-1)).toBe(17)
  })

  test('stops 10 s after the leading tablet was last heard, and is nothing before it ever was', () => {
    expect(at(100_000, [], startMs + 90_000)).not.toEqual([])
    expect(at(100_000, [], startMs + 89_999)).toEqual([])
    expect(liveSegments({ events: [], segments, nowMs: startMs + 100_000, leadHeardMs: undefined })).toEqual([])
  })

  test('is nothing while a part is closed', () => {
    expect(at(100_000, [began(95_000)])).toEqual([])
  })

  test('holds nothing of a closed part afterwards, from 20 s before a tap that came 20 s late', () => {
    const shown = at(200_000, [began(95_000), ended(120_000)])
    expect(shown).toContain(17)
    for (let index = 18; index <= 35; index++) expect(shown).not.toContain(index)
    expect(shown).toContain(36)
  })

  test('never held, before a tap, anything of what the tap then withdraws', () => {
    for (let tapMs = 60_000; tapMs < 70_000; tapMs += 500) {
      const shownBefore = at(tapMs)
      const withdrawn = segments.filter((line) => line.ptsMs + line.durationMs >= tapMs - 20_000).map((line) => line.index)
      expect(shownBefore.filter((index) => withdrawn.includes(index))).toEqual([])
    }
  })
})
