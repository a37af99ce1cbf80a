import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { headOfEvents } from '../../storage/custody/event-log.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { documentBytes, type RecordingManifest, recordingManifest } from '../../storage/custody/manifests.ts'
import { fromBase64, sha256Now, toHex } from '../../storage/custody/sha256.ts'
import type { Council } from '../../storage/model/council.ts'
import type { SegmentLine } from '../../storage/model/recording.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readImport } from '../../storage/records/imports.ts'
import { readHeads, readJournal, readReceipts } from '../../storage/records/journal.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import { enterInLog } from '../council-log.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { placeDocument, recordDocuments, type SessionPlace } from '../session-documents.ts'
import { sealBytes } from '../signature/seal-bytes.ts'
import { type PreservedMaster, preserveMaster } from './preserved-master.ts'
import { type RecordingFacts, recordingFacts } from './recording-facts.ts'

/** A stored segment is not what its journal line says: nothing is sealed over it. */
export class SegmentDiffersError extends Error {
  override readonly name = 'SegmentDiffersError'
}

/**
 * Step 5 of a session: segments joined into the preserved MP4, the recording manifest, the council's seal and time-stamp, an entry
 * in the log; then the transcriber's turn. A power cut at any line leaves only objects that the next run finds again.
 */
export async function closeRecording(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const found = await parts.storage.database.inCouncil(place.council, (tx) => readRecorded(tx, place))
  if (found.stage !== 'recorded') return
  const folder = await mkdtemp(join(tmpdir(), 'escano-close-'))
  try {
    const facts = recordingFacts(found.journal.map((line) => line.content))
    const files = await gatherParts(parts, facts, found, folder)
    const master = await preserveMaster(parts.ffmpeg, files, folder)
    await sealRecording(parts, place, found, facts, master)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readRecorded(tx: Parameters<typeof readCouncil>[0], { session }: SessionPlace) {
  const council = await readCouncil(tx)
  if (!council) throw new Error('this council has no record')
  const imported = (await readImport(tx, session))?.statement
  const [stage, journal, receipts, heads, recorders, events] = [
    await readStage(tx, session),
    await readJournal(tx, session),
    await readReceipts(tx, session),
    await readHeads(tx, session),
    await listRecorders(tx),
    await readEvents(tx, session),
  ]
  return { council, stage, journal, receipts, heads, recorders, events: events.map((row) => row.event), imported }
}
type Recorded = Awaited<ReturnType<typeof readRecorded>>

/** One MPEG-TS file a part, from the store's segments, each hashed again on the way. */
async function gatherParts(parts: MinutesParts, facts: RecordingFacts, found: Recorded, folder: string): Promise<string[]> {
  const files: string[] = []
  for (const segment of facts.segments.filter((one) => one.track === 'master')) {
    const path = join(folder, `part-${String(segment.part).padStart(3, '0')}.ts`)
    if (files.at(-1) !== path) files.push(path)
    await appendFile(path, await readSegment(parts, segment, found))
  }
  return files
}

async function readSegment(parts: MinutesParts, segment: SegmentLine, found: Recorded): Promise<Uint8Array> {
  const line = found.journal.find((one) => one.content === segment)
  const receipt = found.receipts.find((one) => one.recorder === line?.recorder && one.line === line?.line)
  if (!receipt) throw new SegmentDiffersError(`segment ${segment.part}/${segment.index} has no receipt`)
  const bytes = await parts.storage.objects.read(receipt.key, receipt.version)
  const sha256 = toHex(sha256Now(bytes))
  if (sha256 !== segment.sha256)
    throw new SegmentDiffersError(`segment ${segment.part}/${segment.index}: the journal has ${segment.sha256}, the store ${sha256}`)
  return bytes
}

async function sealRecording(
  parts: MinutesParts,
  place: SessionPlace,
  found: Recorded,
  facts: RecordingFacts,
  master: PreservedMaster,
): Promise<void> {
  const { storage } = parts
  const seals = await parts.sealsOf(found.council)
  const kept = await placeDocument(storage, place, 'master', { path: master.path })
  const manifest = documentBytes(recordingManifest, manifestOf(parts, found, facts, master, kept))
  const placed = [
    kept,
    await placeDocument(storage, place, 'recording-manifest', manifest),
    await placeDocument(storage, place, 'recording-seal', await sealBytes(manifest, seals)),
  ]
  await storage.database.inCouncil(place.council, async (tx) => {
    await recordDocuments(tx, place.session, placed)
    await enterInLog(tx, 'recording-closed', [placed[1]?.sha256 ?? '', kept.sha256], place.session)
    await setStage(tx, place.session, 'closed')
    await storage.jobs.send('transcript.plan', place, { tx })
  })
}

function manifestOf(
  parts: MinutesParts,
  found: Recorded,
  facts: RecordingFacts,
  master: PreservedMaster,
  kept: { sha256: string; sizeBytes: number },
): RecordingManifest {
  const session = found.journal[0]?.content.session
  const recorders = [...new Set(found.journal.map((line) => line.recorder))]
  if (!session) throw new SegmentDiffersError('the journal of this session is empty')
  return {
    ...(found.imported === undefined ? { v: 1 } : { v: 2, imported: found.imported }),
    council: found.council.dir3,
    session,
    recorders: found.recorders.filter((one) => recorders.includes(one.id)).map((one) => ({ id: one.id, publicKey: one.publicKeyBase64 })),
    parts: facts.parts,
    gaps: facts.gaps.map(({ part, fromMs, toMs, cause, track }) => ({
      part,
      fromMs,
      toMs,
      cause,
      ...(track === undefined ? {} : { track }),
    })),
    tracks: [...new Set(facts.segments.map((one) => one.track))],
    trees: recorders.map((recorder) => lastTree(found.council, session, recorder, found)),
    master: {
      sha256: kept.sha256,
      bytes: kept.sizeBytes,
      durationMs: master.durationMs,
      container: 'mp4',
      codecs: master.probe.streams.map((stream) => stream.codec),
      streamhash: master.streamhash,
    },
    events: headOfEvents(found.events),
    tokens: found.heads.flatMap((head) => (head.tokenBase64 ? [toHex(sha256Now(fromBase64(head.tokenBase64)))] : [])),
    objects: found.receipts.map((receipt) => ({
      key: receipt.key,
      version: receipt.version,
      sha256: segmentHash(found, receipt),
      bytes: receipt.sizeBytes,
    })),
    software: { product: parts.product, agent: parts.product, ffmpeg: parts.ffmpeg.version.text },
  }
}

function lastTree(council: Council, session: string, recorder: string, found: Recorded): RecordingManifest['trees'][number] {
  const head = found.heads.filter((one) => one.recorder === recorder).at(-1)
  if (!head) throw new SegmentDiffersError(`recorder ${recorder} left no signed head`)
  return { origin: treeOrigin(council.dir3, session, recorder), size: head.size, root: head.rootHex }
}

function segmentHash(found: Recorded, receipt: Recorded['receipts'][number]): string {
  const content = found.journal.find((one) => one.recorder === receipt.recorder && one.line === receipt.line)?.content
  if (!content || !('index' in content)) throw new SegmentDiffersError(`the receipt of ${receipt.key} answers to no segment of the journal`)
  return content.sha256
}
