import PDFDocument from 'pdfkit'
import { signPdf } from '../../../minutes/signature/pades.ts'
import { blockTreeFile, makeBlockTree } from '../../../storage/custody/block-tree.ts'
import { canonicalJson } from '../../../storage/custody/canonical-json.ts'
import { eventLogBytes, votesHash } from '../../../storage/custody/event-log.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { entryBytes, type LogEntry, logOrigin, signCheckpoint } from '../../../storage/custody/log.ts'
import { logTiles } from '../../../storage/custody/log-tiles.ts'
import { actaManifest, documentBytes, exportContents } from '../../../storage/custody/manifests.ts'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { toBase64 } from '../../../storage/custody/sha256.ts'
import { requestTimeStamp } from '../../../storage/custody/time-stamp-request.ts'
import { type Trust, trustFile } from '../../../storage/custody/trust.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { transcript } from '../../../storage/model/transcript.ts'
import type { OpensslAuthority } from '../../servers/openssl-authority.ts'
import { hashOf, type Place, recordSmall, type SpareWish, signerOf, text } from './small-recording.ts'

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
  /** False: a session held without recording (R21), with neither recording nor transcript. */
  recorded?: boolean
  /** Adds an encrypted segment of a closed part, in the gap. */
  sealed?: boolean
  spare?: SpareWish
  /** Adds a closed part, on the media line, ms. */
  closed?: { fromMs: number; toMs: number }
  /** The recording was brought as a file, which lies in the export too. */
  imported?: boolean
}

/** Makes a whole export of a session with one gap, under an authority of openssl: every byte by the product's own functions. */
export async function makeSmallExport(authority: OpensslAuthority, wishes: SmallExportWishes = {}): Promise<SmallExport> {
  const { session = newId(), dir3 = 'L01270000', segments = 3, bytes = 3000 } = wishes
  const media = {
    ...{ segments, bytes, sealed: wishes.sealed === true, imported: wishes.imported === true },
    ...(wishes.spare === undefined ? {} : { spare: wishes.spare }),
  }
  const place = { dir3, session, authority }
  const files = new Map<string, Uint8Array>()
  const events = sampleEvents(session, wishes.closed)
  const recording = wishes.recorded === false ? undefined : await recordSmall(place, events, media, files)
  const bound = await bindActa(place, events, recording?.manifest, files)
  const revisions = await signActa(bound, files, authority)
  const log = await writeLog(place, recording?.manifest, revisions, files)
  relist(files, place)
  const trust = trustFile.parse({
    roots: [authority.rootPem],
    tsaRoots: [authority.tsaRootPem],
    logs: [{ origin: logOrigin(dir3), key: toBase64(log) }],
    recorders: (recording?.publicKeys ?? []).map((key) => ({ origin: `escano/${dir3}`, key: toBase64(key) })),
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

/** Transcript, captions, events and blocks, and the manifest that names them. @returns bytes of the acta manifest */
async function bindActa(
  { dir3, session }: Place,
  events: SessionEvent[],
  recording: Uint8Array | undefined,
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
  if (recording !== undefined) {
    files.set(exportPath.transcript, spoken)
    files.set(exportPath.captions('gl'), captions)
  }
  const blocks = makeBlockTree([
    { kind: 'title', text: 'Acta' },
    { kind: 'paragraph', text: 'Ábrese a sesión' },
  ])
  files.set(exportPath.events, eventLogBytes(events))
  files.set(exportPath.blocks, documentBytes(blockTreeFile, blocks))
  const manifest = documentBytes(actaManifest, {
    v: 1,
    version: 1,
    council: dir3,
    session,
    recordingManifest: recording === undefined ? null : hashOf(recording),
    transcript: recording === undefined ? null : hashOf(spoken),
    captions: recording === undefined ? [] : [{ language: 'gl', sha256: hashOf(captions) }],
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

async function writeLog(
  { dir3, session, authority }: Place,
  recording: Uint8Array | undefined,
  revisions: string[],
  files: Map<string, Uint8Array>,
) {
  const key = await makeNoteKey()
  const signer = await noteSigner(logOrigin(dir3), key)
  const time = '2026-10-27T20:00:00Z'
  const entries: LogEntry[] = [
    { v: 1, time, kind: 'restore-drill', hashes: [], ref: 'antes' },
    ...(recording === undefined ? [] : [closedEntry(recording, session, time)]),
    ...revisions.map(
      (hash, at): LogEntry => ({ v: 1, time, kind: at === 0 ? 'acta-version' : 'acta-signed', hashes: [hash], ref: session }),
    ),
  ]
  const checkpoint = text(await signCheckpoint(entries, signer))
  files.set(exportPath.checkpoint, checkpoint)
  files.set(exportPath.checkpointToken, await requestTimeStamp(authority.timeStamps, checkpoint))
  for (const tile of logTiles(entries.map(entryBytes))) files.set(exportPath.logFile(tile.path), tile.bytes)
  return key.publicKey
}

function closedEntry(recording: Uint8Array, session: string, time: string): LogEntry {
  return { v: 1, time, kind: 'recording-closed', hashes: [hashOf(recording)], ref: session }
}
