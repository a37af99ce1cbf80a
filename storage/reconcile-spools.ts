import type { SessionId } from './model/ids.ts'
import { isStoredLine } from './model/recording.ts'
import type { Tx } from './records/database.ts'
import { readFinished, readJournal, readReceipts } from './records/journal.ts'
import type { ReconciliationFinding } from './records/reconciliations.ts'
import { readGivenUp } from './records/recorder-journals.ts'
import { listSessions } from './records/sessions.ts'
import { type KeptSpoolReport, readSpoolReports } from './records/spool-reports.ts'

/** A recorder tells of its spool a few times a day; one that has something left and was not heard of for so long is looked for. */
const silentAfterMs = 2 * 24 * 3600_000

type Holdings = KeptSpoolReport['sessions'][number]

/**
 * What the recorders told of their disks, against what is here. A segment that has its receipt and is gone from a disk that should have it
 * is told too: the second copy is not there.
 */
export async function spoolFindings(tx: Tx, nowMs: number): Promise<ReconciliationFinding[]> {
  const sessions = await listSessions(tx)
  const slugs = new Map(sessions.map(({ session }) => [session.id, session.slug]))
  const findings: ReconciliationFinding[] = []
  const heard = new Map<string, number>()
  for (const report of await readSpoolReports(tx)) {
    heard.set(report.recorder, report.receivedMs)
    for (const held of report.sessions) {
      const slug = slugs.get(held.session)
      // A session of a council that was removed, or of a test: nothing is here that it could differ from.
      if (slug === undefined) continue
      findings.push(
        ...(await differencesOf(tx, report, held)).map((one) => ({ ...one, session: held.session, slug, recorder: report.recorder })),
      )
    }
  }
  // Once it is closed a session waits for nobody.
  for (const { session, stage } of sessions) {
    if (stage === 'recording') findings.push(...(await silentOf(tx, session.id, session.slug, heard, nowMs)))
  }
  return findings
}

type Difference = Pick<ReconciliationFinding, 'code' | 'line' | 'detail'>

async function differencesOf(tx: Tx, { recorder }: KeptSpoolReport, held: Holdings): Promise<Difference[]> {
  const here = new Set((await readReceipts(tx, held.session)).flatMap((one) => (one.recorder === recorder ? [one.line] : [])))
  const copy = (line: number) => (here.has(line) ? 'the store holds it' : 'the only copy')
  return [
    ...held.missing.map((line): Difference => ({ code: 'spool-missing', line, detail: copy(line) })),
    ...held.altered.map((line): Difference => ({ code: 'spool-altered', line, detail: copy(line) })),
    ...(here.size < held.confirmed ? [{ code: 'spool-receipts' as const, detail: `${here.size} here, ${held.confirmed} there` }] : []),
  ]
}

/** Recorders that have not said their last word of a session, or not delivered it, and are not heard of. */
async function silentOf(
  tx: Tx,
  session: SessionId,
  slug: string,
  heard: ReadonlyMap<string, number>,
  nowMs: number,
): Promise<ReconciliationFinding[]> {
  const rows = await readJournal(tx, session)
  const receipts = new Set((await readReceipts(tx, session)).map((one) => `${one.recorder} ${one.line}`))
  const done = new Set((await readFinished(tx, session)).map((one) => one.recorder))
  const givenUp = new Set((await readGivenUp(tx, session)).map((one) => one.recorder))
  return [...new Set(rows.map((row) => row.recorder))].flatMap((recorder): ReconciliationFinding[] => {
    const own = rows.filter((row) => row.recorder === recorder)
    const waiting = own.filter((row) => isStoredLine(row.content) && !receipts.has(`${recorder} ${row.line}`)).length
    const lastMs = Math.max(heard.get(recorder) ?? 0, ...own.flatMap(({ content }) => ('wallMs' in content ? [content.wallMs] : [])))
    if (givenUp.has(recorder) || (done.has(recorder) && waiting === 0) || nowMs - lastMs < silentAfterMs) return []
    const days = Math.floor((nowMs - lastMs) / (24 * 3600_000))
    return [{ code: 'spool-silent', session, slug, recorder, detail: `${waiting} segments, ${days} days` }]
  })
}
