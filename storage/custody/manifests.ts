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

const recordingFields = {
  council: dir3,
  session: sessionId,
  recorders: z.array(z.strictObject({ id: recorderId, publicKey: base64 })).max(16),
  parts: z.array(z.strictObject({ part: ms, track, fromMs: ms, toMs: ms, segments: z.int().positive() })).max(1000),
  gaps: z.array(z.strictObject({ part: ms, fromMs: ms, toMs: ms, cause: text, track: track.optional() })).max(10_000),
  tracks: z.array(track).max(96),
  trees: z.array(z.strictObject({ origin, size: ms, root: sha256Hex })).max(16),
  master: z.strictObject({
    sha256: sha256Hex,
    bytes: z.int().positive(),
    durationMs: ms,
    container: z.literal('mp4'),
    codecs: z.array(text).min(1).max(8),
    /** Hash of each elementary stream, equal in segments and master (design.md §2 "preserved master"). */
    streamhash: z.array(z.strictObject({ stream: text, sha256: sha256Hex })).max(8),
  }),
  /** The session's events as they stood at close. */
  events: eventHead,
  /** SHA-256 of the DER of each RFC 3161 token over a recorder's head. */
  tokens: z.array(sha256Hex).max(100_000),
  objects: z.array(z.strictObject({ key: z.string().min(1).max(1024), version: text, sha256: sha256Hex, bytes: ms })).max(200_000),
  software: z.strictObject({ product: text, agent: text, ffmpeg: text }),
}
/**
 * `recording-manifest.json`: made at close, sealed by the council, time-stamped. Version 2 is of a recording that was brought as a file: a reader of version 1 refuses it rather than take it
 * for one made here.
 */
export const recordingManifest = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1), ...recordingFields }),
  z.strictObject({ v: z.literal(2), ...recordingFields, imported: importedRecording }),
])
export type RecordingManifest = z.infer<typeof recordingManifest>

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
