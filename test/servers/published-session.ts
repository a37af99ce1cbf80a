import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import PDFDocument from 'pdfkit'
import { demoCouncil } from '../../commands/demo/demo-council.ts'
import { parseTurns, recordedSession, sampleAgenda, sampleMarks } from '../../commands/demo/demo-script.ts'
import type { Council } from '../../storage/model/council.ts'
import { newId, type RecorderId, recorderId } from '../../storage/model/ids.ts'
import { segmentLine } from '../../storage/model/recording.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import { type SessionEvent, sessionEvent } from '../../storage/model/session-events.ts'
import { type Transcript, transcript as transcriptSchema, utteranceText } from '../../storage/model/transcript.ts'
import { segmentKey, sessionObjectKey } from '../../storage/objects/object-keys.ts'
import { putCouncil } from '../../storage/records/councils.ts'
import { type DocumentKind, putDocument } from '../../storage/records/documents.ts'
import { appendJournalLine, putReceipt } from '../../storage/records/journal.ts'
import { enrolRecorder } from '../../storage/records/recorders.ts'
import { appendEvents } from '../../storage/records/session-events.ts'
import { putSession, setPublished, setStage } from '../../storage/records/sessions.ts'
import { putCaptions, putTranscript } from '../../storage/records/transcripts.ts'
import { putVerification } from '../../storage/records/verifications.ts'
import type { Storage } from '../../storage/storage.ts'
import { cutSample, sampleFolder } from './sample-media.ts'

export interface PublishedSession {
  council: Council
  slug: string
  session: Session
  transcript: Transcript
  segments: { sha256: string; key: string; version: string; ptsMs: number; durationMs: number }[]
  acta: Uint8Array
  masterSha256: string
}

interface Wishes {
  slug?: string
  /** How much of the sample is recorded. */
  seconds?: number
  published?: boolean
  verified?: boolean
  /** The council has a norm that enables the video-acta; it has unless this is false. */
  enabled?: boolean
  /** A closed part on the media line, ms. */
  closed?: { fromMs: number; toMs: number }
  /** Part of the second half of the recording, after a pause of a minute that nothing was recorded in. */
  pauseAfterMs?: number
  convenedFor?: number
  stage?: SessionStage
  /** It is not over: nobody lifted it. */
  running?: boolean
  /** Whose journal it is, when somebody speaks for it. */
  recorder?: { id: RecorderId; publicKeyBase64: string }
  /** Instead of the sample's MP4. */
  master?: Uint8Array
  /** A signed acta; else a PDF without signatures. */
  acta?: Uint8Array
}

/**
 * Writes a council and its session as the parts of the product would have left them: real segments of the sample, journal, receipts,
 * events, the reference transcript, captions, a PDF, the master. The council is the demo's.
 */
export async function putPublishedSession(storage: Storage, wishes: Wishes = {}): Promise<PublishedSession> {
  const { slug = 'vilarino', seconds = 208, published = true, verified = true } = wishes
  const { enablingNorm, ...plain } = demoCouncil()
  const council = wishes.enabled === false || enablingNorm === undefined ? plain : { ...plain, enablingNorm }
  const agenda = sampleAgenda.parse(JSON.parse(await readFile(join(sampleFolder, 'agenda.json'), 'utf8')))
  const turns = parseTurns(await readFile(join(sampleFolder, 'turns.rttm'), 'utf8'))
  const session = recordedSession(council, agenda, wishes.convenedFor ?? Date.UTC(2026, 9, 27, 18))
  const events = markedEvents(session, sampleMarks(council, session, agenda, turns), wishes)
  const transcript = await referenceTranscript(session, wishes)
  const place = { storage, council, session }
  const segments = await storeSegments(place, seconds, wishes)
  const acta = wishes.acta ?? (await plainPdf('Acta de proba'))
  const documents = [
    await storeDocument(place, 'acta-pdf', acta, 'pdf'),
    await storeDocument(place, 'master', wishes.master ?? new Uint8Array(await readFile(join(sampleFolder, 'session.mp4'))), 'mp4'),
  ]
  const text = await storeBytes(place, 'transcript', encode(JSON.stringify(transcript)), 'json')
  const captions = await Promise.all(
    (['gl', 'es'] as const).map(async (language) => ({
      language,
      at: await storeBytes(place, `captions-${language}`, encode(vtt(transcript, language)), 'vtt'),
    })),
  )
  const recorder = wishes.recorder?.id ?? recorderId.parse(newId())
  await storage.database.inCouncil(council.id, async (tx) => {
    await putCouncil(tx, council, slug)
    await putSession(tx, session)
    await appendEvents(tx, session.id, events)
    await enrolRecorder(tx, {
      id: recorder,
      name: 'Salón',
      publicKeyBase64: wishes.recorder?.publicKeyBase64 ?? Buffer.alloc(32, 1).toString('base64'),
    })
    for (const [line, segment] of segments.entries()) {
      const content = segmentLine.parse({ ...segment.line, recorder })
      await appendJournalLine(tx, { session: session.id, recorder, line, content })
      await putReceipt(tx, { session: session.id, recorder, line, key: segment.key, version: segment.version, sizeBytes: content.bytes })
    }
    for (const document of documents) await putDocument(tx, { session: session.id, ...document })
    await putTranscript(tx, transcript, text)
    for (const { language, at } of captions) await putCaptions(tx, session.id, language, at)
    if (verified)
      await putVerification(
        tx,
        session.id,
        { authentic: true, trust: 'demo', checks: [{ code: 'journal', ok: true, detail: `${segments.length} segments` }] },
        Date.UTC(2026, 10, 3, 12),
      )
    await setStage(tx, session.id, wishes.stage ?? (published ? 'published' : 'kept'))
    if (published) await setPublished(tx, session.id, Date.UTC(2026, 10, 3, 12))
  })
  return {
    council,
    slug,
    session,
    transcript,
    acta,
    masterSha256: documents[1]?.sha256 ?? '',
    segments: segments.map(({ line, key, version }) => ({
      sha256: line.sha256,
      key,
      version,
      ptsMs: line.ptsMs,
      durationMs: line.durationMs,
    })),
  }
}

/** Ten minutes are put between the two parts of a recording that was paused. */
const pauseMs = 60_000

function onMediaLine(ms: number, { pauseAfterMs }: Wishes): number {
  return pauseAfterMs !== undefined && ms >= pauseAfterMs ? ms + pauseMs : ms
}

function markedEvents(session: Session, marks: { atMs: number; event: Record<string, unknown> }[], wishes: Wishes): SessionEvent[] {
  const { closed } = wishes
  const all = [
    ...marks.filter(({ event }) => !wishes.running || event['type'] !== 'session.lifted'),
    ...(closed
      ? [
          { atMs: closed.fromMs, event: { type: 'closed.began', ground: 'honra', recording: 'none' } },
          { atMs: closed.toMs, event: { type: 'closed.ended' } },
        ]
      : []),
  ].sort((a, b) => a.atMs - b.atMs)
  return all.map(({ atMs, event }, index) =>
    sessionEvent.parse({
      v: 1,
      id: newId(),
      session: session.id,
      device: 'tablet-1',
      seq: index + 1,
      by: { role: 'secretary', id: 'account-1' },
      at: { wallMs: session.convenedFor + onMediaLine(atMs, wishes), monotonicNs: String(atMs), boot: 'boot-1' },
      mediaMs: onMediaLine(atMs, wishes),
      ...event,
    }),
  )
}

interface Place {
  storage: Storage
  council: Council
  session: Session
}

async function storeSegments({ storage, council, session }: Place, seconds: number, wishes: Wishes) {
  const recorder = newId()
  let [part, index] = [0, -1]
  const stored = []
  for (const cut of await cutSample(seconds)) {
    const ptsMs = onMediaLine(cut.ptsMs, wishes)
    if (part === 0 && ptsMs !== cut.ptsMs) [part, index] = [1, -1]
    index += 1
    const line = segmentLine.parse({
      v: 1,
      session: session.id,
      recorder,
      part,
      track: 'master',
      index,
      sha256: cut.sha256,
      bytes: cut.bytes.length,
      ptsMs,
      durationMs: cut.durationMs,
      wallMs: session.convenedFor + ptsMs,
      monotonicNs: String(ptsMs),
      boot: 'boot-1',
    })
    const key = segmentKey(council.id, line)
    const { version } = await storage.objects.put(key, cut.bytes, { sha256: cut.sha256, contentType: 'video/mp2t' })
    stored.push({ line, key, version })
  }
  return stored
}

async function storeBytes({ storage, council, session }: Place, name: string, bytes: Uint8Array, extension: string) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = sessionObjectKey(council.id, session.id, name, sha256, extension)
  const { version } = await storage.objects.put(key, bytes, { sha256, contentType: 'application/octet-stream' })
  return { key, version, sha256 }
}

async function storeDocument(place: Place, kind: DocumentKind, bytes: Uint8Array, extension: string) {
  const at = await storeBytes(place, kind, bytes, extension)
  return { kind, revision: 1, ...at, sizeBytes: bytes.length, createdAtMs: Date.UTC(2026, 10, 3, 9) }
}

/** The reference of the sample as if it had been recognised without a fault. */
async function referenceTranscript(session: Session, wishes: Wishes): Promise<Transcript> {
  const rows = (await readFile(join(sampleFolder, 'transcript.stm'), 'utf8'))
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith(';'))
  const utterances = rows.map((row, index) => {
    const [, , speaker, from, to, label = '', ...words] = row.split(/\s+/)
    const [fromMs, toMs] = [Number(from), Number(to)].map((second) => onMediaLine(Math.round(second * 1000), wishes))
    return {
      id: `u${index}`,
      fromMs,
      toMs,
      speaker: { id: speaker, confidence: index === 5 ? 0.6 : 0.98, source: 'microphone' },
      language: label.includes('es') ? 'es' : 'gl',
      languageConfidence: 0.9,
      status: 'ok',
      guards: [],
      words: words.map((text, at) => ({ id: `u${index}w${at}`, text, fromMs, toMs, probability: 0.9, method: 'token' })),
    }
  })
  return transcriptSchema.parse({
    v: 1,
    session: session.id,
    version: 1,
    languages: ['gl', 'es'],
    engine: { name: 'reference', build: '1' },
    model: { name: 'reference', sha256: 'a'.repeat(64) },
    evidence: ['microphone-events'],
    utterances,
  })
}

function vtt(of: Transcript, language: 'gl' | 'es'): string {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 23)
  const cues = of.utterances
    .filter((one) => one.language === language)
    .map((one) => `${clock(one.fromMs)} --> ${clock(one.toMs)}\n${utteranceText(one)}`)
  return `${['WEBVTT', ...cues].join('\n\n')}\n`
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function plainPdf(text: string): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const pdf = new PDFDocument()
    pdf.on('data', (piece: Buffer) => pieces.push(piece))
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces))))
    pdf.text(text)
    pdf.end()
  })
}
