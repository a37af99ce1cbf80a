import type { RecorderId } from '../../storage/model/ids.ts'
import { type GapLine, isSegmentLine, type JournalLine, type SegmentLine } from '../../storage/model/recording.ts'

/** A run of segments between gaps, on the session's media line. */
export interface RecordedPart {
  recorder: RecorderId
  part: number
  track: SegmentLine['track']
  fromMs: number
  toMs: number
  segments: number
}

/** What journals say of a recording, in the order of the media line. Pure. */
export interface RecordingFacts {
  segments: SegmentLine[]
  parts: RecordedPart[]
  gaps: GapLine[]
  durationMs: number
}

/** @param lines of one recorder's journal, or of several, one after the other */
export function recordingFacts(lines: readonly JournalLine[]): RecordingFacts {
  const rank = new Map([...new Set(lines.map((line) => line.recorder))].map((recorder, at) => [recorder, at]))
  const place = (line: SegmentLine) => rank.get(line.recorder) ?? 0
  const segments = lines
    .filter(isSegmentLine)
    .sort((a, b) => place(a) - place(b) || a.part - b.part || a.track.localeCompare(b.track) || a.index - b.index)
  const gaps = lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
  const parts: RecordedPart[] = []
  for (const segment of segments) {
    const last = parts.at(-1)
    const end = segment.ptsMs + segment.durationMs
    const { recorder, part, track } = segment
    if (last && last.recorder === recorder && last.part === part && last.track === track) {
      last.toMs = Math.max(last.toMs, end)
      last.segments++
    } else {
      parts.push({ recorder, part, track, fromMs: segment.ptsMs, toMs: end, segments: 1 })
    }
  }
  return { segments, parts, gaps, durationMs: Math.max(0, ...parts.map((part) => part.toMs)) }
}

/** Leaves of the journal's tree whose segments touch the span, both ends inclusive; undefined when none does. */
export function leavesOfSpan(lines: readonly JournalLine[], fromMs: number, toMs: number): { from: number; to: number } | undefined {
  let found: { from: number; to: number } | undefined
  for (const [leaf, line] of lines.entries()) {
    if (!isSegmentLine(line) || line.ptsMs >= toMs || line.ptsMs + line.durationMs <= fromMs) continue
    found = { from: found?.from ?? leaf, to: leaf }
  }
  return found
}

/**
 * The recorder's clock at a place of the media line, Unix ms: a journalled segment carries the clock of its end, a gap counts by the
 * clock. Undefined where nothing was recorded.
 */
export function wallAt(segments: readonly SegmentLine[], mediaMs: number): number | undefined {
  const endOf = (line: SegmentLine) => line.ptsMs + line.durationMs
  const sorted = [...segments].sort((a, b) => endOf(a) - endOf(b))
  const anchor = sorted.findLast((line) => endOf(line) <= mediaMs) ?? sorted[0]
  return anchor && anchor.wallMs + mediaMs - endOf(anchor)
}
