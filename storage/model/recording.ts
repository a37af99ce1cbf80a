import { z } from 'zod'
import { nanoseconds, recorderId, sessionId, sha256Hex } from './ids.ts'

/**
 * Tracks of a recording. `master` is the one that is replayed and becomes the preserved MP4: picture with its sound, or in a council
 * without camera the room's sound alone. `mix` is the mixer's sound beside a camera: then it is the sound of record, and that of `master`
 * its reference. `mic-01`… is one microphone each, `camera-02`… a further camera or a screen, `proxy` the low picture of `master`.
 */
export const track = z.string().regex(/^(?:master|mix|proxy|mic-(?:0[1-9]|[1-5]\d|6[0-4])|camera-(?:0[2-9]|1\d))$/)

/** Microphones lie in Matroska, since MPEG-TS carries Opus poorly; everything else in MPEG-TS. */
export function segmentFormat(of: string): { extension: 'ts' | 'mka'; contentType: 'video/mp2t' | 'audio/x-matroska' } {
  return of.startsWith('mic-') ? { extension: 'mka', contentType: 'audio/x-matroska' } : { extension: 'ts', contentType: 'video/mp2t' }
}

const head = { v: z.literal(1), session: sessionId, recorder: recorderId }

/** One closed segment, as the recorder journalled it (contracts.md §2). `ptsMs` counts on the media line of the session. */
export const segmentLine = z.object({
  ...head,
  part: z.int().nonnegative(),
  track,
  index: z.int().nonnegative(),
  sha256: sha256Hex,
  bytes: z.int().positive(),
  ptsMs: z.int().nonnegative(),
  durationMs: z.int().nonnegative(),
  wallMs: z.int(),
  monotonicNs: nanoseconds,
  boot: z.string().min(1),
  /** Whether the system held the wall's clock synchronised that `wallMs` is of; absent where nobody could tell. */
  synchronised: z.boolean().optional(),
  /** Cut short by a crash: its last picture may not decode. */
  tail: z.literal(true).optional(),
})
export type SegmentLine = z.infer<typeof segmentLine>

/**
 * One closed segment of a closed part that is recorded for the secretary alone (R17), encrypted at the recorder: `sha256` and `bytes` are of
 * the ciphertext, which is what the store holds, so that anybody can check it without a key. To whoever plays, hears or publishes it is no
 * segment; a gap with cause `closed-part` stands in its place. Version 2: a reader that does not know it must stop, not pass it over.
 */
export const sealedLine = z.object({ ...segmentLine.shape, v: z.literal(2), kind: z.literal('sealed') })
export type SealedLine = z.infer<typeof sealedLine>

export const gapLine = z.object({
  ...head,
  kind: z.literal('gap'),
  part: z.int().nonnegative(),
  fromMs: z.int().nonnegative(),
  toMs: z.int().nonnegative(),
  cause: z.string().min(1),
  /** The track that misses the span; absent when it is `master`. */
  track: track.optional(),
  /** It may have been longer: no clock ran through it that can be believed (the machine was off, and its clock came back wrong). */
  atLeast: z.literal(true).optional(),
  /**
   * It may have been longer or shorter, but not shorter than this, ms: the machine was off, and its length is what a wall's clock said that
   * nobody was known to hold. Segments that say `synchronised` before it and after it tell the true one (gap-length.ts).
   */
  leastMs: z.int().nonnegative().optional(),
})
export type GapLine = z.infer<typeof gapLine>

export const eventLine = z.object({ ...head, kind: z.literal('event'), id: z.string().min(1), sha256: sha256Hex })
export type EventLine = z.infer<typeof eventLine>

/** A line of the recorder's journal: a leaf of its Merkle tree, in the order the recorder learnt it. */
export const journalLine = z.union([segmentLine, gapLine, eventLine, sealedLine])
export type JournalLine = z.infer<typeof journalLine>

export function isSegmentLine(line: JournalLine): line is SegmentLine {
  return 'index' in line && !('kind' in line)
}

export function isSealedLine(line: JournalLine): line is SealedLine {
  return 'index' in line && 'kind' in line
}

/** A line whose bytes lie in the store. */
export type StoredLine = SegmentLine | SealedLine

export function storedContentType(line: StoredLine): string {
  return isSealedLine(line) ? 'application/octet-stream' : segmentFormat(line.track).contentType
}

export function isStoredLine(line: JournalLine): line is StoredLine {
  return 'index' in line
}

/** What the recorder can prove of itself; each state is set by its own proof, never by a wish. */
export const recorderState = z.enum(['idle', 'asked', 'starting', 'recording', 'paused', 'stopped', 'failed'])
export type RecorderState = z.infer<typeof recorderState>
