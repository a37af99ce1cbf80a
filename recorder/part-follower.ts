import { open, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredLine } from '../storage/model/recording.ts'
import { syncFile, syncFolder } from '../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { ProgramError } from '../storage/programs/run-program.ts'
import { segmentFileName, segmentListName } from './capture-arguments.ts'
import { type ClockReading, readClock, readingAt, unwatchedReading, within } from './clock.ts'
import { decodeSegment } from './decode-segment.ts'
import type { PartPlace } from './media-line.ts'
import type { PartPlacing } from './part-place.ts'
import { type ListedSegment, parseSegmentList } from './segment-list.ts'
import type { SegmentSpool } from './segment-spool.ts'

/** Below it a disk may cut short what ffmpeg lists as whole (study-recorder.md §2.5): every segment is measured. */
const scarceBytes = 64 * 1024 * 1024
/** What is listed may be this much longer than what is there. */
const listedLongerMs = 400

/**
 * Turns what ffmpeg leaves of one track in the folder of one part into journal lines. It looks at files only, so it does not matter who
 * started ffmpeg. The first segment's end tells where the part lies (part-place.ts).
 */
export class PartFollower {
  readonly #spool: SegmentSpool
  readonly #ffmpeg: Ffmpeg
  readonly #placing: PartPlacing
  readonly track: string
  readonly folder: string
  #kept: number
  #endMs = 0
  #listRead = 0
  #last: { path: string; fromMs: number } | undefined
  #lookedAt: ClockReading | undefined

  /** @param kept segments journalled already by an agent before us, up to `endMs` on the part's line: ffmpeg's list may be lost with the power */
  constructor(spool: SegmentSpool, ffmpeg: Ffmpeg, of: { placing: PartPlacing; track: string; kept?: number; endMs?: number }) {
    this.#spool = spool
    this.#ffmpeg = ffmpeg
    this.#placing = of.placing
    this.track = of.track
    this.folder = spool.partFolder(of.placing.part)
    this.#kept = of.kept ?? 0
    this.#endMs = of.endMs ?? 0
  }

  /** Where the part lies; undefined until a first segment of it is closed. */
  get place(): PartPlace | undefined {
    return this.#placing.place
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
    return { path: this.segmentPath(this.#kept), fromMs: this.#endMs }
  }

  /** Its number; those below it are closed. */
  get openIndex(): number {
    return this.#kept
  }

  segmentPath(index: number): string {
    return join(this.folder, segmentFileName(index, this.track))
  }

  /** Size and last write of the segment being written: what the stall watch looks at. */
  async growth(): Promise<{ bytes: number; clock: ClockReading } | undefined> {
    const found = await stat(this.openSegment.path).catch(() => undefined)
    return found === undefined ? undefined : { bytes: this.#kept * 1e9 + found.size, clock: readingAt(found.mtimeMs) }
  }

  /** Puts what was written so far on the disk: with it a power cut costs about a second (study-recorder.md §2.2). */
  async syncOpen(): Promise<void> {
    // While a closed one is being journalled ffmpeg writes the one after it.
    const paths = [this.#kept, this.#kept + 1].map((index) => this.segmentPath(index))
    for (const path of paths) {
      await syncFile(path, { metadata: false }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      })
    }
  }

  /** Journals every segment that ffmpeg closed since the last look. */
  async keepClosed(): Promise<StoredLine[]> {
    const text = await readFrom(join(this.folder, segmentListName(this.track)), this.#listRead)
    const lines: StoredLine[] = []
    for (const listed of parseSegmentList(text)) {
      if (listed.index >= this.#kept) {
        const line = await this.#keep(await this.#asWritten(listed))
        if (line !== undefined) lines.push(line)
      }
      this.#endMs = Math.max(this.#endMs, listed.toMs)
    }
    this.#listRead += Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1))
    this.#lookedAt = readClock()
    return lines
  }

  /**
   * After ffmpeg is gone: the closed ones, and the one it left unlisted, cut short, its length measured by decoding it. A power cut may
   * take the list with it and leave several.
   */
  async keepAll(): Promise<StoredLine[]> {
    const lines = await this.keepClosed()
    for (;;) {
      const tail = this.openSegment
      const found = await stat(tail.path).catch(() => undefined)
      if (found === undefined || found.size === 0) return lines
      const durationMs = await measured(this.#ffmpeg, tail.path)
      const line = await this.#keep({ index: this.#kept, fromMs: tail.fromMs, toMs: tail.fromMs + durationMs, tail: true })
      if (line !== undefined) lines.push(line)
    }
  }

  /** On a disk that is nearly full the last segment is listed whole and is not. */
  async #asWritten(listed: ListedSegment): Promise<ListedSegment & { tail: boolean }> {
    const disk = await statfs(this.folder)
    if (disk.bavail * disk.bsize > scarceBytes) return { ...listed, tail: false }
    const durationMs = await measured(this.#ffmpeg, this.segmentPath(listed.index))
    const cut = listed.toMs - listed.fromMs - durationMs > listedLongerMs
    return cut ? { ...listed, toMs: listed.fromMs + durationMs, tail: true } : { ...listed, tail: false }
  }

  async #keep(segment: ListedSegment & { tail: boolean }): Promise<StoredLine | undefined> {
    const { part } = this.#placing
    const path = this.segmentPath(segment.index)
    const { mtimeMs, size } = await stat(path)
    if (size === 0) {
      this.#kept = segment.index + 1
      return undefined
    }
    const clock = this.#readingOf(mtimeMs, segment.toMs)
    if (this.#placing.place === undefined) await this.#settle(path)
    const place = await this.#placing.placeBy({ partMs: segment.toMs, clock })
    const line = await this.#spool.keepSegment({
      ...{ part, track: this.track, index: segment.index, ptsMs: place.baseMs + segment.fromMs, durationMs: segment.toMs - segment.fromMs },
      ...{ clock, tail: segment.tail },
    })
    this.#kept = segment.index + 1
    this.#endMs = segment.toMs
    this.#last = { path, fromMs: segment.fromMs }
    return line
  }

  /** A gap is stated when what ends it is on the disk: cut off between the two, the next agent finds it, and states nothing anew. */
  async #settle(path: string): Promise<void> {
    await syncFile(path)
    await syncFolder(this.folder)
  }

  /** A file's time is of the wall, which may step: the last look and this one bound what the steady clock said. */
  #readingOf(mtimeMs: number, partMs: number): ClockReading {
    const now = readClock()
    if (this.#lookedAt === undefined) return unwatchedReading(mtimeMs, this.#placing.expectedAt(partMs), now)
    return within(readingAt(mtimeMs, now), this.#lookedAt, now)
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
