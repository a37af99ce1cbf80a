import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { lastDrafted } from '../../storage/model/draft-transcript.ts'
import { utteranceText } from '../../storage/model/transcript.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { startProgram } from '../../storage/programs/run-program.ts'
import { readDraftTurns } from '../../storage/records/draft-transcripts.ts'
import { setStage } from '../../storage/records/sessions.ts'
import { readChunkResults, readTranscript } from '../../storage/records/transcripts.ts'
import { sha256Of } from '../../transcriber/chunk-key.ts'
import { readChunk } from '../../transcriber/chunk-sound.ts'
import { startTranscriber } from '../../transcriber/main.ts'
import { prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { SessionDrafts } from '../../transcriber/session-drafts.ts'
import type { SpeechRecognizer } from '../../transcriber/speech-recognizer.ts'
import { storedResults } from '../../transcriber/stored-results.ts'
import { audioOf, breaksOf, promptsOf, readStoredSession } from '../../transcriber/stored-session.ts'
import { planTranscript } from '../../transcriber/transcribe-session.ts'
import { WorkerEngines } from '../../transcriber/worker-engines.ts'
import { putPublishedSession } from '../servers/published-session.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { configOf } from './recorded-session.ts'
import { voiceActivityModel, whisperModel } from './sample-audio.ts'

const binding = prebuiltBinding()
const why = binding ? '' : ' (skipped: no prebuilt engine for this machine)'

/** The recognizer, and the sound of every chunk it was asked for. */
function counted(of: SpeechRecognizer): { by: SpeechRecognizer; asked: string[] } {
  const asked: string[] = []
  const by = new Proxy(of, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (name === 'recognize') asked.push(sha256Of(args[0] as Uint8Array))
        return Reflect.apply(value, target, args)
      }
    },
  })
  return { by, asked }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const give = Date.now() + 120_000; !(await isSo()); await pause(100)) if (Date.now() > give) throw new Error('it did not come')
}

describe.skipIf(!binding)(`the draft of a session that runs${why}`, () => {
  test('has what was said outside closed parts, goes on where a killed worker was, and the final pass recognises none of it again', {
    timeout: 300_000,
  }, async () => {
    await using storage = await openTestStorage()
    // Paused for a minute after 67 s. Closed at 160 s, so withheld from 140 s on, though a draft may be made of what is older than 30 s, which
    // is all before 166 s.
    const { council, session } = await putPublishedSession(storage, {
      ...{ slug: 'en-curso', seconds: 136, stage: 'recording', running: true, published: false, verified: false },
      ...{ closed: { fromMs: 100_000, toMs: 101_000 }, pauseAfterMs: 67_000 },
    })
    const of = { council: council.id, session: session.id }
    const config = configOf(storage, { ESCANO_TRANSCRIBER_MODEL: whisperModel })
    const drafted = () => storage.database.inCouncil(council.id, (tx) => readDraftTurns(tx, session.id, 100))

    await storage.jobs.send('transcript.draft', of)
    const settings = JSON.stringify({ storage: storage.config, transcriber: config })
    const worker = await startProgram(process.execPath, [join(import.meta.dirname, 'worker-process.ts'), settings])
    // The sound is fed at once and heard a moment later: a segment that comes asks again.
    await until(async () => {
      await storage.jobs.send('transcript.draft', of)
      return (await drafted()).length > 0
    })
    process.kill(worker.pid, 'SIGKILL')
    await worker.exited
    const hasCheckpoint = async (keys: string[]) =>
      await storage.database.inCouncil(council.id, (tx) => readChunkResults(tx, session.id, keys))

    await using engines = new WorkerEngines(config, () => undefined)
    const chosen = await engines.choose()
    if (!('recognize' in chosen)) throw new Error(chosen.reason)
    const { by, asked } = counted(chosen)
    const takesPrompt = await engines.takesPrompt()
    const [ffmpeg, signal] = [await findFfmpeg(process.env), new AbortController().signal]
    const stored = await readStoredSession(storage, of)
    const audio = await audioOf(storage, stored, { ffmpeg, work: join(config.work, 'again'), signal })
    // What the final pass would plan for all that was recorded: the same recognizer, the same evidence.
    const final = await planTranscript({
      ...{ audio, languages: council.languages, evidence: stored.evidence, breaksMs: breaksOf(stored.state) },
      ...(takesPrompt ? { promptAt: promptsOf(stored) } : {}),
      ...{ voiceActivityModel, recognizer: by },
    })
    const sounds = new Map<string, string>()
    for (const chunk of final.chunks) sounds.set(sha256Of(await readChunk(audio, chunk)), chunk.key)
    const open = final.chunks.filter((chunk) => chunk.toMs < 140_000).map((chunk) => chunk.key)
    const done = new Set((await hasCheckpoint(final.chunks.map((chunk) => chunk.key))).map((one) => one.key))
    const withheld = final.chunks.filter((chunk) => chunk.toMs >= 140_000 && chunk.toMs < 166_000)
    expect(withheld.length).toBeGreaterThan(0)
    expect(done.size).toBeGreaterThan(0)
    expect(done.size).toBeLessThan(open.length)

    await using drafts = new SessionDrafts({
      ...{ storage, config, ffmpeg, voiceActivityModel, resultsOf: () => storedResults(storage, of) },
      drafter: async () => ({ by, takesPrompt }),
    })
    await until(async () => {
      await drafts.hear(of, signal)
      return (await drafted()).length >= open.length
    })
    await drafts.hear(of, signal)
    const turns = await drafted()
    expect(turns.map((turn) => turn.key).sort()).toEqual(open.sort())
    expect(Math.max(...turns.map((turn) => turn.toMs))).toBeLessThan(140_000)
    const again = asked.map((sound) => sounds.get(sound))
    expect(again.filter((key) => key === undefined || done.has(key) || !open.includes(key))).toEqual([])
    // Nothing of the closed part, not even as a checkpoint.
    const all = await hasCheckpoint(final.chunks.map((chunk) => chunk.key))
    expect(all.map((one) => one.key).sort()).toEqual(open)
    expect(turns.every((turn) => turn.draft)).toBe(true)
    expect(
      turns
        .flatMap((turn) => turn.utterances.map(utteranceText))
        .join(' ')
        .toLowerCase(),
    ).toContain('sesión')

    // A tap that comes late takes back what was drafted before it.
    expect(lastDrafted(turns, [], 99).length).toBeGreaterThan(lastDrafted(turns, [{ fromMs: 20_000, toMs: 40_000 }], 99).length)

    // The recording is over: the final pass writes a version of its own, and the draft is gone.
    await storage.database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'closed'))
    await drafts.hear(of, signal)
    await storage.jobs.send('transcript.plan', of)
    await using _worker = await startTranscriber(storage, configOf(storage), process.env)
    await until(async () => (await drafted()).length === 0)
    const transcript = await storage.database.inCouncil(council.id, (tx) => readTranscript(tx, session.id))
    expect(transcript?.transcript.version).toBe(2)
  })
})
