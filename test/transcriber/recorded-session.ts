import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newId, recorderId } from '../../storage/model/ids.ts'
import { segmentLine } from '../../storage/model/recording.ts'
import { segmentKey, sessionObjectKey } from '../../storage/objects/object-keys.ts'
import { putEvidence } from '../../storage/records/evidence.ts'
import { appendJournalLine, putReceipt } from '../../storage/records/journal.ts'
import { enrolRecorder } from '../../storage/records/recorders.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import { readTranscript } from '../../storage/records/transcripts.ts'
import { type TranscriberConfig, transcriberConfig } from '../../transcriber/config.ts'
import { cutSample } from '../servers/sample-media.ts'
import type { TestStorage } from '../servers/test-storage.ts'
import { sampleFolder, voiceActivityModel } from './sample-audio.ts'

/** Settings of a worker on this storage: one thread, nothing built. */
export function configOf(storage: TestStorage, changes: Record<string, string> = {}): TranscriberConfig {
  const env = { ESCANO_DATA: storage.config.data, ESCANO_TRANSCRIBER_VAD_MODEL: voiceActivityModel, ESCANO_TRANSCRIBER_BUILD: '0' }
  const one = { ESCANO_TRANSCRIBER_THREADS: '1', ESCANO_TRANSCRIBER_SHORT_WINDOW: '1' }
  const home = process.env.HOME ? { HOME: process.env.HOME } : {}
  return transcriberConfig({ ...env, ...one, ...home, ...changes })
}

/**
 * The first seconds of the sample as a recorder leaves them: segments in the store, journal, receipts, evidence, stage `closed`.
 * @param of.parts the same again so often, each a part of its own
 */
export async function record(storage: TestStorage, of: { seconds: number; parts?: number; evidence?: boolean }): Promise<void> {
  const { council, session, database, objects } = storage
  const recorder = recorderId.parse(newId())
  const place = { session: session.id, recorder }
  await database.inCouncil(council.id, (tx) => enrolRecorder(tx, { id: recorder, name: 'sala', publicKeyBase64: 'AAAA' }))
  const cut = await cutSample(of.seconds)
  const segments = Array.from({ length: of.parts ?? 1 }, (_, part) =>
    cut.map((one) => ({ ...one, part, ptsMs: one.ptsMs + part * (of.seconds + 10) * 1000 })),
  ).flat()
  for (const [index, { bytes, sha256, ptsMs, durationMs, part }] of segments.entries()) {
    const clock = { wallMs: 1_790_000_000_000 + ptsMs, monotonicNs: String(ptsMs * 1e6), boot: 'b' }
    const content = segmentLine.parse({
      v: 1,
      ...place,
      part,
      track: 'master',
      index,
      sha256,
      bytes: bytes.length,
      ptsMs,
      durationMs,
      ...clock,
    })
    const key = segmentKey(council.id, content)
    const { version, sizeBytes } = await objects.put(key, bytes, { sha256, contentType: 'video/mp2t' })
    await database.inCouncil(council.id, async (tx) => {
      await appendJournalLine(tx, { ...place, line: index, content })
      await putReceipt(tx, { ...place, line: index, key, version, sizeBytes })
    })
  }
  const files = of.evidence === false ? [] : evidenceFiles
  for (const [kind, file] of files) {
    const bytes = await readFile(join(sampleFolder, file))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const key = sessionObjectKey(council.id, session.id, kind, sha256, 'json')
    const { version } = await objects.put(key, bytes, { sha256, contentType: 'application/json' })
    await database.inCouncil(council.id, (tx) => putEvidence(tx, { session: session.id, kind, key, version, sha256 }))
  }
  await database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'closed'))
}

const evidenceFiles = [
  ['microphone-events', 'microphone-events.jsonl'],
  ['seats', 'seats.json'],
] as const

/** Waits until the session has its transcript. */
export async function transcribed(storage: TestStorage) {
  const { council, session, database } = storage
  for (let i = 0; i < 2400; i++) {
    const stage = await database.inCouncil(council.id, (tx) => readStage(tx, session.id))
    if (stage === 'transcribed') return database.inCouncil(council.id, (tx) => readTranscript(tx, session.id))
    await pause(250)
  }
  throw new Error(`not transcribed after ten minutes; reported: ${storage.reports.map((one) => `${one.message} ${one.cause}`).join('; ')}`)
}
