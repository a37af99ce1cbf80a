import type { SegmentLine } from '../../storage/model/recording.ts'

/**
 * A stretch that plays without a break: from `playsAtMs` of the player's own clock, what lies from `fromMs` on the media line. It ends where
 * the next one begins: where a recorder took over, the list has whole segments of both, and what lies twice counts in the second.
 */
export interface Piece {
  playsAtMs: number
  fromMs: number
  lengthMs: number
}

type Placed = Pick<SegmentLine, 'recorder' | 'part' | 'index' | 'ptsMs' | 'durationMs' | 'wallMs' | 'sha256'>

/** Whether a segment goes on where the one before it ended. */
function follows(line: Placed, before: Placed | undefined): boolean {
  return before?.recorder === line.recorder && before.part === line.part && before.index + 1 === line.index
}

/** The pieces of a list of segments, in playing order. */
export function piecesOf(segments: readonly Placed[]): Piece[] {
  const pieces: Piece[] = []
  let before: Placed | undefined
  let playsAtMs = 0
  for (const line of segments) {
    const last = pieces.at(-1)
    if (last && follows(line, before)) last.lengthMs += line.durationMs
    else {
      if (last && line.ptsMs > last.fromMs) last.lengthMs = Math.min(last.lengthMs, line.ptsMs - last.fromMs)
      pieces.push({ playsAtMs, fromMs: line.ptsMs, lengthMs: line.durationMs })
    }
    playsAtMs += line.durationMs
    before = line
  }
  return pieces
}

/** Where the player must stand to show a place of the media line; a place that is not there leads to the next that is. */
export function toPlayerMs(mediaMs: number, pieces: readonly Piece[]): number {
  for (const piece of pieces) {
    if (mediaMs < piece.fromMs) return piece.playsAtMs
    if (mediaMs < piece.fromMs + piece.lengthMs) return piece.playsAtMs + mediaMs - piece.fromMs
  }
  const last = pieces.at(-1)
  return last ? last.playsAtMs + last.lengthMs : 0
}

/** Which place of the media line the player shows. */
export function toMediaMs(playerMs: number, pieces: readonly Piece[]): number {
  const piece = pieces.findLast((one) => playerMs >= one.playsAtMs) ?? pieces[0]
  return piece ? piece.fromMs + Math.min(playerMs - piece.playsAtMs, piece.lengthMs) : playerMs
}

/** Less is a frame or two: a leap would be heard more than what lies twice. */
const shortestLeapMs = 250

/** Where a player goes on that stands in what the next piece shows again; undefined where nothing comes twice. */
export function leapFrom(playerMs: number, pieces: readonly Piece[]): number | undefined {
  const at = pieces.findLastIndex((one) => playerMs >= one.playsAtMs)
  const [piece, next] = [pieces[at], pieces[at + 1]]
  if (!piece || !next || playerMs < piece.playsAtMs + piece.lengthMs) return undefined
  return next.playsAtMs - playerMs < shortestLeapMs ? undefined : next.playsAtMs
}

/**
 * The media playlist over the recorder's own segments (RFC 8216): a discontinuity wherever the line breaks, the wall clock at each
 * beginning. `address` gives a segment's place relative to the playlist.
 * @param live the number of the first segment, when the list goes on
 */
export function playlist(segments: readonly Placed[], address: (line: Placed) => string, live?: { sequence: number }): string {
  const target = Math.max(1, ...segments.map((line) => Math.ceil(line.durationMs / 1000)))
  const lines = ['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${target}`, `#EXT-X-MEDIA-SEQUENCE:${live?.sequence ?? 0}`]
  if (!live) lines.push('#EXT-X-PLAYLIST-TYPE:VOD')
  let before: Placed | undefined
  for (const line of segments) {
    if (!follows(line, before)) {
      if (before) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(line.wallMs).toISOString()}`)
    }
    lines.push(`#EXTINF:${(line.durationMs / 1000).toFixed(3)},`, address(line))
    before = line
  }
  if (!live) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
