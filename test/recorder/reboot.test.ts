import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { elapsedAtLeast, readClock, shifted } from '../../recorder/clock.ts'
import { ClockWatch } from '../../recorder/clock-watch.ts'
import { lineEnd, placePart } from '../../recorder/media-line.ts'
import { PartPlacing } from '../../recorder/part-place.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { parseJournal } from '../../storage/custody/journal-tree.ts'
import { type GapLength, gapLength, gapLengthFrom } from '../../storage/model/gap-length.ts'
import { newId } from '../../storage/model/ids.ts'
import { type GapLine, isSegmentLine, type JournalLine, journalLine } from '../../storage/model/recording.ts'

/** A machine that was off in the middle of a session: boot `a`, then boot `b`. */
const at = (wallMs: number, upMs: number, boot = 'b') => ({ wallMs, monotonicNs: BigInt(upMs) * 1_000_000n, boot })
const identity = { session: newId(), recorder: newId() }
const hour = 3_600_000
const noon = Date.UTC(2026, 9, 27, 12)

interface Written {
  ptsMs: number
  clock: ReturnType<typeof at>
  synchronised?: boolean
  track?: string
}

function segment(part: number, { ptsMs, clock, synchronised, track = 'master' }: Written): JournalLine {
  const shape = { v: 1, ...identity, part, track, index: 0, sha256: 'a'.repeat(64), bytes: 1, ptsMs, durationMs: 4000 }
  const held = synchronised === undefined ? {} : { synchronised }
  return journalLine.parse({ ...shape, ...clock, monotonicNs: String(clock.monotonicNs), ...held })
}

const gapOf = (of: { fromMs: number; toMs: number; leastMs?: number; atLeast?: true }) =>
  journalLine.parse({ v: 1, ...identity, kind: 'gap', part: 1, cause: 'agent-restarted', ...of }) as GapLine

test('across a boot the wall is believed where it was held at both ends; where it was not, the least is the time since the boot', () => {
  const before = at(noon, 5000, 'a')
  expect(elapsedAtLeast(before, at(noon + 60_000, 20_000), true)).toEqual({ ms: 60_000 })
  expect(elapsedAtLeast(before, at(noon + 60_000, 20_000), false)).toEqual({ ms: 60_000, leastMs: 20_000 })
  // A wall that was not held and says a year is a wrong year; one that is held is believed.
  expect(elapsedAtLeast(before, at(noon + 8760 * hour, 20_000), false)).toEqual({ ms: 20_000, leastMs: 20_000 })
  expect(elapsedAtLeast(before, at(noon + 30 * hour, 20_000), true)).toEqual({ ms: 30 * hour })
  expect(elapsedAtLeast(before, at(noon + 60_000, 20_000, 'process-x'), false)).toEqual({ ms: 60_000, leastMs: 0 })
  expect(elapsedAtLeast(at(noon, 5000), at(noon + hour, 9000), false)).toEqual({ ms: 4000 })
})

test('a part lies surely after a boot only when both the last segment before and the clock now say that they are held', () => {
  const seen = { partMs: 4000, clock: at(noon + 64_000, 24_000) }
  const place = (was: boolean | undefined, is: boolean | undefined) => {
    const written = { ptsMs: 4000, clock: at(noon, 5000, 'a'), ...(was === undefined ? {} : { synchronised: was }) }
    return placePart(lineEnd([segment(0, written)]), { ...seen, synchronised: is }, 1)
  }
  expect(place(true, true)).toEqual({ baseMs: 68_000, startClock: at(noon + 60_000, 20_000) })
  const unsure = { baseMs: 68_000, startClock: at(noon + 60_000, 20_000), leastMs: 20_000 }
  for (const [was, is] of [
    [true, false],
    [false, true],
    [undefined, true],
    [true, undefined],
  ] as const) {
    expect(place(was, is), `${was} before, ${is} now`).toEqual(unsure)
  }
})

test('the gap before such a part says the least it was, in a line that the strict reader of a journal takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-reboot-'))
  try {
    const now = readClock()
    const upMs = Number(now.monotonicNs / 1_000_000n)
    const offMs = upMs + 60_000
    for (const [held, doubt] of [
      [false, { leastMs: expect.closeTo(upMs - 4000 + 1000, -1) }],
      [true, {}],
    ] as const) {
      const spool = await SegmentSpool.open(join(folder, String(held)), { ...identity, isSynchronised: () => held })
      const after = { mediaMs: 8000, clock: at(now.wallMs - 4000 - offMs, 5000, 'a'), synchronised: true }
      // The leading track ended a second before the others: its gap is longer by that.
      const plan = { part: 1, after, cause: 'agent-restarted', speed: 1, track: 'master', gapFromMs: 7000 }
      await new PartPlacing(spool, plan).placeBy({ partMs: 4000, clock: now })
      await spool[Symbol.asyncDispose]()
      const { lines } = parseJournal(await readFile(join(spool.folder, 'journal.jsonl')))
      const line = { v: 1, ...identity, kind: 'gap', part: 1, fromMs: 7000, toMs: 8000 + offMs, cause: 'agent-restarted' }
      expect(lines).toEqual([{ ...line, ...doubt }])
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what the system says of its clock now is not said of what a clock wrote that was moved since, or before a power cut', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-reboot-'))
  const spool = await SegmentSpool.open(folder, { ...identity, isSynchronised: () => true })
  try {
    const now = readClock()
    const written = [now, shifted(now, -60_000), { ...now, wallMs: now.wallMs + hour }, { ...now, boot: 'a' }]
    await mkdir(spool.partFolder(0))
    for (const [index, clock] of written.entries()) {
      await writeFile(spool.segmentPath({ part: 0, index }), 'bytes')
      await spool.keepSegment({ part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock, tail: false })
    }
    expect(spool.lines.map((line) => isSegmentLine(line) && line.synchronised)).toEqual([true, true, undefined, undefined])
    // A part that an agent before the power cut began, and that is found now.
    const after = { mediaMs: 8000, clock: at(noon, 5000, 'z'), synchronised: true }
    const placing = new PartPlacing(spool, { part: 1, after, cause: 'agent-restarted', speed: 1, track: 'master' })
    expect(await placing.placeBy({ partMs: 4000, clock: at(noon + 64_000, 24_000, 'a') })).toMatchObject({ leastMs: 20_000 })
  } finally {
    await spool[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
})

test('the tablet is told of it until the clock is held, the session is over, or ten minutes have passed', () => {
  const lines = [
    segment(0, { ptsMs: 0, clock: at(noon, 5000, 'a') }),
    gapOf({ fromMs: 4000, toMs: 64_000, leastMs: 20_000 }),
    segment(1, { ptsMs: 64_000, clock: at(noon + 64_000, 24_000) }),
    segment(1, { ptsMs: 68_000, clock: at(noon + 68_000, 28_000) }),
  ]
  const alarms = (of: readonly JournalLine[] | undefined, now = at(noon + 70_000, 30_000)) => {
    const watch = new ClockWatch()
    watch.hear(of, now)
    return watch.alarms
  }
  expect(alarms(lines)).toEqual([{ code: 'clock-unsure', sinceWallMs: noon + 64_000 }])
  expect(alarms(undefined)).toEqual([])
  expect(alarms(lines, at(noon + 664_100, 624_100))).toEqual([])
  expect(alarms([lines[0], gapOf({ fromMs: 4000, toMs: 64_000 }), ...lines.slice(2)] as JournalLine[])).toEqual([])
  expect(alarms([lines[0], gapOf({ fromMs: 4000, toMs: 24_000, atLeast: true }), ...lines.slice(2)] as JournalLine[])).toHaveLength(1)
  // After yet another boot the agent's own gap tells; one of the boot before is no news.
  expect(alarms(lines, at(noon + 70_000, 30_000, 'c'))).toEqual([])
})

test('a clock that is held later in the session tells the true length, by the lines as they are', () => {
  // The battery clock was an hour ahead after the boot; the machine was off for five minutes. Then NTP set it right.
  const gap = gapOf({ fromMs: 4000, toMs: 4000 + hour + 300_000, leastMs: 20_000 })
  const last = (synchronised: boolean) => segment(0, { ptsMs: 0, clock: at(noon, 900_000, 'a'), synchronised })
  const first = segment(1, { ptsMs: gap.toMs, clock: at(noon + hour + 304_000, 24_000), synchronised: false })
  const later = segment(1, { ptsMs: gap.toMs + 90_000, clock: at(noon + 394_000, 114_000), synchronised: true })
  const told = (...lines: JournalLine[]): GapLength => gapLength(gap, lines)
  expect(told(last(true), gap, first, later)).toEqual({ ms: 300_000 })
  expect(told(last(true), gap, first)).toEqual({ leastMs: 20_000 })
  expect(told(last(false), gap, first, later)).toEqual({ leastMs: 20_000 })
  // Held earlier in the boot before is enough, and another track's segment is as good a witness.
  const earlier = segment(0, { ptsMs: 0, clock: at(noon - 60_000, 840_000, 'a'), synchronised: true, track: 'mic-01' })
  expect(told(earlier, last(false), gap, first, later)).toEqual({ ms: 300_000 })
  // What lies between is not what the gap is of; and no length is shorter than the machine was up.
  expect(told(last(true), gap, segment(1, { ptsMs: gap.toMs + 8000, clock: at(noon, 24_000) }), later)).toEqual({ leastMs: 20_000 })
  const impossible = segment(1, { ptsMs: gap.toMs + 90_000, clock: at(noon + 94_000, 114_000), synchronised: true })
  expect(told(last(true), gap, first, impossible)).toEqual({ leastMs: 20_000 })
  expect(gapLength(gapOf({ fromMs: 4000, toMs: 9000 }), [])).toEqual({ ms: 5000 })
  expect(gapLength(gapOf({ fromMs: 4000, toMs: 9000, atLeast: true }), [])).toEqual({ leastMs: 5000 })
})

test('where another recorder held a part of it, only the rest was an interruption of the session', () => {
  const gap = gapOf({ fromMs: 4000, toMs: 64_000, leastMs: 20_000 })
  expect(gapLengthFrom(4000, gap, [])).toEqual({ leastMs: 20_000 })
  expect(gapLengthFrom(14_000, gap, [])).toEqual({ leastMs: 10_000 })
  expect(gapLengthFrom(50_000, gap, [])).toEqual({ leastMs: 0 })
  expect(gapLengthFrom(14_000, gapOf({ fromMs: 4000, toMs: 64_000 }), [])).toEqual({ ms: 50_000 })
})
