import type { SessionId } from '../../storage/model/ids.ts'
import { isPublic } from '../../storage/model/law/publicity.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { findSession, readSessionSummary } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { readSessionView } from './read-session-view.ts'
import type { SessionView } from './session-view.ts'

/** The session at an address, or undefined when this visitor may not see it. */
export type SessionViews = (council: ListedCouncil, slug: string, staff: boolean) => Promise<SessionView | undefined>

interface Kept {
  /** What the records said when the view was made; anything else makes it anew. */
  stamp: string
  lastRow: number
  view: SessionView
}

const mostKept = 100

/**
 * Views of published sessions, kept in memory because a player asks for a segment every few seconds and a session of hours has
 * thousands of journal lines. Whether it is still published, its stage, its verification and its last event are asked anew each
 * time, so a withdrawal or a late closed part works at once, in every process.
 */
export function sessionViews({ database }: Pick<Storage, 'database'>): SessionViews {
  const kept = new Map<SessionId, Kept>()
  return (council, slug, staff) =>
    database.inCouncil(council.id, async (tx) => {
      const session = await findSession(tx, slug)
      const summary = session && (await readSessionSummary(tx, session.id))
      if (!session || !summary) return undefined
      if (!isPublic(session, summary.publishedAtMs)) {
        kept.delete(session.id)
        return staff ? await readSessionView(tx, council.slug, slug, true) : undefined
      }
      const known = kept.get(session.id)
      const newer = await readEvents(tx, session.id, known?.lastRow ?? 0)
      const closures = (await readClosedMarks(tx, session.id)).length
      const stamp = JSON.stringify([summary, council.slug, closures])
      if (known && newer.length === 0 && known.stamp === stamp) return known.view
      const view = await readSessionView(tx, council.slug, slug, staff)
      if (!view) return undefined
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? session.id)
      kept.set(session.id, { stamp, lastRow: newer.at(-1)?.row ?? known?.lastRow ?? 0, view })
      return view
    })
}
