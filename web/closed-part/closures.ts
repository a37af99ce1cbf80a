import { type ClosedPart, closedParts } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import type { SegmentLine } from '../../storage/model/recording.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
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
  return closedPartsOf(await readMarks(tx, of.session), of, segments)
}

/** The same, and the ids of every mark that is known of the session, whether it counts or not. */
export async function readClosings(
  tx: Tx,
  of: { council: Council; session: Session },
): Promise<{ closed: ClosedPart[]; known: ReadonlySet<string> }> {
  const marks = await readMarks(tx, of.session)
  return { closed: closedPartsOf(marks, of), known: new Set(marks.map((one) => one.id)) }
}

function closedPartsOf(
  marks: readonly SessionEvent[],
  of: { council: Council; session: Session },
  segments: readonly SegmentLine[] = [],
): ClosedPart[] {
  return closedParts(sessionState(marks, of.council, of.session).events, segments)
}

async function readMarks(tx: Tx, { id }: Session): Promise<SessionEvent[]> {
  return [...(await readEvents(tx, id)).map((row) => row.event), ...(await readClosedMarks(tx, id))]
}
