import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { headOfEvents } from '../../storage/custody/event-log.ts'
import { lineLeafHash, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { documentBytes, type RecordingManifest, recordingManifest } from '../../storage/custody/manifests.ts'
import { treeRoot } from '../../storage/custody/merkle-tree.ts'
import { fromBase64, sha256Now, toHex } from '../../storage/custody/sha256.ts'
import { type RecordOfSession, type RecordSegment, recordOf } from '../../storage/model/recording-of-record.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readImport } from '../../storage/records/imports.ts'
import { readHeads, type SegmentReceipt } from '../../storage/records/journal.ts'
import { type KeptJournal, readJournals } from '../../storage/records/recorder-journals.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import { enterInLog } from '../council-log.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { placeDocument, recordDocuments, type SessionPlace } from '../session-documents.ts'
import { sealBytes } from '../signature/seal-bytes.ts'
import { type MasterPart, type PreservedMaster, preserveMaster } from './preserved-master.ts'
import { recordingFacts } from './recording-facts.ts'

/** A stored segment is not what its journal line says: nothing is sealed over it. */
export class SegmentDiffersError extends Error {
  override readonly name = 'SegmentDiffersError'
}

/**
 * Step 5 of a session: the segments of record joined into the preserved MP4, the recording manifest, the council's seal and time-stamp, an
 * entry in the log; then the transcriber's turn. A power cut at any line leaves only objects that the next run finds again.
 */
export async function closeRecording(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const found = await parts.storage.database.inCouncil(place.council, (tx) => readRecorded(tx, place))
  if (found.stage !== 'recorded') return
  const record = recordOf(found.journals)
  if (record.segments.length === 0) return await closeWithoutRecording(parts, place)
  const folder = await mkdtemp(join(tmpdir(), 'escano-close-'))
  try {
    const master = await preserveMaster(parts.ffmpeg, await gatherParts(parts, record, found, folder), folder)
    await sealRecording(parts, place, found, record, master)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nothing of it ever came and nobody is waited for: the session stands without a recording, and its acta says so (R21). */
async function closeWithoutRecording({ storage }: MinutesParts, place: SessionPlace): Promise<void> {
  await storage.database.inCouncil(place.council, async (tx) => {
    await setStage(tx, place.session, 'closed')
    await storage.jobs.send('acta.draft', place, { tx })
  })
}

async function readRecorded(tx: Parameters<typeof readCouncil>[0], { session }: SessionPlace) {
  const council = await readCouncil(tx)
  if (!council) throw new Error('this council has no record')
  const imported = (await readImport(tx, session))?.statement
  const [stage, journals, heads, recorders, events] = [
    await readStage(tx, session),
    await readJournals(tx, session),
    await readHeads(tx, session),
    await listRecorders(tx),
    await readEvents(tx, session),
  ]
  return { council, session, stage, journals, heads, recorders, events: events.map((row) => row.event), imported }
}
type Recorded = Awaited<ReturnType<typeof readRecorded>>

/** MPEG-TS files of segments that follow each other, from the store, each segment hashed again on the way. */
async function gatherParts(parts: MinutesParts, record: RecordOfSession, found: Recorded, folder: string): Promise<MasterPart[]> {
  const files: MasterPart[] = []
  let [before, file, fromMs]: [RecordSegment | undefined, MasterPart | undefined, number] = [undefined, undefined, 0]
  for (const segment of record.segments) {
    if (file === undefined || !goesOn(before, segment)) {
      file = { path: join(folder, `part-${String(files.length).padStart(3, '0')}.ts`) }
      files.push(file)
      fromMs = segment.line.ptsMs
    }
    await appendFile(file.path, await readSegment(parts, segment, found))
    if (segment.untilMs !== undefined) file.lengthMs = segment.untilMs - fromMs
    before = segment
  }
  return files
}

function goesOn(before: RecordSegment | undefined, { recorder, line }: RecordSegment): boolean {
  if (before === undefined || before.untilMs !== undefined || before.recorder !== recorder) return false
  return before.line.part === line.part && before.line.index + 1 === line.index
}

async function readSegment(parts: MinutesParts, { recorder, leaf, line }: RecordSegment, found: Recorded): Promise<Uint8Array> {
  const receipt = found.journals.find((one) => one.recorder === recorder)?.receipts.get(leaf)
  if (!receipt) throw new SegmentDiffersError(`segment ${line.part}/${line.index} has no receipt`)
  const bytes = await parts.storage.objects.read(receipt.key, receipt.version)
  const sha256 = toHex(sha256Now(bytes))
  if (sha256 !== line.sha256)
    throw new SegmentDiffersError(`segment ${line.part}/${line.index}: the journal has ${line.sha256}, the store ${sha256}`)
  return bytes
}

async function sealRecording(
  parts: MinutesParts,
  place: SessionPlace,
  found: Recorded,
  record: RecordOfSession,
  master: PreservedMaster,
): Promise<void> {
  const { storage } = parts
  const seals = await parts.sealsOf(found.council)
  const kept = await placeDocument(storage, place, 'master', { path: master.path })
  const manifest = documentBytes(recordingManifest, manifestOf(parts, found, record, master, kept))
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
  record: RecordOfSession,
  master: PreservedMaster,
  kept: { sha256: string; sizeBytes: number },
): RecordingManifest {
  const { journals, council, session } = found
  if (journals.length === 0) throw new SegmentDiffersError('the journal of this session is empty')
  const facts = recordingFacts(journals.flatMap((one) => one.lines))
  return {
    v: 3,
    ...(found.imported === undefined ? {} : { imported: found.imported }),
    council: council.dir3,
    session,
    recorders: journals.map((one) => toldRecorder(one, found)),
    parts: facts.parts,
    gaps: facts.gaps.map(({ recorder, part, fromMs, toMs, cause, track }) => ({
      ...{ recorder, part, fromMs, toMs, cause },
      ...(track === undefined ? {} : { track }),
    })),
    record: record.spans,
    unrecorded: record.gaps,
    tracks: [...new Set(facts.segments.map((one) => one.track))],
    trees: journals.map((one) => treeOf(council.dir3, session, one)),
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
    objects: journals.flatMap((journal) =>
      [...journal.receipts.values()].map((receipt) => ({
        key: receipt.key,
        version: receipt.version,
        sha256: segmentHash(journal, receipt),
        bytes: receipt.sizeBytes,
      })),
    ),
    software: { product: parts.product, agent: parts.product, ffmpeg: parts.ffmpeg.version.text },
  }
}

function toldRecorder({ recorder, givenUp }: KeptJournal, found: Recorded): RecordingManifest['recorders'][number] {
  const known = found.recorders.find((one) => one.id === recorder)
  if (!known) throw new SegmentDiffersError(`recorder ${recorder} is not enrolled`)
  return {
    ...{ id: recorder, name: known.name, publicKey: known.publicKeyBase64 },
    ...(givenUp === undefined ? {} : { undelivered: givenUp.lost }),
  }
}

/** The tree of a whole journal. That its recorder signed it, or how far before it fell silent, is for its heads to tell. */
function treeOf(dir3: string, session: string, { recorder, lines }: KeptJournal): RecordingManifest['trees'][number] {
  return { origin: treeOrigin(dir3, session, recorder), size: lines.length, root: toHex(treeRoot(lines.map(lineLeafHash))) }
}

function segmentHash(of: KeptJournal, receipt: SegmentReceipt): string {
  const content = of.lines[receipt.line]
  if (!content || !('index' in content)) throw new SegmentDiffersError(`the receipt of ${receipt.key} answers to no segment of the journal`)
  return content.sha256
}
