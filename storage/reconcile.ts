import type { CouncilId, SessionId } from './model/ids.ts'
import { isStoredLine } from './model/recording.ts'
import { sealedPrefix, segmentsPrefix } from './objects/object-keys.ts'
import type { ObjectStore, StoredObject } from './objects/object-store.ts'
import { spoolFindings } from './reconcile-spools.ts'
import { readFinished, readJournal, readReceipts, type SegmentReceipt } from './records/journal.ts'
import { putReconciliation, type Reconciliation, type ReconciliationFinding, readLastReconciliation } from './records/reconciliations.ts'
import { readGivenUp } from './records/recorder-journals.ts'
import { listSessions } from './records/sessions.ts'
import type { Storage } from './storage.ts'

const dayMs = 24 * 3600_000
/** Objects of a session are read and hashed again while it is so young; later it is name, version and size, unless `everything`. */
const hashedForMs = 7 * dayMs
const mostFindings = 500

/**
 * Holds what a council's journals say against its receipts, its store and what its recorders told of their disks: objects that are
 * missing, altered or double, lines without receipt, objects nobody knows, spools that differ (reconcile-spools.ts). Changes nothing; the report is kept (design.md §5, study-recorder.md §3.3).
 */
export async function reconcileCouncil(
  storage: Storage,
  council: CouncilId,
  options: { everything?: boolean; nowMs?: number } = {},
): Promise<Reconciliation> {
  const nowMs = options.nowMs ?? Date.now()
  const found: Reconciliation = { atMs: nowMs, sessions: 0, segments: 0, objects: 0, hashed: 0, findings: [], findingsTotal: 0 }
  for (const { session } of await storage.database.inCouncil(council, listSessions)) {
    const deep = options.everything === true || nowMs - session.convenedFor < hashedForMs
    const note = (of: Omit<ReconciliationFinding, 'session' | 'slug'>) => {
      found.findingsTotal++
      if (found.findings.length < mostFindings) found.findings.push({ ...of, session: session.id, slug: session.slug })
    }
    await reconcileSession(storage, { council, session: session.id, deep }, found, note)
  }
  for (const one of await storage.database.inCouncil(council, (tx) => spoolFindings(tx, nowMs))) {
    found.findingsTotal++
    if (found.findings.length < mostFindings) found.findings.push(one)
  }
  await storage.database.inCouncil(council, (tx) => putReconciliation(tx, found))
  return found
}

/** Reconciles each council whose last report is a day old. @returns those that were, with their reports */
export async function reconcileDue(storage: Storage, nowMs: number = Date.now()): Promise<{ council: string; report: Reconciliation }[]> {
  const done = []
  for (const { id, slug } of await storage.database.directory()) {
    const last = await storage.database.inCouncil(id, readLastReconciliation)
    if (last === undefined || nowMs - last.atMs >= dayMs)
      done.push({ council: slug, report: await reconcileCouncil(storage, id, { nowMs }) })
  }
  return done
}

type Note = (of: Omit<ReconciliationFinding, 'session' | 'slug'>) => void

async function reconcileSession(
  storage: Storage,
  of: { council: CouncilId; session: SessionId; deep: boolean },
  found: Reconciliation,
  note: Note,
): Promise<void> {
  const { journal, receipts, finished, lost } = await storage.database.inCouncil(of.council, async (tx) => ({
    journal: await readJournal(tx, of.session),
    receipts: new Map((await readReceipts(tx, of.session)).map((one) => [`${one.recorder}/${one.line}`, one])),
    finished: new Set((await readFinished(tx, of.session)).map((one) => one.recorder)),
    lost: new Set((await readGivenUp(tx, of.session)).flatMap((one) => one.lost.map((line) => `${one.recorder}/${line}`))),
  }))
  if (journal.length === 0) return
  found.sessions++
  const objects = await listObjects(storage.objects, [segmentsPrefix(of.council, of.session), sealedPrefix(of.council, of.session)])
  found.objects += objects.size
  for (const { recorder, line, content } of journal) {
    if (!isStoredLine(content)) continue
    found.segments++
    const receipt = receipts.get(`${recorder}/${line}`)
    if (receipt === undefined) {
      // While it is being recorded or drains, the newest segments are on their way.
      // What a recorder that was given up never delivered is known to be missing: the sealed manifest says it.
      if (finished.has(recorder) && !lost.has(`${recorder}/${line}`))
        note({ code: 'receipt-missing', recorder, line, detail: `segment ${content.part}/${content.index}` })
      continue
    }
    const wrong = await differenceOf(storage.objects, receipt, objects.get(receipt.key), of.deep ? content.sha256 : undefined)
    if (of.deep) found.hashed++
    if (wrong !== undefined) note({ ...wrong, recorder, line, key: receipt.key })
    objects.delete(receipt.key)
  }
  const running = journal.some((row) => !finished.has(row.recorder))
  for (const [key, versions] of objects) {
    if (!running) note({ code: 'object-unknown', key, detail: `${versions[0]?.sizeBytes ?? 0} bytes` })
  }
}

async function differenceOf(
  store: ObjectStore,
  receipt: SegmentReceipt,
  versions: StoredObject[] | undefined,
  sha256: string | undefined,
): Promise<Pick<ReconciliationFinding, 'code' | 'detail'> | undefined> {
  const [stored, ...more] = versions ?? []
  if (stored === undefined) return { code: 'object-missing', detail: `version ${receipt.version}` }
  if (stored.version !== receipt.version || stored.sizeBytes !== receipt.sizeBytes) {
    return { code: 'object-altered', detail: `version ${stored.version}, ${stored.sizeBytes} bytes; confirmed ${receipt.sizeBytes}` }
  }
  const now = sha256 === undefined ? undefined : await store.hash(receipt.key, receipt.version)
  if (now !== sha256) return { code: 'object-altered', detail: `SHA-256 ${now}, journal ${sha256}` }
  // The first that was put is the one that was confirmed, and is whole: what came after it is nobody's.
  if (more.length > 0) return { code: 'object-double', detail: `${more.length + 1} versions` }
  return undefined
}

async function listObjects(store: ObjectStore, prefixes: readonly string[]): Promise<Map<string, StoredObject[]>> {
  const objects = new Map<string, StoredObject[]>()
  for (const prefix of prefixes)
    for await (const object of store.listEveryVersion(prefix)) objects.set(object.key, [...(objects.get(object.key) ?? []), object])
  return objects
}
