import { isEditable } from '../../minutes/review-acta.ts'
import type { Council } from '../../storage/model/council.ts'
import { newId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionEvent } from '../../storage/model/session-events.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { putClosedMark, readClosedMarks } from '../../storage/records/closed-marks.ts'
import type { Tx } from '../../storage/records/database.ts'
import { appendEvents, readEvents } from '../../storage/records/session-events.ts'
import { lockSession, readStage } from '../../storage/records/sessions.ts'
import type { Staff } from '../visitor.ts'
import { readClosedParts } from './closures.ts'

/** Names this process's clock: its monotonic times are compared with each other only. */
const boot = newId()

export interface Limits {
  /** Ids of the taps that the person saw. */
  marks: string[]
  fromMs: number
  toMs: number
}

/**
 * Writes down where a closed part begins and ends: as an event of the session, or beside it once the acta is closed for signature.
 * @returns `changed` when another tap of the part came meanwhile, `open` while nobody opened the session again
 */
export async function confirmLimits(
  tx: Tx,
  of: { council: Council; session: Session; staff: Staff },
  limits: Limits,
): Promise<'done' | 'changed' | 'open'> {
  const { council, session, staff } = of
  await lockSession(tx, session.id)
  const part = (await readClosedParts(tx, of)).find((one) => one.marks.join() === limits.marks.join())
  if (!part) return 'changed'
  const events = (await readEvents(tx, session.id)).map((row) => row.event)
  const { phase } = sessionState(events, council, session)
  if (part.wall.toMs === Number.POSITIVE_INFINITY && phase !== 'lifted' && phase !== 'not-held') return 'open'
  const device = `mesa-${staff.account}`
  const all = [...events, ...(await readClosedMarks(tx, session.id))]
  const event = sessionEvent.parse({
    ...{ v: 1, id: newId(), session: session.id, device, type: 'closed.confirmed', ...limits },
    seq: Math.max(0, ...all.filter((one) => one.device === device).map((one) => one.seq)) + 1,
    by: { role: staff.role, id: staff.member ?? staff.account },
    at: { wallMs: Date.now(), monotonicNs: String(process.hrtime.bigint()), boot },
  })
  if (isEditable((await readStage(tx, session.id)) ?? 'prepared')) await appendEvents(tx, session.id, [event])
  else await putClosedMark(tx, session.id, { event, reason: 'R33' })
  return 'done'
}
