import { z } from 'zod'
import { dir3, language } from '../model/council.ts'
import { base64, itemId, recorderId, sessionId, sha256Hex } from '../model/ids.ts'
import { importedRecording } from '../model/imported-recording.ts'
import { track } from '../model/recording.ts'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { eventHead } from './event-log.ts'

/** What is sealed and what is signed (contracts.md §3). Strict and bounded: an unknown field is a version step, not an extra. */

const ms = z.int().nonnegative()
const text = z.string().min(1).max(500)
const origin = z.string().min(1).max(200)

const recorderKey = { id: recorderId, publicKey: base64 }
const partShape = { part: ms, track, fromMs: ms, toMs: ms, segments: z.int().positive() }
const gapShape = { part: ms, fromMs: ms, toMs: ms, cause: text, track: track.optional() }

const closedRecording = {
  council: dir3,
  session: sessionId,
  tracks: z.array(track).max(96),
  trees: z.array(z.strictObject({ origin, size: ms, root: sha256Hex })).max(16),
  master: z.strictObject({
    sha256: sha256Hex,
    bytes: z.int().positive(),
    durationMs: ms,
    container: z.literal('mp4'),
    codecs: z.array(text).min(1).max(64),
    /** Hash of each elementary stream, equal in segments and master (design.md §2 "preserved master"). */
    streamhash: z.array(z.strictObject({ stream: text, sha256: sha256Hex })).max(64),
  }),
  /** The session's events as they stood at close. */
  events: eventHead,
  /** SHA-256 of the DER of each RFC 3161 token over a recorder's head. */
  tokens: z.array(sha256Hex).max(100_000),
  objects: z.array(z.strictObject({ key: z.string().min(1).max(1024), version: text, sha256: sha256Hex, bytes: ms })).max(200_000),
  software: z.strictObject({ product: text, agent: text, ffmpeg: text }),
}

/** As it was while a session could have one recorder only. */
const soleRecorder = {
  ...closedRecording,
  recorders: z.array(z.strictObject(recorderKey)).max(16),
  parts: z.array(z.strictObject(partShape)).max(1000),
  gaps: z.array(z.strictObject(gapShape)).max(10_000),
}

const recordersManifest = z.strictObject({
  v: z.literal(3),
  ...closedRecording,
  /** In the order in which they first are of record; so lie their folders in an export. */
  recorders: z
    .array(
      z.strictObject({
        ...recorderKey,
        name: text,
        /** It never said its last word and was not waited for: lines of its segments that never reached the store. */
        undelivered: z.array(ms).max(200_000).optional(),
      }),
    )
    .max(16),
  parts: z.array(z.strictObject({ recorder: recorderId, ...partShape })).max(16_000),
  /** What each journal states. */
  gaps: z.array(z.strictObject({ recorder: recorderId, ...gapShape })).max(40_000),
  /** Whose recording is of record, from where to where of the media line (storage/model/recording-of-record.ts). */
  record: z.array(z.strictObject({ recorder: recorderId, fromMs: ms, toMs: ms })).max(16_000),
  /** What nobody recorded, between them. */
  unrecorded: z.array(z.strictObject({ fromMs: ms, toMs: ms, cause: text })).max(16_000),
  /** It was brought as a file. */
  imported: importedRecording.optional(),
})

/**
 * `recording-manifest.json`: made at close, sealed by the council, time-stamped. Version 2 was of a recording brought as a file; version 3 is
 * of one recorder or several, brought or not. A reader that does not know a version refuses it rather than pass over what it says.
 */
export const recordingManifest = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1), ...soleRecorder }),
  z.strictObject({ v: z.literal(2), ...soleRecorder, imported: importedRecording }),
  recordersManifest,
])
/** As it is written today; what was written before is read as if it were. */
export type RecordingManifest = z.infer<typeof recordersManifest>

/** @throws CanonicalJsonError, ZodError */
export function parseRecordingManifest(bytes: Uint8Array): RecordingManifest {
  const read = parseDocument(recordingManifest, bytes)
  if (read.v === 3) return read
  const [sole] = read.recorders
  const recorder = recorderId.parse(sole?.id)
  return {
    ...read,
    v: 3,
    recorders: read.recorders.map((one) => ({ ...one, name: one.id })),
    parts: read.parts.map((part) => ({ recorder, ...part })),
    gaps: read.gaps.map((gap) => ({ recorder, ...gap })),
    record: [],
    unrecorded: [],
  }
}

/** `acta-manifest.json`: attached to the PDF before it is signed, so that both signatures cover it. */
export const actaManifest = z.strictObject({
  v: z.literal(1),
  /** Counts from 1; a correction names the SHA-256 of the manifest before it. */
  version: z.int().positive(),
  previous: sha256Hex.optional(),
  council: dir3,
  session: sessionId,
  /** SHA-256 of recording-manifest.json; null when the session was held without recording (R21). */
  recordingManifest: sha256Hex.nullable(),
  transcript: sha256Hex.nullable(),
  captions: z.array(z.strictObject({ language, sha256: sha256Hex })).max(8),
  /** SHA-256 of events.jsonl. */
  events: sha256Hex,
  /** `votesHash` of those events. */
  votes: sha256Hex,
  agenda: z
    .array(
      z.strictObject({
        item: itemId,
        title: z.string().min(1).max(4000),
        fromMs: ms.optional(),
        toMs: ms.optional(),
        /** Leaves of the recorder's tree that hold this item, `from` to `to` inclusive. */
        leaves: z.array(z.strictObject({ origin, from: ms, to: ms })).max(1000),
      }),
    )
    .max(1000),
  engine: z.strictObject({ name: text, build: text }).nullable(),
  model: z.strictObject({ name: text, sha256: sha256Hex }).nullable(),
  /** Root of the block tree (block-tree.ts) of the acta, and of the transcript's. */
  blocks: sha256Hex,
  log: origin,
})
export type ActaManifest = z.infer<typeof actaManifest>

/** A file of an export. */
export const listedFile = z.strictObject({ path: z.string().min(1).max(512), sha256: sha256Hex, bytes: ms })
export type ListedFile = z.infer<typeof listedFile>

/** `contents.json`: every other file of an export, by path; `withheld` are proven files that this copy does not show, and why. */
export const exportContents = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['custody', 'public']),
  council: dir3,
  session: sessionId,
  files: z.array(listedFile).max(200_000),
  withheld: z.array(z.strictObject({ path: z.string().min(1).max(512), sha256: sha256Hex, reason: text })).max(200_000),
})
export type ExportContents = z.infer<typeof exportContents>

/** Bytes of one of these documents: canonical JSON of what its schema admits. @throws ZodError */
export function documentBytes<T>(schema: z.ZodType<T>, value: T): Uint8Array<ArrayBuffer> {
  return canonicalJson(schema.parse(value))
}

/** Reads one of these documents back. @throws CanonicalJsonError, ZodError */
export function parseDocument<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  return schema.parse(parseCanonicalJson(bytes))
}
