import type { Logger } from 'pino'
import type { RecorderId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { readLastRehearsals } from '../../storage/records/rehearsals.ts'
import { listSessions, type SessionSummary } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Agents, AgentView } from './agents.ts'

const hourMs = 3_600_000
/** Early enough to mend a cable, late enough that the room is as it will be. */
const beforeMs = 2 * hourMs
/** One that is this young is not done again. */
const youngMs = 3 * hourMs
const lookEveryMs = 5 * 60_000

/** Which recorders are to rehearse now, and before which session. Pure. */
export function dueRehearsals(of: {
  sessions: readonly Pick<SessionSummary, 'session' | 'stage'>[]
  agents: readonly Pick<AgentView, 'recorder' | 'connected' | 'proof'>[]
  lastMs: ReadonlyMap<RecorderId, number>
  nowMs: number
}): { recorder: RecorderId; session: Session }[] {
  const { sessions, agents, lastMs, nowMs } = of
  const next = sessions
    .filter(({ stage, session }) => stage === 'prepared' && session.recorded)
    .map(({ session }) => session)
    .filter(({ convenedFor }) => convenedFor > nowMs && convenedFor - nowMs <= beforeMs)
    .sort((a, b) => a.convenedFor - b.convenedFor)[0]
  if (next === undefined) return []
  const free = agents.filter(
    ({ connected, proof }) => connected && (proof === undefined || proof.state === 'idle' || proof.state === 'stopped'),
  )
  return free.filter(({ recorder }) => nowMs - (lastMs.get(recorder) ?? 0) > youngMs).map(({ recorder }) => ({ recorder, session: next }))
}

/** Before a convened session the recorders of its council rehearse by themselves. @param everyMs how often it looks @returns stops looking */
export function rehearseBeforeSessions(
  { storage, agents, log }: { storage: Storage; agents: Agents; log: Logger },
  everyMs = lookEveryMs,
): () => void {
  const look = async () => {
    for (const { id } of await storage.database.directory()) {
      const here = agents.list(id)
      if (!here.some((one) => one.connected)) continue
      const { sessions, lasts } = await storage.database.inCouncil(id, async (tx) => ({
        sessions: await listSessions(tx),
        lasts: await readLastRehearsals(tx),
      }))
      const lastMs = new Map(lasts.map((one) => [one.recorder, one.rehearsal.atMs]))
      for (const { recorder, session } of dueRehearsals({ sessions, agents: here, lastMs, nowMs: Date.now() })) {
        await agents.send(id, recorder, { type: 'rehearse', session: session.id })
      }
    }
  }
  const timer = setInterval(() => void look().catch((error: unknown) => log.warn({ err: error }, 'no rehearsal was asked for')), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
