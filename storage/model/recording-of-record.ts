import type { RecorderId } from './ids.ts'
import { type GapLine, isSegmentLine, type JournalLine, type SegmentLine } from './recording.ts'

/** One recorder's journal of a session, and which of its segments the store holds. */
export interface RecorderJournal {
  recorder: RecorderId
  lines: readonly JournalLine[]
  /** Places in `lines` of the segments whose bytes are in the store. */
  stored: ReadonlySet<number>
}

/** A stretch of the media line, ms, whose recording of record is this recorder's. */
export interface RecordSpan {
  recorder: RecorderId
  fromMs: number
  toMs: number
}

/** A segment of record; where another recorder takes over inside it, it counts until `untilMs` only. */
export interface RecordSegment {
  recorder: RecorderId
  /** Place of the line in its recorder's journal. */
  leaf: number
  line: SegmentLine
  untilMs?: number
}

/** A stretch that no recorder holds. */
export interface RecordGap {
  fromMs: number
  toMs: number
  cause: string
}

/** What counts as the recording of a session, of whichever recorders made it. */
export interface RecordOfSession {
  spans: RecordSpan[]
  /** The track `master` in playing order: no instant twice. */
  segments: RecordSegment[]
  gaps: RecordGap[]
  durationMs: number
}

/** How far the end of a segment may lie from the start of the next of its part before it is an interruption. */
const longestSeamMs = 1000
/** Between two parts ffmpeg was restarted: less than a frame or two is rounding. */
const partSeamMs = 50
/** Nobody stated why: a recorder fell silent, and no other was there yet. */
const lostCause = 'recorder-lost'

/** Segments of one recorder without an interruption. */
interface Run {
  recorder: RecorderId
  fromMs: number
  toMs: number
  segments: RecordSegment[]
}

/**
 * Which recorder is of record where (house rule; the law names none). All lie on one media line. Who recorded first keeps the record as long
 * as its recording goes on without an interruption; then it passes to the one that covers that instant, the one that began first if there
 * are several, from the beginning of a segment of its own, so that no instant is heard twice and none is left out that somebody holds. Who comes
 * back does not take the record away from the one that has it. Journals stay whole: what is not of record is kept and proven all the same.
 */
export function recordOf(journals: readonly RecorderJournal[]): RecordOfSession {
  const [only, ...others] = journals
  const runs = journals.flatMap(runsOf).sort(byBeginning)
  const spans = spansOf(runs)
  const durationMs = Math.max(0, ...runs.map((run) => run.toMs))
  if (only !== undefined && others.length === 0 && only.lines.every((line, at) => !isMaster(line) || only.stored.has(at))) {
    // One recorder that delivered everything: its own journal is the record, to the letter.
    return {
      spans,
      segments: runs.flatMap((run) => run.segments),
      gaps: gapLines(only).map(({ fromMs, toMs, cause }) => ({ fromMs, toMs, cause })),
      durationMs,
    }
  }
  return { spans, segments: spans.flatMap((span) => segmentsIn(span, runs)), gaps: gapsBetween(spans, journals), durationMs }
}

/** Recorders in the order in which they first are of record; those that never are, last, by id. */
export function recordersInOrder(journals: readonly RecorderJournal[]): RecorderId[] {
  const { spans } = recordOf(journals)
  const first = (recorder: RecorderId) => spans.find((span) => span.recorder === recorder)?.fromMs ?? Number.POSITIVE_INFINITY
  const ids = journals.map((one) => one.recorder)
  return ids.sort((a, b) => (first(a) === first(b) ? (a < b ? -1 : 1) : first(a) - first(b)))
}

function isMaster(line: JournalLine): line is SegmentLine {
  return isSegmentLine(line) && line.track === 'master'
}

function gapLines(of: RecorderJournal): GapLine[] {
  return of.lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap' && line.track === undefined)
}

function runsOf({ recorder, lines, stored }: RecorderJournal): Run[] {
  const segments = lines.flatMap((line, leaf) => (isMaster(line) && stored.has(leaf) ? [{ recorder, leaf, line }] : []))
  const runs: Run[] = []
  for (const segment of segments.sort((a, b) => a.line.part - b.line.part || a.line.index - b.line.index)) {
    const { line } = segment
    const run = runs.at(-1)
    const seam = run?.segments.at(-1)?.line.part === line.part ? longestSeamMs : partSeamMs
    if (run !== undefined && line.ptsMs - run.toMs <= seam) {
      run.segments.push(segment)
      run.toMs = Math.max(run.toMs, line.ptsMs + line.durationMs)
    } else runs.push({ recorder, fromMs: line.ptsMs, toMs: line.ptsMs + line.durationMs, segments: [segment] })
  }
  return runs
}

function byBeginning(a: Run, b: Run): number {
  return a.fromMs - b.fromMs || (a.recorder < b.recorder ? -1 : 1)
}

/** @param runs by their beginning */
function spansOf(runs: readonly Run[]): RecordSpan[] {
  const spans: RecordSpan[] = []
  let run = runs[0]
  let fromMs = run?.fromMs ?? 0
  while (run !== undefined) {
    const { recorder, toMs } = run
    spans.push({ recorder, fromMs, toMs })
    const next: Run | undefined = runs.find((one) => one.fromMs <= toMs && one.toMs > toMs) ?? runs.find((one) => one.fromMs > toMs)
    if (next !== undefined) {
      // The last beginning of a segment of its own that leaves nothing out.
      fromMs = next.segments.findLast(({ line }) => line.ptsMs <= toMs)?.line.ptsMs ?? next.fromMs
      cutAt(spans, fromMs)
    }
    run = next
  }
  return spans
}

/** What comes after belongs to another span. */
function cutAt(spans: RecordSpan[], ms: number): void {
  for (let last = spans.at(-1); last !== undefined && last.toMs > ms; last = spans.at(-1)) {
    if (last.fromMs >= ms) spans.pop()
    else last.toMs = ms
  }
}

function segmentsIn(span: RecordSpan, runs: readonly Run[]): RecordSegment[] {
  return runs
    .filter((run) => run.recorder === span.recorder)
    .flatMap((run) => run.segments)
    .filter(({ line }) => line.ptsMs >= span.fromMs && line.ptsMs < span.toMs)
    .map((segment) => {
      const cut = segment.line.ptsMs + segment.line.durationMs > span.toMs
      return { ...segment, ...(cut ? { untilMs: span.toMs } : {}) }
    })
}

function gapsBetween(spans: readonly RecordSpan[], journals: readonly RecorderJournal[]): RecordGap[] {
  const stated = journals.flatMap(gapLines)
  return spans.flatMap((span, at) => {
    const before = spans[at - 1]
    if (before === undefined || span.fromMs - before.toMs < partSeamMs) return []
    const [fromMs, toMs] = [before.toMs, span.fromMs]
    // Only the recorder that had the record knows why it was lost.
    const told = stated.find((gap) => gap.recorder === before.recorder && gap.fromMs < toMs && gap.toMs > fromMs)
    return [{ fromMs, toMs, cause: told?.cause ?? lostCause }]
  })
}
