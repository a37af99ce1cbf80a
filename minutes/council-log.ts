import { entryBytes, type LogEntry, type LogEntryKind, logEntry, signCheckpoint } from '../storage/custody/log.ts'
import { logTiles } from '../storage/custody/log-tiles.ts'
import { sha256Now, toBase64, toHex } from '../storage/custody/sha256.ts'
import { requestTimeStamp } from '../storage/custody/time-stamp-request.ts'
import type { CouncilId } from '../storage/model/ids.ts'
import { logTileKey } from '../storage/objects/object-keys.ts'
import { appendLogEntry, putCheckpoint, readCheckpoints, readLogEntries } from '../storage/records/council-log.ts'
import type { Tx } from '../storage/records/database.ts'
import type { CouncilSeals, MinutesParts } from './minutes-parts.ts'

/**
 * Writes what happened into the council's log (contracts.md §4). Called in the transaction that makes it happen, whose own guard
 * (the stage, the revision) keeps it from happening twice.
 */
export async function enterInLog(tx: Tx, kind: LogEntryKind, hashes: string[], ref: string): Promise<void> {
  await appendLogEntry(tx, logEntry.parse({ v: 1, time: new Date().toISOString(), kind, hashes, ref }))
}

/**
 * Signs and time-stamps the log as it stands and puts its tiles into the store. A log that did not grow since the last checkpoint
 * gets none. Tiles first: a checkpoint whose tiles are missing would prove nothing.
 */
export async function checkpointLog(parts: MinutesParts, council: CouncilId, seals: CouncilSeals): Promise<void> {
  const { database, objects } = parts.storage
  const { entries, known } = await database.inCouncil(council, async (tx) => ({
    entries: await readLogEntries(tx),
    known: (await readCheckpoints(tx)).at(-1),
  }))
  if (entries.length === 0 || known?.size === entries.length) return
  for (const file of logTiles(entries.map((entry: LogEntry) => entryBytes(entry)))) {
    const sha256 = toHex(sha256Now(file.bytes))
    await objects.put(logTileKey(council, file.path), file.bytes, { sha256, contentType: 'application/octet-stream' })
  }
  const note = await signCheckpoint(entries, seals.log)
  const token = await requestTimeStamp(seals.timeStamps, new TextEncoder().encode(note))
  await database.inCouncil(council, (tx) => putCheckpoint(tx, { size: entries.length, note, tokenBase64: toBase64(token) }))
}
