import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJournal } from '../../storage/custody/journal-tree.ts'
import { type GapLine, isSegmentLine, type SegmentLine } from '../../storage/model/recording.ts'
import { readJournal, readReceipts } from '../../storage/records/journal.ts'
import { sha256Of } from '../recorder/recorded.ts'
import type { TestStorage } from '../servers/test-storage.ts'
import type { Chamber } from '../web/agent/chamber.ts'
import type { Fault } from './faults.ts'
import { findMarks, flashEveryMs, offsetsOf } from './flash-and-beep.ts'
import type { MemorySample } from './memory-samples.ts'

export interface SoakFigures {
  line: string
  faults: Record<Fault['kind'], number>
  seconds: number
  segments: number
  parts: number
  /** Segments of the journal whose object is missing, or whose object or file has another hash. */
  missing: number
  wrong: number
  /** Objects that no receipt names, or a second one of a segment. */
  double: number
  /** Lines of the recorder's journal equal those of the server, in order. */
  sameJournal: boolean
  gaps: { fromMs: number; toMs: number; cause: string }[]
  /** How far what a part shows is from where the journal says it lies, at its worst, ms: every gap was stated as long as it was. */
  placeErrorMs: number
  /** Beep against flash in the last minute, at its worst, ms. */
  soundOffsetMs: number
  /** Last fifth against the first after the start, of the agent that lived longest and of its ffmpeg, MB; absent when it lived too short to tell. */
  memoryGrowthMb?: { agent: number; ffmpeg: number }
  memoryMostMb: { agent: number; ffmpeg: number }
  accepted: boolean
  refusals: string[]
}

/** Seconds that an agent lived after its loading: before, its heap is still being filled. */
const leastMemorySamples = 120
const accept = { placeErrorMs: 200, soundOffsetMs: 20, memoryGrowthMb: 20 }

export async function checkSoak(of: {
  storage: TestStorage
  chamber: Chamber
  folder: string
  faults: readonly Fault[]
  samples: readonly MemorySample[]
  line: string
}): Promise<SoakFigures> {
  const { storage, chamber, folder } = of
  const session = storage.session.id
  const { rows, receipts } = await storage.database.inCouncil(storage.council.id, async (tx) => ({
    rows: await readJournal(tx, session),
    receipts: await readReceipts(tx, session),
  }))
  const journal = parseJournal(new Uint8Array(await readFile(join(chamber.spool, session, 'journal.jsonl'))))
  const segments = rows.flatMap(({ content, line }) => (isSegmentLine(content) ? [{ line, content }] : []))
  let [missing, wrong] = [0, 0]
  const bytesOf = new Map<SegmentLine, Uint8Array>()
  for (const { line, content } of segments) {
    const receipt = receipts.find((one) => one.line === line)
    if (receipt === undefined) missing++
    else if ((await storage.objects.hash(receipt.key, receipt.version)) !== content.sha256) wrong++
    else bytesOf.set(content, await storage.objects.read(receipt.key, receipt.version))
    const name = `s${String(content.index).padStart(5, '0')}.ts`
    if ((await sha256Of(join(chamber.spool, session, `part-${String(content.part).padStart(3, '0')}`, name))) !== content.sha256) wrong++
  }
  let objects = 0
  for await (const _object of storage.objects.list(`councils/${storage.council.id}/live/sessions/${session}/segments/`)) objects++
  const media = await lookAtMedia([...bytesOf], folder)
  const figures = {
    line: of.line,
    faults: countFaults(of.faults),
    seconds: Math.round(segments.reduce((sum, { content }) => sum + content.durationMs, 0) / 1000),
    segments: segments.length,
    parts: new Set(segments.map(({ content }) => content.part)).size,
    ...{ missing, wrong, double: objects - new Set(receipts.map((one) => one.key)).size },
    sameJournal: JSON.stringify(rows.map((row) => row.content)) === JSON.stringify(journal.lines),
    gaps: rows.flatMap(({ content }) => (isGap(content) ? [{ fromMs: content.fromMs, toMs: content.toMs, cause: content.cause }] : [])),
    ...media,
    ...memoryOf(of.samples),
  }
  const refusals = refusalsOf(figures)
  return { ...figures, accepted: refusals.length === 0, refusals }
}

function isGap(line: object): line is GapLine {
  return 'kind' in line && line.kind === 'gap'
}

function countFaults(faults: readonly Fault[]): SoakFigures['faults'] {
  const count = (kind: Fault['kind']) => faults.filter((one) => one.kind === kind).length
  return {
    'network cut': count('network cut'),
    'agent killed': count('agent killed'),
    'ffmpeg killed': count('ffmpeg killed'),
    'clock step': count('clock step'),
  }
}

/** The camera flashes whenever the clock passes a multiple of five seconds: every part must show the same phase on the media line. */
export async function lookAtMedia(all: readonly [SegmentLine, Uint8Array][], folder: string) {
  const byPart = Map.groupBy(all, ([line]) => line.part)
  const places: number[] = []
  let offsets: number[] = []
  let first: number | undefined
  for (const lines of [...byPart.values()]) {
    const whole = lines.filter(([line]) => !line.tail)
    // The end of the last part tells of drift; of every part its own end tells of its place.
    const last = whole.slice(-15)
    const start = last[0]?.[0].ptsMs
    if (start === undefined) continue
    const marks = await findMarks(
      last.map(([, bytes]) => bytes),
      folder,
    )
    offsets = offsetsOf(marks)
    const shifts = marks.flashes.map((flash) => nearestMultiple(start + flash))
    first ??= shifts[0]
    places.push(...shifts.map((shift) => Math.abs(nearestMultiple(shift - (first ?? 0)))))
  }
  const worst = (values: readonly number[]) => (values.length === 0 ? Number.NaN : Math.round(Math.max(...values.map(Math.abs)) * 10) / 10)
  return { placeErrorMs: worst(places), soundOffsetMs: worst(offsets) }
}

/** Signed distance to the nearest multiple of the flashes' period. */
function nearestMultiple(ms: number): number {
  const rest = ((ms % flashEveryMs) + flashEveryMs) % flashEveryMs
  return rest > flashEveryMs / 2 ? rest - flashEveryMs : rest
}

function memoryOf(samples: readonly MemorySample[]) {
  const lives = [...Map.groupBy(samples, (one) => one.agent).values()].sort((a, b) => b.length - a.length)
  // The first two minutes of a process are its loading and the filling of its heap, no growth.
  const life = (lives[0] ?? []).slice(Math.min(120, Math.floor((lives[0]?.length ?? 0) / 3)))
  const fifth = Math.max(1, Math.floor(life.length / 5))
  const median = (of: readonly MemorySample[], what: 'agentMb' | 'ffmpegMb') =>
    of.map((one) => one[what]).sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0
  const growth = (what: 'agentMb' | 'ffmpegMb') =>
    Math.round((median(life.slice(-fifth), what) - median(life.slice(0, fifth), what)) * 10) / 10
  const most = (what: 'agentMb' | 'ffmpegMb') => Math.round(samples.reduce((top, one) => Math.max(top, one[what]), 0))
  const tells = life.length >= leastMemorySamples
  return {
    ...(tells ? { memoryGrowthMb: { agent: growth('agentMb'), ffmpeg: growth('ffmpegMb') } } : {}),
    memoryMostMb: { agent: most('agentMb'), ffmpeg: most('ffmpegMb') },
  }
}

function refusalsOf(figures: Omit<SoakFigures, 'accepted' | 'refusals'>): string[] {
  const { missing, wrong, double, sameJournal, placeErrorMs, soundOffsetMs, memoryGrowthMb } = figures
  return [
    ...(missing === 0 ? [] : [`${missing} segments are not in the store`]),
    ...(wrong === 0 ? [] : [`${wrong} hashes differ`]),
    ...(double === 0 ? [] : [`${double} objects too many`]),
    ...(sameJournal ? [] : ['the journals differ']),
    ...(placeErrorMs <= accept.placeErrorMs ? [] : [`a part lies ${placeErrorMs} ms from where its gap says`]),
    ...(soundOffsetMs <= accept.soundOffsetMs ? [] : [`sound and picture are ${soundOffsetMs} ms apart`]),
    ...(memoryGrowthMb === undefined || Math.max(memoryGrowthMb.agent, memoryGrowthMb.ffmpeg) <= accept.memoryGrowthMb
      ? []
      : [`memory grew: ${JSON.stringify(memoryGrowthMb)} MB`]),
  ]
}
