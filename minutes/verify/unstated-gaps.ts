import type { GapLine, SegmentLine } from '../../storage/model/recording.ts'

/** How far the end of a segment may lie from the start of the next before it is an interruption: a second of sound lost is heard. */
const longestSeamMs = 1000

/** Interruptions between the segments of a track that no gap of the journal states, for a person to read. Pure. */
export function unstatedGaps(segments: readonly SegmentLine[], gaps: readonly GapLine[]): string[] {
  const silent: string[] = []
  for (const track of new Set(segments.map((line) => line.track))) {
    const of = gaps.filter((gap) => track !== 'master' || gap.track === undefined).sort((a, b) => a.fromMs - b.fromMs)
    let end: number | undefined
    for (const line of segments.filter((one) => one.track === track)) {
      if (end !== undefined && line.ptsMs - end > longestSeamMs && statedUpTo(end, of) < line.ptsMs - longestSeamMs) {
        silent.push(`${track} ${end} to ${line.ptsMs} ms`)
      }
      end = Math.max(end ?? 0, line.ptsMs + line.durationMs)
    }
  }
  return silent
}

/** How far gaps state what is missing from a place on: one after another, when what ended the first was lost too. @param gaps by their beginning */
function statedUpTo(fromMs: number, gaps: readonly GapLine[]): number {
  let reach = fromMs + longestSeamMs
  for (const gap of gaps) if (gap.fromMs <= reach) reach = Math.max(reach, gap.toMs)
  return reach
}
