import { unaccepted } from '../../storage/model/acta.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { putActa, readActa } from '../../storage/records/actas.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readSession, readStage, setStage } from '../../storage/records/sessions.ts'
import { isoDay } from '../draft/draft-material.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import type { SessionPlace } from '../session-documents.ts'
import { RecordMissingError } from './draft-session.ts'

/** The approving session did not approve that acta, or the acta is not ready for it. */
export class ApprovalRefusedError extends Error {
  override readonly name = 'ApprovalRefusedError'
}

/**
 * Writes into the actas that a later session approved when and by which session (ROF 91.1; R33). Which they are is asked of that
 * session's own votes; a draft with sentences nobody accepted cannot be approved (R32).
 * @returns the sessions whose actas are now approved
 */
export async function approveActas(parts: MinutesParts, approving: SessionPlace): Promise<SessionId[]> {
  return await parts.storage.database.inCouncil(approving.council, async (tx) => {
    const council = await readCouncil(tx)
    const session = await readSession(tx, approving.session)
    if (!council || !session) throw new RecordMissingError(`session ${approving.session} or its council has no record`)
    const state = sessionState(
      (await readEvents(tx, approving.session)).map((row) => row.event),
      council,
      session,
    )
    const approved: SessionId[] = []
    for (const { item } of state.items) {
      const vote = state.votes.findLast((one) => one.item === item.id && one.purpose === 'main')
      if (item.approves === undefined || vote?.outcome !== 'approved') continue
      approved.push(item.approves)
      if ((await readStage(tx, item.approves)) !== 'draft') continue
      const acta = await readActa(tx, item.approves)
      if (!acta) throw new ApprovalRefusedError(`session ${item.approves} has no acta to approve`)
      const waiting = unaccepted(acta).length
      if (waiting > 0) throw new ApprovalRefusedError(`the acta of session ${item.approves} has ${waiting} sentences nobody accepted`)
      const date = isoDay(session.convenedFor, council.timeZone)
      await putActa(tx, { ...acta, version: acta.version + 1, approval: { session: session.id, date } }, 'escano')
      await setStage(tx, item.approves, 'approved')
    }
    return approved
  })
}
