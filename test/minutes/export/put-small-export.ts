import { parseEventLog } from '../../../storage/custody/event-log.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { openHead, parseJournal, treeFile } from '../../../storage/custody/journal-tree.ts'
import { parseEntry } from '../../../storage/custody/log.ts'
import { readLog } from '../../../storage/custody/log-tiles.ts'
import { parseDocument, recordingManifest } from '../../../storage/custody/manifests.ts'
import { fromBase64, sha256Now, toBase64, toHex } from '../../../storage/custody/sha256.ts'
import { readUnverified } from '../../../storage/custody/signed-note.ts'
import { parseHeadText } from '../../../storage/custody/tree-head.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import { transcript } from '../../../storage/model/transcript.ts'
import { segmentKey, sessionObjectKey } from '../../../storage/objects/object-keys.ts'
import { appendLogEntry, putCheckpoint } from '../../../storage/records/council-log.ts'
import { putDocument } from '../../../storage/records/documents.ts'
import { appendHead, appendJournalLine, putReceipt, setHeadToken } from '../../../storage/records/journal.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { putCaptions, putTranscript } from '../../../storage/records/transcripts.ts'
import type { TestStorage } from '../../servers/test-storage.ts'

const documents = [
  ['acta-pdf', exportPath.acta],
  ['acta-manifest', exportPath.actaManifest],
  ['acta-blocks', exportPath.blocks],
  ['recording-manifest', exportPath.recordingManifest],
  ['recording-seal', exportPath.recordingSeal],
  ['master', exportPath.master],
  ['events', exportPath.events],
] as const

/** Writes the files of a small export into store and records, as the parts of the product leave them. */
export async function putSmallExport(storage: TestStorage, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const { council, session, objects } = storage
  const bytesOf = (path: string) => files.get(path) ?? new Uint8Array()
  const put = async (key: (sha256: string) => string, path: string) => {
    const sha256 = toHex(sha256Now(bytesOf(path)))
    const stored = await objects.put(key(sha256), bytesOf(path), { sha256, contentType: 'application/octet-stream' })
    return { ...stored, sha256 }
  }
  const { lines } = parseJournal(bytesOf(exportPath.journal))
  const tree = parseDocument(treeFile, bytesOf(exportPath.tree))
  const [recorder] = parseDocument(recordingManifest, bytesOf(exportPath.recordingManifest)).recorders
  if (recorder === undefined) throw new Error('a small export has a recorder')
  const kept = await Promise.all(
    documents.map(async ([kind, path]) => ({
      kind,
      ...(await put((hash) => sessionObjectKey(council.id, session.id, kind, hash, 'bin'), path)),
    })),
  )
  const words = await put((hash) => sessionObjectKey(council.id, session.id, 'transcript', hash, 'json'), exportPath.transcript)
  const captions = await put((hash) => sessionObjectKey(council.id, session.id, 'captions', hash, 'vtt'), exportPath.captions('gl'))
  const segments = await Promise.all(
    lines.flatMap((content, line) =>
      isSegmentLine(content)
        ? [put(() => segmentKey(council.id, content), exportPath.segment(content)).then((stored) => ({ line, ...stored }))]
        : [],
    ),
  )
  const note = new TextDecoder().decode(bytesOf(exportPath.checkpoint))
  const { size } = parseHeadText(readUnverified(note).text)
  const entries = await readLog(size, async (path) => files.get(exportPath.logFile(path)))
  const key = fromBase64(recorder.publicKey)
  const heads = await Promise.all(tree.heads.map(async (head) => ({ ...head, ...(await openHead(head.note, tree.origin, [key])) })))

  await storage.database.inCouncil(council.id, async (tx) => {
    const of = { session: session.id, recorder: recorder.id }
    await enrolRecorder(tx, { id: recorder.id, name: 'Salón', publicKeyBase64: recorder.publicKey })
    for (const [line, content] of lines.entries()) await appendJournalLine(tx, { ...of, line, content })
    for (const { line, key, version, sizeBytes } of segments) await putReceipt(tx, { ...of, line, key, version, sizeBytes })
    for (const head of heads) {
      await appendHead(tx, { ...of, size: head.size, rootHex: toHex(head.root), note: head.note })
      if (head.token !== undefined) await setHeadToken(tx, { ...of, size: head.size, tokenBase64: head.token, late: head.late === true })
    }
    await appendEvents(tx, session.id, parseEventLog(bytesOf(exportPath.events)))
    for (const document of kept) await putDocument(tx, { session: session.id, revision: 1, createdAtMs: 0, ...document })
    await putTranscript(tx, transcript.parse(JSON.parse(new TextDecoder().decode(bytesOf(exportPath.transcript)))), words)
    await putCaptions(tx, session.id, 'gl', captions)
    for (const entry of entries) await appendLogEntry(tx, parseEntry(entry))
    await putCheckpoint(tx, { size, note, tokenBase64: toBase64(bytesOf(exportPath.checkpointToken)) })
  })
}
