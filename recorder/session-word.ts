import { canonicalJson } from '../storage/custody/canonical-json.ts'
import { sha256Now, toHex } from '../storage/custody/sha256.ts'
import type { RecorderId, SessionId } from '../storage/model/ids.ts'
import type { JournalLine } from '../storage/model/recording.ts'
import type { SessionEvent } from '../storage/model/session-events.ts'
import { readClock } from './clock.ts'
import type { Outbox } from './outbox.ts'
import { recorderEvent, type Seen } from './recorder-events.ts'
import type { SegmentSpool } from './segment-spool.ts'

const toJournalled = (event: SessionEvent) => ({ id: event.id, sha256: toHex(sha256Now(canonicalJson(event))) })

/** What is said of one session: lines, events and heads go from the spool into the outbox, in order and once, whatever cuts off in between. */
export class SessionWord {
  readonly #of: { spool: SegmentSpool; outbox: Outbox; session: SessionId; recorder: RecorderId }
  #seenLines: number

  constructor(of: { spool: SegmentSpool; outbox: Outbox; session: SessionId; recorder: RecorderId }) {
    this.#of = of
    this.#seenLines = of.spool.lines.length
  }

  /** What the recorder saw, as an event. To the outbox first: a journalled hash must never outlive what it is the hash of. */
  async tell(seen: Seen): Promise<void> {
    const { outbox, spool, session, recorder } = this.#of
    const event = recorderEvent(seen, { session, recorder, seq: outbox.said.events.length + 1, clock: readClock() })
    await outbox.add({ type: 'event', event })
    await spool.keepEvent(toJournalled(event))
    await this.sayLines()
  }

  async sayLines(): Promise<void> {
    const { outbox, spool } = this.#of
    for (let line = outbox.said.lines; line < spool.lines.length; line++) {
      const content = spool.lines[line]
      if (content !== undefined) await outbox.add({ type: 'journal', line, content })
    }
  }

  /** The lines since the last look, and of those that are interruptions of the session an event. */
  async sayNews(): Promise<void> {
    await this.sayLines()
    const fresh: JournalLine[] = this.#of.spool.lines.slice(this.#seenLines)
    this.#seenLines = this.#of.spool.lines.length
    for (const line of fresh) {
      // What one track of several misses stands in the journal; an interruption of the session is of what is replayed.
      if (!('kind' in line) || line.kind !== 'gap' || line.track !== undefined) continue
      const { part, fromMs, toMs, cause } = line
      await this.tell({ type: 'recording.gap', part, mediaMs: toMs, fromMs, toMs, cause })
    }
  }

  async signHead(): Promise<void> {
    await this.sayLines()
    const note = await this.#of.spool.signHead()
    if (note !== undefined) await this.#of.outbox.add({ type: 'head', note })
  }

  /** After a crash: says what was kept and not yet said. */
  async reconcile(): Promise<void> {
    const { outbox, spool } = this.#of
    for (const event of outbox.said.events) await spool.keepEvent(toJournalled(event))
    await this.sayLines()
    const head = spool.lastHead
    if (head !== undefined && head.note !== outbox.said.head) await outbox.add({ type: 'head', note: head.note })
    this.#seenLines = spool.lines.length
  }
}
