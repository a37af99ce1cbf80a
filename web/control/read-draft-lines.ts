import type { Council, Language } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readStage } from '../../storage/records/sessions.ts'
import { readLastDrafted } from '../drafted.ts'
import { type DraftedLine, draftedLines } from '../portal/drafted-lines.ts'
import type { WebParts } from '../web-parts.ts'

/** What was understood last of a session that runs, for its tablet; nothing while it is closed, in recess or over. */
export async function readDraftLines(
  parts: Pick<WebParts, 'storage'>,
  { council, session }: { council: Council; session: Session },
  language: Language,
): Promise<DraftedLine[]> {
  return await parts.storage.database.inCouncil(council.id, async (tx) => {
    if ((await readStage(tx, session.id)) !== 'recording') return []
    const events = [...(await readEvents(tx, session.id)).map((row) => row.event), ...(await readClosedMarks(tx, session.id))]
    const state = sessionState(events, council, session)
    if (state.phase !== 'open') return []
    return draftedLines(await readLastDrafted(tx, session.id, { state, segments: [] }), council, language)
  })
}
