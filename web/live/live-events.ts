import type { Council } from '../../storage/model/council.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { liveDelayMs } from '../../storage/model/live-window.ts'
import type { Session } from '../../storage/model/session.ts'
import { correctedMs, type SessionEvent } from '../../storage/model/session-events.ts'
import { type SessionState, sessionState } from '../../storage/model/session-state.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readEvents } from '../../storage/records/session-events.ts'

interface Known {
  rows: { row: number; event: SessionEvent }[]
  stamp: string
  now: SessionState
  shown: SessionState
}

/**
 * What is true in a session now, and what was when the newest picture that may be seen was taken. Asked of the records each time, since a
 * tap counts from the moment it is acknowledged; only what came since is read, for many look on at once.
 */
export class LiveEvents {
  readonly #known = new Map<SessionId, Known>()

  async read(tx: Tx, of: { council: Council; session: Session }, nowMs: number): Promise<Pick<Known, 'now' | 'shown'>> {
    const { council, session } = of
    const before = this.#known.get(session.id)
    const fresh = await readEvents(tx, session.id, before?.rows.at(-1)?.row ?? 0)
    const rows = [...(before?.rows ?? []), ...fresh]
    const marks = await readClosedMarks(tx, session.id)
    const all = [...rows.map((one) => one.event), ...marks]
    const shownEvents = all.filter((event) => correctedMs(event) <= nowMs - liveDelayMs)
    const stamp = JSON.stringify([rows.length, marks.length, shownEvents.length, council])
    if (before?.stamp === stamp) return before
    const known = { rows, stamp, now: sessionState(all, council, session), shown: sessionState(shownEvents, council, session) }
    this.#known.set(session.id, known)
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.keys().next().value ?? session.id)
    return known
  }
}

/** Sessions that run at once in an installation are few. */
const mostKnown = 60
