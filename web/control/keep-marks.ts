import type { Council } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { putClosedMark, readClosedMarks } from '../../storage/records/closed-marks.ts'
import { lockList } from '../../storage/records/row-lock.ts'
import { appendEvents, EventConflictError, readEvents } from '../../storage/records/session-events.ts'
import { readStage } from '../../storage/records/sessions.ts'
import { RefusedError } from '../error-response.ts'
import type { Conductor } from '../sign-in/conductor.ts'
import type { WebParts } from '../web-parts.ts'
import { judgeEvents } from './accept-events.ts'
import type { LiveRooms } from './room-live.ts'
import type { EventsAnswer } from './room-protocol.ts'

/**
 * Marks of a tablet, whichever way they came: judged and appended under one lock, so that two tablets cannot both be right against the
 * law, then told to the other tablets and to the recorder. The same mark twice counts once.
 * @throws RefusedError 409 another event has the id of one of these
 */
export async function keepMarks(
  parts: Pick<WebParts, 'storage' | 'agents' | 'log'>,
  rooms: Pick<LiveRooms, 'tellEvents'>,
  of: { council: Council; session: Session; conductor: Conductor; events: readonly SessionEvent[] },
): Promise<EventsAnswer> {
  const { council, session, conductor, events } = of
  const done = await parts.storage.database
    .inCouncil(council.id, async (tx) => {
      await lockList(tx, `events ${session.id}`)
      const kept = await readEvents(tx, session.id)
      const judged = judgeEvents(
        events,
        kept.map((one) => one.event),
        {
          ...{ council, session, conductor, stage: (await readStage(tx, session.id)) ?? 'prepared' },
          closedMarks: await readClosedMarks(tx, session.id),
        },
      )
      for (const closure of judged.closures) await putClosedMark(tx, session.id, closure)
      const answer = await appendEvents(tx, session.id, judged.append)
      // Nothing is transcribed that would ask for the draft: of a session without recording, or that was not held (R14, R21).
      if (judged.append.some((one) => one.type === 'session.not-held' || (one.type === 'session.lifted' && !session.recorded)))
        await parts.storage.jobs.send('acta.draft', { council: council.id, session: session.id }, { tx })
      const last = kept.at(-1)?.row ?? 0
      return { answer: { ...answer, refused: judged.refused, kept: [] }, rows: await readEvents(tx, session.id, last) }
    })
    .catch((cause: unknown) => {
      if (cause instanceof EventConflictError) throw new RefusedError(409, (words) => words.badRequest, { cause })
      throw cause
    })
  if (done.rows.length > 0) {
    rooms.tellEvents(council.id, session.id, done.rows)
    // The marks are kept; that the recorder's journal learns of them may come later.
    parts.agents
      .tellEvents(council.id, session.id)
      .catch((cause: unknown) => parts.log.warn({ err: cause }, 'events not told to the recorder'))
  }
  return done.answer
}
