import { type ClockReading, shifted } from './clock.ts'
import { type Anchor, doubtOf, type PartPlace, placePart } from './media-line.ts'
import type { SegmentSpool } from './segment-spool.ts'

/** A first part that lies later than this on the session's line is told as a gap from its beginning. */
const lateStartMs = 2000

export interface PartPlan {
  part: number
  /** Where the part before of the same source ended, or the session's beginning; undefined for the first part of a session of one source. */
  after: Anchor | undefined
  /** Nothing of this source is journalled yet: `after` is the session's beginning. */
  first?: boolean
  /** Why there is a gap before this part. */
  cause: string
  speed: number
  /** Track whose gap it is; without one the part states none (sound alone, while the picture's gap goes on). */
  track: string | undefined
  /** Where what that track misses begins: others of the source went on, or some of it is stated already; by default where `after` is. */
  gapFromMs?: number
  /** Where the part lies, when the source itself tells (a file is read on from a known place). */
  baseMs?: number
  /** Known when the part was begun by an agent before us and some of it is journalled. */
  place?: PartPlace
  /** Clock when its ffmpeg was started, when an agent before us did. */
  begunAt?: ClockReading
}

/** Where one part lies on the media line. Its tracks come from one ffmpeg, so they share the place; who closes a segment first finds it. */
export class PartPlacing {
  readonly #spool: SegmentSpool
  readonly #plan: PartPlan
  #place: PartPlace | undefined

  constructor(spool: SegmentSpool, plan: PartPlan) {
    this.#spool = spool
    this.#plan = plan
    this.#place = plan.place
  }

  get part(): number {
    return this.#plan.part
  }

  get place(): PartPlace | undefined {
    return this.#place
  }

  /** What the clock should have said at a place of the part; undefined while nothing tells. */
  expectedAt(partMs: number): ClockReading | undefined {
    const start = this.#place?.startClock ?? this.#plan.begunAt
    return start && shifted(start, partMs / this.#plan.speed)
  }

  /** Finds the place by a segment's end and the clock when it was written; the gap before the part is journalled first. */
  async placeBy(seen: { partMs: number; clock: ClockReading }): Promise<PartPlace> {
    if (this.#place !== undefined) return this.#place
    const { part, after, first, cause, speed, track, baseMs, gapFromMs } = this.#plan
    const byClock = placePart(after, { ...seen, synchronised: this.#spool.isSynchronised(seen.clock) }, speed)
    // Whatever a clock says now, the line does not go back over what was recorded or stated.
    const place = { ...byClock, baseMs: Math.max(after?.mediaMs ?? 0, gapFromMs ?? 0, baseMs ?? byClock.baseMs) }
    if (after !== undefined && track !== undefined && !(first && place.baseMs - after.mediaMs < lateStartMs)) {
      const gap = { part, fromMs: gapFromMs ?? after.mediaMs, toMs: place.baseMs, cause: first ? 'source-late' : cause }
      await this.#spool.keepGap({ ...gap, ...(track === 'master' ? {} : { track }), ...doubtOf(byClock, after.mediaMs - gap.fromMs) })
    }
    this.#place = place
    return place
  }
}
