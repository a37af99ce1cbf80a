import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recordingFacts } from '../../../minutes/recording/recording-facts.ts'
import { openSigner } from '../../../minutes/signature/key-store.ts'
import { sealBytes } from '../../../minutes/signature/seal-bytes.ts'
import { canonicalJson } from '../../../storage/custody/canonical-json.ts'
import { headOfEvents } from '../../../storage/custody/event-log.ts'
import { exportPath, recorderPaths } from '../../../storage/custody/export-layout.ts'
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../../../storage/custody/frontier.ts'
import { journalBytes, lineLeafHash, signHead, type TreeFile, treeFile, treeOrigin } from '../../../storage/custody/journal-tree.ts'
import { documentBytes, recordingManifest } from '../../../storage/custody/manifests.ts'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { fromBase64, sha256Now, toBase64, toHex } from '../../../storage/custody/sha256.ts'
import { requestTimeStamp } from '../../../storage/custody/time-stamp-request.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import type { ImportedRecording } from '../../../storage/model/imported-recording.ts'
import { type JournalLine, journalLine } from '../../../storage/model/recording.ts'
import { recordOf } from '../../../storage/model/recording-of-record.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import type { OpensslAuthority } from '../../servers/openssl-authority.ts'

/** Whose export is made, and under which authority. */
export interface Place {
  dir3: string
  session: string
  authority: OpensslAuthority
}

export const hashOf = (bytes: Uint8Array) => toHex(sha256Now(bytes))
export const text = (value: string) => new TextEncoder().encode(value)

export async function signerOf(authority: OpensslAuthority, name: string) {
  // Both kinds of key that R60 admits.
  const issued = await authority.issue(name, { algorithm: name === 'acta-mayor' ? 'rsa' : 'ec' })
  const path = join(authority.folder, `${name}-signer.pem`)
  await writeFile(path, issued.keyPem + issued.chainPem, { mode: 0o600 })
  return await openSigner(path)
}

/** A second recorder that covers the gap; a silent one never said its last word. */
export type SpareWish = 'finished' | 'silent'

/** The recording of a small export: segments, journal, tree, master, manifest and seal. @returns bytes of the manifest */
export async function recordSmall(
  place: Place,
  events: SessionEvent[],
  media: { segments: number; bytes: number; sealed: boolean; imported: boolean; spare?: SpareWish },
  files: Map<string, Uint8Array>,
): Promise<{ manifest: Uint8Array; publicKeys: Uint8Array[] }> {
  const { dir3, session, authority } = place
  const recorder = await record(place, 0, files, (head, put) => sampleLines(head, events, media, put, files))
  const gap = { fromMs: 4000 * media.segments, toMs: 4000 * (media.segments + 1) }
  const master = new Uint8Array(9000).map((_, at) => (at * 7) % 251)
  files.set(exportPath.master, master)
  const sole = {
    ...(media.imported ? { v: 2, imported: importedFile(files) } : { v: 1 }),
    council: dir3,
    session,
    recorders: [{ id: recorder.id, publicKey: toBase64(recorder.publicKey) }],
    parts: [
      { part: 0, track: 'master', fromMs: 0, toMs: gap.fromMs, segments: media.segments },
      { part: 1, track: 'master', fromMs: gap.toMs, toMs: gap.toMs + 4000, segments: 1 },
    ],
    gaps: [{ part: 1, ...gap, cause: 'source-lost' }],
    tracks: ['master'],
    trees: [{ origin: recorder.tree.origin, size: recorder.tree.size, root: recorder.tree.root }],
    master: {
      sha256: hashOf(master),
      bytes: master.length,
      durationMs: gap.toMs + 4000,
      container: 'mp4',
      codecs: ['h264', 'aac'],
      streamhash: [],
    },
    events: headOfEvents(events.slice(0, -1)),
    tokens: recorder.tree.heads.flatMap((head) => (head.token === undefined ? [] : [hashOf(fromBase64(head.token))])),
    objects: [],
    software: { product: 'proba', agent: 'proba', ffmpeg: '5.1' },
  }
  const spare = media.spare === undefined ? undefined : await record(place, 1, files, (head, put) => spareLines(head, media, put))
  const manifest = spare === undefined ? sole : withSpare(sole, recorder, spare, media.spare === 'silent')
  const recording = documentBytes(recordingManifest, manifest as never)
  files.set(exportPath.recordingManifest, recording)
  const seal = await signerOf(authority, 'seal')
  files.set(exportPath.recordingSeal, await sealBytes(recording, { seal, timeStamps: authority.timeStamps }))
  return { manifest: recording, publicKeys: [recorder, ...(spare === undefined ? [] : [spare])].map((one) => one.publicKey) }
}

function importedFile(files: Map<string, Uint8Array>): ImportedRecording {
  const original = text('a tape of long ago')
  files.set(exportPath.original, original)
  return {
    receivedAtMs: 1_793_000_000_000,
    receivedBy: { name: 'Noela Lestrigo', role: 'secretary' },
    file: { name: 'pleno.avi', sha256: hashOf(original), bytes: original.length },
    container: { format: 'avi: mpeg4, mp3', durationMs: 20_000, ownDates: [] },
  }
}

type Recorded = Awaited<ReturnType<typeof record>>

/** The manifest of two recorders, whose record is what the rule gives. @param silent the spare never said its last word */
function withSpare(sole: { tokens: string[] }, first: Recorded, spare: Recorded, silent: boolean) {
  const both = [first, spare]
  const facts = recordingFacts(both.flatMap((one) => one.lines))
  const stored = (lines: JournalLine[]) => new Set(lines.keys())
  const record = recordOf(both.map(({ id, lines }) => ({ recorder: recorderId.parse(id), lines, stored: stored(lines) })))
  return {
    ...sole,
    v: 3,
    recorders: both.map(({ id, publicKey }, at) => ({
      ...{ id, publicKey: toBase64(publicKey), name: at === 0 ? 'Salón' : 'Portátil' },
      ...(silent && at === 1 ? { undelivered: [] } : {}),
    })),
    parts: facts.parts,
    gaps: facts.gaps.map(({ recorder, part, fromMs, toMs, cause }) => ({ recorder, part, fromMs, toMs, cause })),
    record: record.spans,
    unrecorded: record.gaps,
    trees: both.map(({ tree }) => ({ origin: tree.origin, size: tree.size, root: tree.root })),
    tokens: both.flatMap(({ tree }) => tree.heads.flatMap((head) => (head.token === undefined ? [] : [hashOf(fromBase64(head.token))]))),
  }
}

/** Segments of 4 s: those before the gap, the gap of 4 s, one after it; then two events. */
function sampleLines(
  head: object,
  events: SessionEvent[],
  media: { segments: number; bytes: number; sealed: boolean },
  put: PutSegment,
  files: Map<string, Uint8Array>,
): JournalLine[] {
  const lines: JournalLine[] = []
  for (let at = 0; at <= media.segments; at++) {
    const [part, index] = at < media.segments ? [0, at] : [1, 0]
    const ptsMs = 4000 * (at + part)
    if (part === 1 && media.sealed) {
      const locked = new Uint8Array(media.bytes).fill(254)
      const place = { part: 2, track: 'master', index: 0 }
      const shape = { ...head, v: 2, kind: 'sealed', ...place, sha256: hashOf(locked), bytes: locked.length, ptsMs: ptsMs - 4000 }
      const clock = { wallMs: 1_793_000_000_000 + ptsMs - 4000, monotonicNs: String(ptsMs - 4000), boot: 'b' }
      lines.push(journalLine.parse({ ...shape, durationMs: 4000, ...clock }))
      files.set(exportPath.sealed(place), locked)
    }
    if (part === 1) lines.push(journalLine.parse({ ...head, kind: 'gap', part, fromMs: ptsMs - 4000, toMs: ptsMs, cause: 'source-lost' }))
    lines.push(put(head, { part, index, ptsMs }, new Uint8Array(media.bytes + index).fill(1 + (at % 250))))
  }
  for (const event of events.slice(0, 2)) {
    lines.push(journalLine.parse({ ...head, kind: 'event', id: event.id, sha256: hashOf(canonicalJson(event)) }))
  }
  return lines
}

/** A spare that joined one segment before the gap and covers it. */
function spareLines(head: object, media: { segments: number; bytes: number }, put: PutSegment): JournalLine[] {
  const fromMs = 4000 * (media.segments - 1) + 1000
  return [0, 1, 2, 3].map((index) =>
    put(head, { part: 0, index, ptsMs: fromMs + 4000 * index }, new Uint8Array(500 + index).fill(99 + index)),
  )
}

type PutSegment = (head: object, of: { part: number; index: number; ptsMs: number }, bytes: Uint8Array) => JournalLine

/** One recorder's journal, its segments, its signed heads with their time-stamps. */
async function record(
  { dir3, session, authority }: Place,
  at: number,
  files: Map<string, Uint8Array>,
  linesOf: (head: object, put: PutSegment) => JournalLine[],
) {
  const id = newId()
  const key = await makeNoteKey()
  const origin = treeOrigin(dir3, session, id)
  const signer = await noteSigner(origin, key)
  const paths = recorderPaths(at)
  const lines = linesOf({ v: 1, session, recorder: id }, (head, { part, index, ptsMs }, bytes) => {
    files.set(paths.segment({ part, track: 'master', index }), bytes)
    const line = { ...head, part, track: 'master', index, sha256: hashOf(bytes), bytes: bytes.length, ptsMs, durationMs: 4000 }
    return journalLine.parse({ ...line, wallMs: 1_793_000_000_000 + ptsMs, monotonicNs: String(ptsMs), boot: 'b' })
  })
  let tree: Frontier = emptyFrontier
  const heads: TreeFile['heads'] = []
  for (const [at, line] of lines.entries()) {
    tree = appendLeaf(tree, lineLeafHash(line))
    if (at !== 2 && at % 100 !== 5 && at !== lines.length - 1) continue
    const note = await signHead(tree, signer)
    const token = toBase64(await requestTimeStamp(authority.timeStamps, text(note)))
    heads.push(at === 2 ? { note, token, late: true } : { note, token })
  }
  // A head without a token, as a recorder signs them between two time-stamps.
  const quiet = await signHead(lines.slice(0, 4).map(lineLeafHash).reduce(appendLeaf, emptyFrontier), signer)
  heads.splice(1, 0, { note: quiet })
  const file: TreeFile = { v: 1, origin, size: tree.size, root: toHex(frontierRoot(tree)), heads }
  files.set(paths.journal, journalBytes(lines))
  files.set(paths.tree, documentBytes(treeFile, file))
  return { id, publicKey: key.publicKey, tree: file, lines }
}
