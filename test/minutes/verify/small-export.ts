import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PDFDocument from 'pdfkit'
import { openSigner } from '../../../minutes/signature/key-store.ts'
import { signPdf } from '../../../minutes/signature/pades.ts'
import { sealBytes } from '../../../minutes/signature/seal-bytes.ts'
import { blockTreeFile, makeBlockTree } from '../../../storage/custody/block-tree.ts'
import { canonicalJson } from '../../../storage/custody/canonical-json.ts'
import { eventLogBytes, headOfEvents, votesHash } from '../../../storage/custody/event-log.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../../../storage/custody/frontier.ts'
import { journalBytes, lineLeafHash, signHead, type TreeFile, treeFile, treeOrigin } from '../../../storage/custody/journal-tree.ts'
import { entryBytes, type LogEntry, logOrigin, signCheckpoint } from '../../../storage/custody/log.ts'
import { logTiles } from '../../../storage/custody/log-tiles.ts'
import { actaManifest, documentBytes, exportContents, recordingManifest } from '../../../storage/custody/manifests.ts'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { fromBase64, sha256Now, toBase64, toHex } from '../../../storage/custody/sha256.ts'
import { requestTimeStamp } from '../../../storage/custody/time-stamp-request.ts'
import { type Trust, trustFile } from '../../../storage/custody/trust.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type JournalLine, journalLine } from '../../../storage/model/recording.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { transcript } from '../../../storage/model/transcript.ts'
import type { OpensslAuthority } from '../../servers/openssl-authority.ts'

/** An export in memory, as files by path, and the anchors that an honest verifier has. */
export interface SmallExport {
  files: Map<string, Uint8Array>
  trust: Trust
}

export interface SmallExportWishes {
  dir3?: string
  session?: string
  /** Segments of 4 s before the gap, and bytes of each; benches ask for more of them. */
  segments?: number
  bytes?: number
  /** Adds a closed part, on the media line, ms. */
  closed?: { fromMs: number; toMs: number }
}

interface Place {
  dir3: string
  session: string
  authority: OpensslAuthority
}

const hashOf = (bytes: Uint8Array) => toHex(sha256Now(bytes))
const text = (value: string) => new TextEncoder().encode(value)

/** Makes a whole export of a session with one gap, under an authority of openssl: every byte by the product's own functions. */
export async function makeSmallExport(authority: OpensslAuthority, wishes: SmallExportWishes = {}): Promise<SmallExport> {
  const { session = newId(), dir3 = 'L01270000', segments = 3, bytes = 3000 } = wishes
  const media = { segments, bytes }
  const place = { dir3, session, authority }
  const files = new Map<string, Uint8Array>()
  const events = sampleEvents(session, wishes.closed)
  const recorder = await record(place, events, media, files)
  const gap = { fromMs: 4000 * media.segments, toMs: 4000 * (media.segments + 1) }
  const master = new Uint8Array(9000).map((_, at) => (at * 7) % 251)
  files.set(exportPath.master, master)
  const recording = documentBytes(recordingManifest, {
    v: 1,
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
  } as never)
  files.set(exportPath.recordingManifest, recording)
  const seal = await signerOf(authority, 'seal')
  files.set(exportPath.recordingSeal, await sealBytes(recording, { seal, timeStamps: authority.timeStamps }))
  const bound = await bindActa(place, events, recording, files)
  const revisions = await signActa(bound, files, authority)
  const log = await writeLog(place, recording, revisions, files)
  relist(files, place)
  const trust = trustFile.parse({
    roots: [authority.rootPem],
    tsaRoots: [authority.tsaRootPem],
    logs: [{ origin: logOrigin(dir3), key: toBase64(log) }],
    recorders: [{ origin: `escano/${dir3}`, key: toBase64(recorder.publicKey) }],
  })
  return { files, trust }
}

/** Writes `contents.json` over the files as they are. */
function relist(files: Map<string, Uint8Array>, { dir3, session }: Place): void {
  files.delete(exportPath.contents)
  const listed = Array.from(files, ([path, bytes]) => ({ path, sha256: hashOf(bytes), bytes: bytes.length }))
  listed.sort((a, b) => (a.path < b.path ? -1 : 1))
  files.set(
    exportPath.contents,
    documentBytes(exportContents, { v: 1, kind: 'custody', council: dir3, session, files: listed, withheld: [] } as never),
  )
}

async function signerOf(authority: OpensslAuthority, name: string) {
  // Both kinds of key that R60 admits.
  const issued = await authority.issue(name, { algorithm: name === 'acta-mayor' ? 'rsa' : 'ec' })
  const path = join(authority.folder, `${name}-signer.pem`)
  await writeFile(path, issued.keyPem + issued.chainPem, { mode: 0o600 })
  return await openSigner(path)
}

function sampleEvents(session: string, closed: SmallExportWishes['closed']): SessionEvent[] {
  const [item, vote, member] = [newId(), newId(), newId()]
  const told = [
    { type: 'session.opened', call: 1 },
    { type: 'item.opened', item },
    { type: 'vote.opened', vote, item, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 },
    { type: 'ballot.cast', vote, member, sense: 'favour' },
    { type: 'tally.entered', vote, favour: 11, against: 5, abstain: 2 },
    { type: 'vote.proclaimed', vote, outcome: 'approved' },
    ...(closed === undefined
      ? []
      : [
          { type: 'closed.began', ground: 'honra', recording: 'restricted', mediaMs: closed.fromMs },
          { type: 'closed.ended', mediaMs: closed.toMs },
        ]),
    { type: 'session.lifted' },
    { type: 'note', text: 'Engadida despois do peche' },
  ]
  return told.map((one, at) =>
    sessionEvent.parse({
      v: 1,
      id: newId(),
      session,
      device: 'tableta',
      seq: at + 1,
      by: { role: 'secretary', id: 'a' },
      at: { wallMs: 1_793_000_000_000 + at * 1000, monotonicNs: String(at), boot: 'b' },
      ...one,
    }),
  )
}

/** Segments of 4 s: those before the gap, the gap of 4 s, one after it; then two events. */
async function record(
  { dir3, session, authority }: Place,
  events: SessionEvent[],
  media: { segments: number; bytes: number },
  files: Map<string, Uint8Array>,
) {
  const id = newId()
  const key = await makeNoteKey()
  const origin = treeOrigin(dir3, session, id)
  const signer = await noteSigner(origin, key)
  const head = { v: 1, session, recorder: id }
  const lines: JournalLine[] = []
  for (let at = 0; at <= media.segments; at++) {
    const [part, index] = at < media.segments ? [0, at] : [1, 0]
    const ptsMs = 4000 * (at + part)
    const bytes = new Uint8Array(media.bytes + index).fill(1 + (at % 250))
    if (part === 1) lines.push(journalLine.parse({ ...head, kind: 'gap', part, fromMs: ptsMs - 4000, toMs: ptsMs, cause: 'source-lost' }))
    const line = { ...head, part, track: 'master', index, sha256: hashOf(bytes), bytes: bytes.length, ptsMs, durationMs: 4000 }
    lines.push(journalLine.parse({ ...line, wallMs: 1_793_000_000_000 + ptsMs, monotonicNs: String(ptsMs), boot: 'b' }))
    files.set(exportPath.segment({ part, track: 'master', index }), bytes)
  }
  for (const event of events.slice(0, 2)) {
    lines.push(journalLine.parse({ ...head, kind: 'event', id: event.id, sha256: hashOf(canonicalJson(event)) }))
  }
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
  files.set(exportPath.journal, journalBytes(lines))
  files.set(exportPath.tree, documentBytes(treeFile, file))
  return { id, publicKey: key.publicKey, tree: file }
}

/** Transcript, captions, events and blocks, and the manifest that names them. @returns bytes of the acta manifest */
async function bindActa(
  { dir3, session }: Place,
  events: SessionEvent[],
  recording: Uint8Array,
  files: Map<string, Uint8Array>,
): Promise<Uint8Array> {
  const words = [{ id: 'w1', text: 'Boas', fromMs: 100, toMs: 400, probability: 0.9, method: 'token' }]
  const speaker = { id: 'castro', confidence: 0.9, source: 'microphone' }
  const utterance = { id: 'u1', fromMs: 0, toMs: 900, speaker, language: 'gl', languageConfidence: 1, status: 'ok', guards: [], words }
  const engine = { name: 'whisper.cpp', build: 'proba' }
  const spoken = canonicalJson(
    transcript.parse({ v: 1, session, version: 1, languages: ['gl'], engine, model: null, evidence: [], utterances: [utterance] }),
  )
  const captions = text('WEBVTT\n\n00:00.100 --> 00:00.400\nBoas\n')
  const blocks = makeBlockTree([
    { kind: 'title', text: 'Acta' },
    { kind: 'paragraph', text: 'Ábrese a sesión' },
  ])
  files.set(exportPath.transcript, spoken)
  files.set(exportPath.captions('gl'), captions)
  files.set(exportPath.events, eventLogBytes(events))
  files.set(exportPath.blocks, documentBytes(blockTreeFile, blocks))
  const manifest = documentBytes(actaManifest, {
    v: 1,
    version: 1,
    council: dir3,
    session,
    recordingManifest: hashOf(recording),
    transcript: hashOf(spoken),
    captions: [{ language: 'gl', sha256: hashOf(captions) }],
    events: hashOf(eventLogBytes(events)),
    votes: votesHash(events),
    agenda: [],
    engine,
    model: null,
    blocks: blocks.root,
    log: logOrigin(dir3),
  } as never)
  files.set(exportPath.actaManifest, manifest)
  return manifest
}

/** A PDF with the manifest attached, sealed, signed by the secretary and by the mayor. @returns SHA-256 of each signed revision */
async function signActa(manifest: Uint8Array, files: Map<string, Uint8Array>, authority: OpensslAuthority): Promise<string[]> {
  let pdf: Uint8Array = await printPdf(manifest)
  const revisions: string[] = []
  for (const field of ['seal', 'secretary', 'mayor'] as const) {
    const signer = await signerOf(authority, `acta-${field}`)
    pdf = await signPdf(pdf, { field, name: field, reason: 'proba', at: new Date(), signer, timeStamp: authority.timeStamps })
    revisions.push(hashOf(pdf))
  }
  files.set(exportPath.acta, pdf)
  return revisions
}

async function printPdf(manifest: Uint8Array): Promise<Uint8Array> {
  const document = new PDFDocument({ pdfVersion: '1.7', lang: 'gl-ES', info: { Title: 'Acta de proba' } })
  const pieces: Buffer[] = []
  const ended = new Promise<void>((resolve) => document.on('end', resolve))
  document.on('data', (piece: Buffer) => pieces.push(piece))
  document.file(Buffer.from(manifest), { name: exportPath.actaManifest, type: 'application/json' })
  document.text('Acta de proba')
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(pieces))
}

async function writeLog({ dir3, session, authority }: Place, recording: Uint8Array, revisions: string[], files: Map<string, Uint8Array>) {
  const key = await makeNoteKey()
  const signer = await noteSigner(logOrigin(dir3), key)
  const time = '2026-10-27T20:00:00Z'
  const entries: LogEntry[] = [
    { v: 1, time, kind: 'restore-drill', hashes: [], ref: 'antes' },
    { v: 1, time, kind: 'recording-closed', hashes: [hashOf(recording)], ref: session },
    ...revisions.map((hash): LogEntry => ({ v: 1, time, kind: 'acta-signed', hashes: [hash], ref: session })),
  ]
  const checkpoint = text(await signCheckpoint(entries, signer))
  files.set(exportPath.checkpoint, checkpoint)
  files.set(exportPath.checkpointToken, await requestTimeStamp(authority.timeStamps, checkpoint))
  for (const tile of logTiles(entries.map(entryBytes))) files.set(exportPath.logFile(tile.path), tile.bytes)
  return key.publicKey
}
