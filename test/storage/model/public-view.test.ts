import { describe, expect, test } from 'vitest'
import { closedParts } from '../../../storage/model/closed-parts.ts'
import { newId } from '../../../storage/model/ids.ts'
import {
  isWithheld,
  publicEvents,
  publicSegments,
  publicTranscript,
  votesInClosedParts,
  withheldSpans,
} from '../../../storage/model/public-view.ts'
import { type SegmentLine, segmentLine } from '../../../storage/model/recording.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { transcript } from '../../../storage/model/transcript.ts'

const session = newId()
const recorder = newId()
const startMs = 1_800_000_000_000

let seq = 0
function event(type: string, atMs: number, fields: Record<string, unknown> = {}, mediaMs: number | null = atMs): SessionEvent {
  seq += 1
  return sessionEvent.parse({
    v: 1,
    id: newId(),
    session,
    device: 'tablet',
    seq,
    by: { role: 'secretary', id: 'account-7' },
    at: { wallMs: startMs + atMs, monotonicNs: '1', boot: 'b' },
    ...(mediaMs === null ? {} : { mediaMs }),
    type,
    ...fields,
  })
}
const began = (atMs: number, mediaMs: number | null = atMs) => event('closed.began', atMs, { ground: 'honra', recording: 'none' }, mediaMs)
const ended = (atMs: number, mediaMs: number | null = atMs) => event('closed.ended', atMs, {}, mediaMs)

const segments: SegmentLine[] = Array.from({ length: 50 }, (_, index) =>
  segmentLine.parse({
    v: 1,
    session,
    recorder,
    part: 0,
    track: 'master',
    index,
    sha256: String(index).padStart(64, '0'),
    bytes: 1,
    ptsMs: index * 4000,
    durationMs: 4000,
    wallMs: startMs + index * 4000,
    monotonicNs: '1',
    boot: 'b',
  }),
)

describe('a closed part', () => {
  test('withholds from 20 s before its tap to 20 s after its end', () => {
    expect(withheldSpans([began(60_000), ended(90_000)], segments)).toEqual([{ fromMs: 40_000, toMs: 110_000 }])
  })

  test('that has not ended withholds everything after it', () => {
    expect(withheldSpans([began(60_000)], segments)).toEqual([{ fromMs: 40_000, toMs: Number.POSITIVE_INFINITY }])
  })

  test('that is tapped twice is one part, from the first tap on', () => {
    expect(withheldSpans([began(60_000), began(70_000), ended(90_000)], segments)).toEqual([{ fromMs: 40_000, toMs: 110_000 }])
  })

  test('at the very beginning does not reach before the recording', () => {
    expect(withheldSpans([began(5_000), ended(9_000)], segments)[0]?.fromMs).toBe(0)
  })

  test('whose taps carry no media time is placed by the wall clock, never narrower', () => {
    const [span] = withheldSpans([began(60_000, null), ended(90_000, null)], segments)
    expect(span?.fromMs).toBeLessThanOrEqual(40_000)
    expect(span?.toMs).toBeGreaterThanOrEqual(110_000)
    expect(span?.toMs).toBeLessThan(130_000)
  })

  test('takes every segment that touches it, those across its limits whole', () => {
    const shown = publicSegments(segments, withheldSpans([began(61_000), ended(89_000)], segments)).map((line) => line.index)
    expect(shown).toContain(9)
    expect(shown).not.toContain(10)
    expect(shown).not.toContain(27)
    expect(shown).toContain(28)
    expect(shown).toHaveLength(50 - 18)
  })

  test('takes a segment that ends exactly where it begins', () => {
    expect(isWithheld(36_000, 40_000, [{ fromMs: 40_000, toMs: 90_000 }])).toBe(true)
    expect(isWithheld(36_000, 39_999, [{ fromMs: 40_000, toMs: 90_000 }])).toBe(false)
  })

  test('takes the utterances that touch it out of the transcript, whole', () => {
    const spoken = (id: string, fromMs: number, toMs: number) => ({
      id,
      fromMs,
      toMs,
      speaker: { id: 'castro', confidence: 1, source: 'microphone' },
      language: 'gl',
      languageConfidence: null,
      status: 'ok',
      guards: [],
      words: [],
    })
    const whole = transcript.parse({
      v: 1,
      session,
      version: 1,
      languages: ['gl'],
      engine: { name: 'e', build: '1' },
      model: null,
      evidence: [],
      utterances: [
        spoken('before', 10_000, 20_000),
        spoken('into', 35_000, 41_000),
        spoken('inside', 50_000, 60_000),
        spoken('after', 111_000, 115_000),
      ],
    })
    const shown = publicTranscript(whole, withheldSpans([began(60_000), ended(90_000)], segments))
    expect(shown.utterances.map((one) => one.id)).toEqual(['before', 'after'])
  })
})

test('a vote opened inside a closed part keeps its ballots to itself, one opened after it does not', () => {
  const [inside, after, item] = [newId(), newId(), newId()]
  const opened = (vote: string, atMs: number) =>
    event('vote.opened', atMs, { vote, item, purpose: 'main', kind: 'nominal', majority: 'simple', round: 1 })
  expect([...votesInClosedParts([began(60_000), opened(inside, 70_000), ended(90_000), opened(after, 95_000)])]).toEqual([inside])
})

describe('public events', () => {
  test('say that a closed part was and what it decided, not what was said in it', () => {
    const vote = newId()
    const item = newId()
    const events = [
      event('floor.given', 10_000, { speaker: 'secretary', turn: 'first' }),
      event('floor.given', 45_000, { speaker: 'public', turn: 'first' }),
      began(60_000),
      event('incident', 70_000, { text: 'secret' }),
      event('vote.opened', 80_000, { vote, item, purpose: 'main', kind: 'secret', majority: 'simple', round: 1 }),
      event('vote.proclaimed', 85_000, { vote, outcome: 'approved' }),
      ended(90_000),
      event('floor.given', 105_000, { speaker: 'public', turn: 'first' }),
      event('floor.given', 112_000, { speaker: 'secretary', turn: 'first' }),
    ]
    expect(publicEvents(events, closedParts(events, segments)).map((one) => one.type)).toEqual([
      'floor.given',
      'closed.began',
      'vote.opened',
      'vote.proclaimed',
      'closed.ended',
      'floor.given',
    ])
  })

  test('carry no account and no device, and none of the reminders of the staff', () => {
    const events = [event('note', 1000, { text: 'call the plumber' }), event('star', 2000), event('session.opened', 3000, { call: 1 })]
    const shown = publicEvents(events, [])
    expect(shown.map((one) => one.type)).toEqual(['session.opened'])
    expect(JSON.stringify(shown)).not.toMatch(/account-7|tablet|plumber/)
  })
})
