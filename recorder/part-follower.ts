import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SegmentLine } from '../storage/model/recording.ts'
import { syncFile } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { ProgramError } from '../storage/programs/run-program.ts'
import { segmentFileName, segmentListName } from './capture-arguments.ts'
import { type ClockReading, readingAt } from './clock.ts'
import { decodeSegment } from './decode-segment.ts'
import { type Anchor, type PartPlace, placePart } from './media-line.ts'
import { parseSegmentList } from './segment-list.ts'
import type { SegmentSpool } from './segment-spool.ts'

export interface FollowedPart {
  part: number
  /** Where the part before ended; undefined for the first. */
  after: Anchor | undefined
  /** Why there is a gap before this part. */
  cause: string
  speed: number
  /** Known when the part was begun by an agent before us and some of it is journalled. */
  place?: PartPlace
  /** Segments journalled already. */
  kept?: number
}

/**
 * Turns what ffmpeg leaves in the folder of one part into journal lines. It looks at files only, so it does not matter who started ffmpeg.
 * The first segment's end tells where the part lies on the media line; then the gap before it is journalled, and the segment after that.
 */
export class PartFollower {
  readonly #spool: SegmentSpool
  readonly #part: FollowedPart
  readonly folder: string
  #place: PartPlace | undefined
  #kept: number
  #endMs = 0
  #listRead = 0
  #last: { path: string; fromMs: number } | undefined

  constructor(spool: SegmentSpool, part: FollowedPart) {
    this.#spool = spool
    this.#part = part
    this.folder = spool.partFolder(part.part)
    this.#place = part.place
    this.#kept = part.kept ?? 0
  }

  /** Where the part lies; undefined until its first segment is closed. */
  get place(): PartPlace | undefined {
    return this.#place
  }

  /** End of what is journalled, on the part's own line, ms. */
  get endMs(): number {
    return this.#endMs
  }

  /** Path of the newest closed segment and its start, or undefined. */
  get lastClosed(): { path: string; fromMs: number } | undefined {
    return this.#last
  }

  /** The segment that ffmpeg is writing. */
  get openSegment(): { path: string; fromMs: number } {
    return { path: join(this.folder, segmentFileName(this.#kept)), fromMs: this.#endMs }
  }

  /** Size and last write of the segment being written: what the stall watch looks at. */
  async growth(): Promise<{ bytes: number; clock: ClockReading } | undefined> {
    const found = await stat(this.openSegment.path).catch(() => undefined)
    return found === undefined ? undefined : { bytes: this.#kept * 1e9 + found.size, clock: readingAt(found.mtimeMs) }
  }

  /** Puts what was written so far on the disk: with it a power cut costs about a second (study-recorder.md §2.2). */
  async syncOpen(): Promise<void> {
    await syncFile(this.openSegment.path, { metadata: false }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    })
  }

  /** Journals every segment that ffmpeg closed since the last look. */
  async keepClosed(): Promise<SegmentLine[]> {
    const text = await readFrom(join(this.folder, segmentListName('master')), this.#listRead)
    const lines: SegmentLine[] = []
    for (const listed of parseSegmentList(text)) {
      const line = listed.index < this.#kept ? undefined : await this.#keep({ ...listed, tail: false })
      if (line !== undefined) lines.push(line)
      this.#endMs = listed.toMs
    }
    this.#listRead += Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1))
    return lines
  }

  /** After ffmpeg is gone: the closed ones, and the one it left unlisted, cut short, its length measured by decoding it. */
  async keepAll(ffmpeg: Ffmpeg): Promise<SegmentLine[]> {
    const lines = await this.keepClosed()
    const tail = this.openSegment
    const found = await stat(tail.path).catch(() => undefined)
    if (found === undefined || found.size === 0) return lines
    const durationMs = await measured(ffmpeg, tail.path)
    const line = await this.#keep({ index: this.#kept, fromMs: tail.fromMs, toMs: tail.fromMs + durationMs, tail: true })
    return line === undefined ? lines : [...lines, line]
  }

  async #keep(segment: { index: number; fromMs: number; toMs: number; tail: boolean }): Promise<SegmentLine | undefined> {
    const { part, after, cause, speed } = this.#part
    const path = join(this.folder, segmentFileName(segment.index))
    const { mtimeMs } = await stat(path)
    const clock = readingAt(mtimeMs)
    if (this.#place === undefined) {
      const place = placePart(after, { partMs: segment.toMs, clock }, speed)
      if (after !== undefined) await this.#spool.keepGap({ part, fromMs: after.mediaMs, toMs: place.baseMs, cause })
      this.#place = place
    }
    const line = await this.#spool.keepSegment({
      ...{ part, index: segment.index, ptsMs: this.#place.baseMs + segment.fromMs, durationMs: segment.toMs - segment.fromMs },
      ...{ clock, tail: segment.tail },
    })
    this.#kept = segment.index + 1
    this.#endMs = segment.toMs
    this.#last = { path, fromMs: segment.fromMs }
    return line
  }
}

/** What a file holds from a place on; nothing when it is not there yet. */
async function readFrom(path: string, at: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - at)), { position: at })
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Length of a segment nobody closed; bytes that do not decode are kept all the same, with length 0. */
async function measured(ffmpeg: Ffmpeg, path: string): Promise<number> {
  try {
    return (await decodeSegment(ffmpeg, path)).durationMs
  } catch (error) {
    if (error instanceof ProgramError) return 0
    throw error
  }
}
