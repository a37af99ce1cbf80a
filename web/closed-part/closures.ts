import { type ClosedPart, closedParts } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import type { SegmentLine } from '../../storage/model/recording.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readEvents } from '../../storage/records/session-events.ts'

/** The closed parts of a session, by its events and by the marks that could not become events. */
export async function readClosedParts(
  tx: Tx,
  of: { council: Council; session: Session },
  segments: readonly SegmentLine[] = [],
): Promise<ClosedPart[]> {
  const events = (await readEvents(tx, of.session.id)).map((row) => row.event)
  const all = [...events, ...(await readClosedMarks(tx, of.session.id))]
  return closedParts(sessionState(all, of.council, of.session).events, segments)
}
