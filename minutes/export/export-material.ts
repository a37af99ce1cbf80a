import { entryBytes } from '../../storage/custody/log.ts'
import { logTiles } from '../../storage/custody/log-tiles.ts'
import type { Acta } from '../../storage/model/acta.ts'
import type { Council } from '../../storage/model/council.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { readActa } from '../../storage/records/actas.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { type CheckpointRow, readCheckpoints, readLogEntries } from '../../storage/records/council-log.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { type DocumentKind, readDocuments, type StoredDocument } from '../../storage/records/documents.ts'
import { type JournalHead, readHeads } from '../../storage/records/journal.ts'
import { type KeptJournal, readJournals } from '../../storage/records/recorder-journals.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readSession } from '../../storage/records/sessions.ts'
import { readCaptions, readTranscript, type StoredCaptions, type StoredTranscript } from '../../storage/records/transcripts.ts'

/** All that records say of a session, read in one transaction: what an export is made of. */
export interface ExportMaterial {
  council: Council
  session: Session
  /** In the order of the recording manifest. */
  journals: KeptJournal[]
  heads: JournalHead[]
  events: SessionEvent[]
  /** Marks that close parts of it and could not become events of the session. */
  closedMarks: SessionEvent[]
  acta?: Acta
  /** Newest revision of each kind. */
  documents: Map<DocumentKind, StoredDocument>
  transcript?: StoredTranscript
  captions: StoredCaptions[]
  log?: { checkpoint: CheckpointRow; tiles: { path: string; bytes: Uint8Array }[] }
}

/** @throws ExportIncompleteError the session or its council has no record */
export async function readExportMaterial(tx: Tx, id: SessionId): Promise<ExportMaterial> {
  const council = await readCouncil(tx)
  const session = await readSession(tx, id)
  if (council === undefined || session === undefined) throw new ExportIncompleteError(`session ${id} or its council has no record`)
  const transcript = await readTranscript(tx, id)
  const acta = await readActa(tx, id)
  const log = await readLog(tx)
  return {
    council,
    session,
    journals: await readJournals(tx, id),
    heads: await readHeads(tx, id),
    events: (await readEvents(tx, id)).map((row) => row.event),
    closedMarks: await readClosedMarks(tx, id),
    // Revisions come oldest first: the last of a kind stays.
    documents: new Map((await readDocuments(tx, id)).map((document) => [document.kind, document])),
    captions: await readCaptions(tx, id),
    ...(transcript === undefined ? {} : { transcript }),
    ...(acta === undefined ? {} : { acta }),
    ...(log === undefined ? {} : { log }),
  }
}

/** The log as its last checkpoint signed it; entries after that wait for the next one. */
async function readLog(tx: Tx): Promise<ExportMaterial['log']> {
  const checkpoint = (await readCheckpoints(tx)).at(-1)
  if (checkpoint === undefined) return undefined
  const entries = (await readLogEntries(tx)).slice(0, checkpoint.size)
  return { checkpoint, tiles: logTiles(entries.map(entryBytes)) }
}

/** Something that an export needs is not there (yet); the message names it. */
export class ExportIncompleteError extends Error {
  override readonly name = 'ExportIncompleteError'
}
