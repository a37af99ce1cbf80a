import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import type { Acta } from '../../../storage/model/acta.ts'
import { newId } from '../../../storage/model/ids.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { putActa } from '../../../storage/records/actas.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import type { PublishedSession } from '../../servers/published-session.ts'
import { password } from '../control/chamber.ts'

/** The draft of the sample session as the minutes write it, in review, and the accounts of who may open it. */
export async function putDraft(storage: Storage, of: PublishedSession): Promise<Acta> {
  const { council, session, transcript } = of
  const passwordHash = await hashPassword(password)
  return await storage.database.inCouncil(council.id, async (tx) => {
    const events = (await readEvents(tx, session.id)).map((row) => row.event)
    const state = sessionState(events, council, session)
    const opened = state.events.findIndex((event) => event.type === 'session.opened')
    const opening = sessionState(state.events.slice(0, opened + 1), council, session)
    const acta = draftActa({ council, session, state, opening, transcript })
    await putActa(tx, acta, 'escano')
    await setStage(tx, session.id, 'draft', { from: 'kept' })
    const people = [
      ['secretaria', 'Noela Lestrigo', 'secretary'],
      ['substituta', 'Antía Proba', 'secretary'],
      ['alcaldesa', 'Sabela Outedal', 'mayor'],
    ] as const
    for (const [login, name, role] of people) await putAccount(tx, { id: newId(), login, name, role, passwordHash })
    return acta
  })
}
