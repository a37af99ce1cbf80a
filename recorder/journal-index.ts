import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../storage/custody/frontier.ts'
import { toHex } from '../storage/custody/sha256.ts'
import { type GapLine, isSegmentLine, isStoredLine, type JournalLine, type StoredLine } from '../storage/model/recording.ts'
import type { Receipt } from './control-protocol.ts'
import { type Anchor, lineEnd } from './media-line.ts'
import { type Lane, laneOf, lanes } from './upload-lanes.ts'

/** A segment whose bytes the store has not confirmed, with the number of its line. */
export interface WaitingSegment {
  leaf: number
  line: StoredLine
}

/**
 * What a journal says, kept up line by line, so that no question asked while a session runs costs a walk over all of it: a plenary of
 * five hours has 4,500 segments of each track.
 */
export class JournalIndex {
  readonly lines: JournalLine[] = []
  readonly #events = new Set<string>()
  readonly #receipts = new Map<number, Receipt>()
  readonly #waiting = new Map<Lane, Map<number, StoredLine>>(lanes.map((lane) => [lane, new Map()]))
  #tree: Frontier = emptyFrontier
  /** The end of each track. */
  readonly #ends = new Map<string, Anchor>()
  /** How far the gaps of each track that are stated reach. */
  readonly #stated = new Map<string, number>()
  /** Tracks whose newest line is sealed. */
  readonly #sealed = new Set<string>()
  #counts = { segments: 0, gaps: 0, unconfirmed: 0 }

  /** The next line, with its leaf hash. */
  add(line: JournalLine, leafHash: Uint8Array): void {
    const leaf = this.lines.length
    this.lines.push(line)
    this.#tree = appendLeaf(this.#tree, leafHash)
    if (isStoredLine(line)) {
      this.#counts.segments++
      this.#counts.unconfirmed++
      this.#waiting.get(laneOf(line.track))?.set(leaf, line)
    }
    if (isSegmentLine(line)) {
      this.#sealed.delete(line.track)
      const end = lineEnd([line])
      const before = this.#ends.get(line.track)
      if (end !== undefined && (before === undefined || end.mediaMs >= before.mediaMs)) this.#ends.set(line.track, end)
    } else if (line.kind === 'sealed') this.#sealed.add(line.track)
    else if (line.kind === 'gap') this.#addGap(line)
    else this.#events.add(line.id)
  }

  #addGap({ track = 'master', toMs }: GapLine): void {
    this.#counts.gaps++
    this.#stated.set(track, Math.max(toMs, this.#stated.get(track) ?? 0))
  }

  confirm(leaf: number, of: Receipt): void {
    this.#receipts.set(leaf, of)
    const line = this.lines[leaf]
    if (line !== undefined && isStoredLine(line) && this.#waiting.get(laneOf(line.track))?.delete(leaf)) this.#counts.unconfirmed--
  }

  get tree(): Frontier {
    return this.#tree
  }

  get root(): string {
    return toHex(frontierRoot(this.#tree))
  }

  /** The end of what is journalled of some tracks; undefined while nothing is. */
  endOf(tracks: readonly string[]): Anchor | undefined {
    return tracks
      .flatMap((track) => this.#ends.get(track) ?? [])
      .reduce<Anchor | undefined>((last, end) => (last === undefined || end.mediaMs > last.mediaMs ? end : last), undefined)
  }

  /**
   * From where on a track misses what nobody has stated yet: where it ends, or where the last gap that was stated of it ends, whichever is
   * later. What was to end that gap may never have reached the disk. Undefined while there is neither.
   */
  missingFrom(track: string): number | undefined {
    const [end, stated] = [this.#ends.get(track)?.mediaMs, this.#stated.get(track)]
    return end === undefined || stated === undefined ? (end ?? stated) : Math.max(end, stated)
  }

  /** What came last of a track was sealed: to everybody else it is missing. */
  endsSealed(track: string): boolean {
    return this.#sealed.has(track)
  }

  get counts(): Readonly<{ segments: number; gaps: number; unconfirmed: number }> {
    return this.#counts
  }

  hasEvent(id: string): boolean {
    return this.#events.has(id)
  }

  receiptOf(leaf: number): Receipt | undefined {
    return this.#receipts.get(leaf)
  }

  /** Oldest first in a lane. */
  *waitingIn(lane: Lane): Iterable<WaitingSegment> {
    for (const [leaf, line] of this.#waiting.get(lane) ?? []) yield { leaf, line }
  }
}
