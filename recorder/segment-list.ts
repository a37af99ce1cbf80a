/** A segment that ffmpeg closed, on the line of its part, ms. */
export interface ListedSegment {
  index: number
  fromMs: number
  toMs: number
}

/**
 * Reads the list that the segment muxer writes: `s00000.ts,0.000000,4.021333` (of another track `mic-01-00000.mka,…`) a line, one line as each segment is closed.
 * A last line without its end is still being written and is left for the next look.
 */
export function parseSegmentList(text: string): ListedSegment[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return [...whole.matchAll(/^(?:s|[a-z]+(?:-\d\d)?-)(\d+)\.(?:ts|mka),(-?[\d.]+),(-?[\d.]+)$/gm)].map((match) => ({
    index: Number(match[1]),
    fromMs: Math.max(0, Math.round(Number(match[2]) * 1000)),
    toMs: Math.max(0, Math.round(Number(match[3]) * 1000)),
  }))
}
