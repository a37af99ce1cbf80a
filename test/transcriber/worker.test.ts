import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { utteranceText } from '../../storage/model/transcript.ts'
import { startProgram } from '../../storage/programs/run-program.ts'
import { withClient } from '../../storage/records/connection.ts'
import { attachToEmbedded } from '../../storage/records/embedded/embedded-postgres.ts'
import { type Progress, readProgress } from '../../storage/records/progress.ts'
import { cancelChunkPlan, readCaptions, readTranscript } from '../../storage/records/transcripts.ts'
import { startTranscriber } from '../../transcriber/main.ts'
import { prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { configOf, record, transcribed } from './recorded-session.ts'
import { whisperModel } from './sample-audio.ts'

const binding = prebuiltBinding()

async function progressOf({ council, session, database }: TestStorage): Promise<Progress | undefined> {
  const told = await database.inCouncil(council.id, (tx) => readProgress(tx, session.id))
  return told.find((one) => one.step === 'transcribe')
}

/** Jobs of pieces that no worker has taken yet. */
async function chunksThatWait({ config }: TestStorage): Promise<number> {
  const { app } = await attachToEmbedded(config.data)
  let waiting = 0
  await withClient(app, async (client) => {
    const { rows } = await client.query(
      `select count(*)::int as waiting from jobs.job where name = 'transcript.chunk' and state = 'created'`,
    )
    waiting = rows[0].waiting
  })
  return waiting
}

describe('the transcriber at work', () => {
  test.skipIf(!binding)(
    `a closed session becomes a transcript and captions, also when a worker is killed in the middle and a person stops it for a while${binding ? '' : ' (skipped: no prebuilt engine for this machine)'}`,
    { timeout: 300_000 },
    async () => {
      await using storage = await openTestStorage()
      await record(storage, { seconds: 22 })
      const { council, session, database, objects, jobs } = storage
      const config = configOf(storage, { ESCANO_TRANSCRIBER_MODEL: whisperModel, ESCANO_TRANSCRIBER_CONCURRENCY: '1' })
      await jobs.send('transcript.plan', { council: council.id, session: session.id })
      const settings = JSON.stringify({ storage: storage.config, transcriber: config })
      const first = await startProgram(process.execPath, [join(import.meta.dirname, 'worker-process.ts'), settings])
      for (let done = 0; done === 0; await pause(100)) {
        done = (await progressOf(storage))?.done ?? 0
      }
      process.kill(first.pid, 'SIGKILL')
      await first.exited
      const results = () => database.inCouncil(council.id, (tx) => tx.selectFrom('chunk_results').select('key').execute())
      const recognised = (await results()).length
      await database.inCouncil(council.id, (tx) => cancelChunkPlan(tx, session.id))
      expect(await chunksThatWait(storage)).toBeGreaterThan(0)
      await using _second = await startTranscriber(storage, config, process.env)
      while ((await chunksThatWait(storage)) > 0) await pause(100)
      // Stopped: the worker takes what waits, recognises none of it and writes nothing.
      expect((await results()).length).toBe(recognised)
      expect(await database.inCouncil(council.id, (tx) => readTranscript(tx, session.id))).toBeUndefined()
      await jobs.send('transcript.plan', { council: council.id, session: session.id })
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
      const progress = await progressOf(storage)
      expect(progress).toMatchObject({ step: 'transcribe', done: progress?.total })
    },
  )

  test('with no model installed the session completes without text, and every stretch of speech says so', {
    timeout: 120_000,
  }, async () => {
    await using storage = await openTestStorage()
    await record(storage, { seconds: 12 })
    const { council, session, jobs } = storage
    await jobs.send('transcript.plan', { council: council.id, session: session.id })
    await using _worker = await startTranscriber(storage, configOf(storage), process.env)
    const transcript = (await transcribed(storage))?.transcript
    expect(transcript).toMatchObject({ model: null, engine: { name: 'none' } })
    expect(transcript?.utterances.length).toBeGreaterThan(2)
    for (const one of transcript?.utterances ?? []) {
      expect(one).toMatchObject({ status: 'non-transcrito', words: [], guards: [{ code: 'no-model', outcome: 'fired' }] })
    }
    const progress = await progressOf(storage)
    expect(progress?.detail).toContain('model-missing')
  })
})
