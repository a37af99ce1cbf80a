import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import { type SessionEvent, sessionEvent } from '../model/session-events.ts'
import type { Tx } from './database.ts'
import { lockSession } from './sessions.ts'
import { fromStored, isSameJson, toJson } from './stored-json.ts'

/** An event with a known id says something else than the one that is kept. */
export class EventConflictError extends Error {
  override readonly name = 'EventConflictError'
}

/** An event in the order it was accepted; `row` counts from 1 without gaps. */
export interface EventRow {
  row: number
  event: SessionEvent
}

/**
 * Adds events to a session's log. One that is known by its id is not added again.
 * @returns ids of the events that were new, and of those that were known
 * @throws EventConflictError nothing is added
 */
export async function appendEvents(
  tx: Tx,
  session: SessionId,
  events: readonly SessionEvent[],
): Promise<{ accepted: string[]; known: string[] }> {
  await lockSession(tx, session)
  const answer: { accepted: string[]; known: string[] } = { accepted: [], known: [] }
  let row = await lastRow(tx, session)
  for (const event of events.map((one) => sessionEvent.parse(one))) {
    if (event.session !== session) throw new EventConflictError(`event ${event.id} is of session ${event.session}, not of ${session}`)
    const kept = await tx.selectFrom('session_events').select('document').where('id', '=', event.id).executeTakeFirst()
    if (kept === undefined) {
      row += 1
      await tx
        .insertInto('session_events')
        .values({ session, row, id: event.id, document: toJson(event) })
        .execute()
      answer.accepted.push(event.id)
    } else if (isSameJson(kept.document, event)) {
      answer.known.push(event.id)
    } else {
      throw new EventConflictError(
        `event ${event.id} is kept with other content; what happened is never changed, only corrected by a new event`,
      )
    }
  }
  return answer
}

/** The events of a session in the order they were accepted, those after `afterRow` only. */
export async function readEvents(tx: Tx, session: SessionId, afterRow = 0): Promise<EventRow[]> {
  const rows = await tx
    .selectFrom('session_events')
    .select(['row', 'document'])
    .where('session', '=', session)
    .where('row', '>', afterRow)
    .orderBy('row')
    .execute()
  return rows.map(({ row, document }) => ({ row, event: fromStored(sessionEvent, document, `event ${row} of session ${session}`) }))
}

async function lastRow(tx: Tx, session: SessionId): Promise<number> {
  const found = await tx
    .selectFrom('session_events')
    .select((of) => of.fn.max('row').as('last'))
    .where('session', '=', session)
    .executeTakeFirst()
  return z.int().catch(0).parse(found?.last)
}
