import { sql } from 'kysely'
import type { SessionId } from '../model/ids.ts'
import { type SessionEvent, sessionEvent } from '../model/session-events.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/**
 * Marks of closed parts that the session's record could not take: the law refused them at their place, or the acta was closed for
 * signature before an offline tablet came back. They are no events of the session, and withhold all the same.
 */
export async function putClosedMark(tx: Tx, session: SessionId, of: { event: SessionEvent; reason: string }): Promise<void> {
  const document = toJson(sessionEvent.parse(of.event))
  await tx
    .insertInto('closed_marks')
    .values({ session, id: of.event.id, at_ms: Date.now(), reason: of.reason, document })
    .onConflict((on) => on.columns(['council_id', 'session', 'id']).doNothing())
    .execute()
}

/** In the order they came. */
export async function readClosedMarks(tx: Tx, session: SessionId): Promise<SessionEvent[]> {
  const rows = await tx
    .selectFrom('closed_marks')
    .select(['id', 'document'])
    .where('session', '=', session)
    .orderBy('at_ms')
    .orderBy('id')
    .execute()
  return rows.map(({ id, document }) => fromStored(sessionEvent, document, `closed mark ${id}`))
}

/** Sessions in which a part was closed, by an event or by such a mark. */
export async function sessionsWithClosedParts(tx: Tx): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('session_events')
    .select('session')
    .where((of) => of(sql<string>`document->>'type'`, '=', 'closed.began'))
    .union(tx.selectFrom('closed_marks').select('session'))
    .execute()
  return new Set(rows.map((row) => row.session))
}
