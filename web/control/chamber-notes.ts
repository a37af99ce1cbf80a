import type { ChamberNotes, SessionDifference } from '../../storage/model/chamber-notes.ts'
import type { RecorderId } from '../../storage/model/ids.ts'
import type { Tx } from '../../storage/records/database.ts'
import { type Reconciliation, readLastReconciliation } from '../../storage/records/reconciliations.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { readLastRehearsals } from '../../storage/records/rehearsals.ts'
import { listSessions } from '../../storage/records/sessions.ts'

/** @param recorder the one that is to record; without one the newest rehearsal of any that is in use counts */
export async function readChamberNotes(tx: Tx, recorder: RecorderId | undefined): Promise<ChamberNotes> {
  const inUse = new Map((await listRecorders(tx)).flatMap((one) => (one.revokedAtMs === undefined ? [[one.id, one.name] as const] : [])))
  const lasts = (await readLastRehearsals(tx)).filter((one) =>
    recorder === undefined ? inUse.has(one.recorder) : one.recorder === recorder,
  )
  const last = lasts.toSorted((a, b) => b.rehearsal.atMs - a.rehearsal.atMs)[0]
  const found = await readLastReconciliation(tx)
  const convened = new Map((await listSessions(tx)).map(({ session }) => [session.id as string, session.convenedFor]))
  return {
    ...(last === undefined ? {} : { rehearsal: { name: inUse.get(last.recorder) ?? '', last: last.rehearsal } }),
    ...(found === undefined || found.findingsTotal === 0 ? {} : { differences: { atMs: found.atMs, of: differencesOf(found, convened) } }),
  }
}

/** Each kind of a session once, with how often. Pure. */
export function differencesOf({ findings }: Pick<Reconciliation, 'findings'>, convened: ReadonlyMap<string, number>): SessionDifference[] {
  const found = new Map<string, SessionDifference>()
  for (const { code, session } of findings) {
    const before = found.get(`${session} ${code}`)
    const convenedFor = convened.get(session)
    if (convenedFor === undefined) continue
    found.set(`${session} ${code}`, { code, session, convenedFor, count: (before?.count ?? 0) + 1 })
  }
  return [...found.values()]
}
