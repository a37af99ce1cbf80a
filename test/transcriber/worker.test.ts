import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { newId, recorderId } from '../../storage/model/ids.ts'
import { segmentLine } from '../../storage/model/recording.ts'
import { utteranceText } from '../../storage/model/transcript.ts'
import { segmentKey, sessionObjectKey } from '../../storage/objects/object-keys.ts'
import { startProgram } from '../../storage/programs/run-program.ts'
import { putEvidence } from '../../storage/records/evidence.ts'
import { appendJournalLine, putReceipt } from '../../storage/records/journal.ts'
import { readProgress } from '../../storage/records/progress.ts'
import { enrolRecorder } from '../../storage/records/recorders.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import { readCaptions, readTranscript } from '../../storage/records/transcripts.ts'
import { type TranscriberConfig, transcriberConfig } from '../../transcriber/config.ts'
import { startTranscriber } from '../../transcriber/main.ts'
import { prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { cutSample } from '../servers/sample-media.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { sampleFolder, voiceActivityModel, whisperModel } from './sample-audio.ts'

function configOf(storage: TestStorage, model?: string): TranscriberConfig {
  const env = { ESCANO_DATA: storage.config.data, ESCANO_TRANSCRIBER_VAD_MODEL: voiceActivityModel, ESCANO_TRANSCRIBER_BUILD: '0' }
  const one = { ESCANO_TRANSCRIBER_THREADS: '1', ESCANO_TRANSCRIBER_SHORT_WINDOW: '1' }
  const home = process.env.HOME ? { HOME: process.env.HOME } : {}
  return transcriberConfig({ ...env, ...one, ...home, ...(model ? { ESCANO_TRANSCRIBER_MODEL: model } : {}) })
}

/** The first seconds of the sample as a recorder leaves them: segments in the store, journal, receipts, evidence, stage `closed`. */
async function record(storage: TestStorage, seconds: number): Promise<void> {
  const { council, session, database, objects } = storage
  const recorder = recorderId.parse(newId())
  const place = { session: session.id, recorder }
  await database.inCouncil(council.id, (tx) => enrolRecorder(tx, { id: recorder, name: 'sala', publicKeyBase64: 'AAAA' }))
  for (const [index, { bytes, sha256, ptsMs, durationMs }] of (await cutSample(seconds)).entries()) {
    const clock = { wallMs: 1_790_000_000_000 + ptsMs, monotonicNs: String(ptsMs * 1e6), boot: 'b' }
    const content = segmentLine.parse({
      v: 1,
      ...place,
      part: 0,
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
  for (const [kind, file] of [
    ['microphone-events', 'microphone-events.jsonl'],
    ['seats', 'seats.json'],
  ] as const) {
    const bytes = await readFile(join(sampleFolder, file))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const key = sessionObjectKey(council.id, session.id, kind, sha256, 'json')
    const { version } = await objects.put(key, bytes, { sha256, contentType: 'application/json' })
    await database.inCouncil(council.id, (tx) => putEvidence(tx, { session: session.id, kind, key, version, sha256 }))
  }
  await database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'closed'))
}

async function transcribed(storage: TestStorage) {
  const { council, session, database } = storage
  for (let i = 0; i < 800; i++) {
    const stage = await database.inCouncil(council.id, (tx) => readStage(tx, session.id))
    if (stage === 'transcribed') return database.inCouncil(council.id, (tx) => readTranscript(tx, session.id))
    await pause(250)
  }
  throw new Error(`not transcribed after 200 s; reported: ${storage.reports.map((one) => `${one.message} ${one.cause}`).join('; ')}`)
}

const binding = prebuiltBinding()

describe('the transcriber at work', () => {
  test.skipIf(!binding)(
    `a closed session becomes a transcript and captions, also when a worker is killed in the middle${binding ? '' : ' (skipped: no prebuilt engine for this machine)'}`,
    { timeout: 300_000 },
    async () => {
      await using storage = await openTestStorage()
      await record(storage, 22)
      const { council, session, database, objects, jobs } = storage
      const config = configOf(storage, whisperModel)
      await jobs.send('transcript.plan', { council: council.id, session: session.id })
      const settings = JSON.stringify({ storage: storage.config, transcriber: config })
      const first = await startProgram(process.execPath, [join(import.meta.dirname, 'worker-process.ts'), settings])
      for (let done = 0; done === 0; await pause(100)) {
        done = (await database.inCouncil(council.id, (tx) => readProgress(tx, session.id)))[0]?.done ?? 0
      }
      process.kill(first.pid, 'SIGKILL')
      await first.exited
      await using _second = await startTranscriber(storage, config, process.env)
      const stored = await transcribed(storage)
      const transcript = stored?.transcript
      expect(transcript).toMatchObject({ version: 1, session: session.id })
      // Of the whole session's switches, few lie within the 22 s that were recorded.
      expect(transcript?.evidence.slice(0, 2)).toEqual(['microphone-events', 'microphone-clock-unchecked: too few switches'])
      expect(transcript?.utterances.map((one) => one.speaker.id)).toEqual(expect.arrayContaining(['alcaldesa', 'secretaria', 'castro']))
      const text = transcript?.utterances.map(utteranceText).join(' ') ?? ''
      expect(text.toLowerCase()).toContain('sesión')
      const bytes = await objects.read(stored?.key ?? '', stored?.version)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(stored?.sha256)
      expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(transcript)

      const captions = await database.inCouncil(council.id, (tx) => readCaptions(tx, session.id))
      expect(captions.map((one) => one.language)).toEqual(['es', 'gl'])
      const vtt = new TextDecoder().decode(await objects.read(captions[1]?.key ?? '', captions[1]?.version))
      expect(vtt).toMatch(/^WEBVTT\nLanguage: gl\n/)
      const [progress] = await database.inCouncil(council.id, (tx) => readProgress(tx, session.id))
      expect(progress).toMatchObject({ step: 'transcribe', done: progress?.total })
    },
  )

  test('with no model installed the session completes without text, and every stretch of speech says so', {
    timeout: 120_000,
  }, async () => {
    await using storage = await openTestStorage()
    await record(storage, 12)
    const { council, session, database, jobs } = storage
    await jobs.send('transcript.plan', { council: council.id, session: session.id })
    await using _worker = await startTranscriber(storage, configOf(storage), process.env)
    const transcript = (await transcribed(storage))?.transcript
    expect(transcript).toMatchObject({ model: null, engine: { name: 'none' } })
    expect(transcript?.utterances.length).toBeGreaterThan(2)
    for (const one of transcript?.utterances ?? []) {
      expect(one).toMatchObject({ status: 'non-transcrito', words: [], guards: [{ code: 'no-model', outcome: 'fired' }] })
    }
    const [progress] = await database.inCouncil(council.id, (tx) => readProgress(tx, session.id))
    expect(progress?.detail).toContain('model-missing')
  })
})
