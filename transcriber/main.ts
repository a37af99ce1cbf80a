import { rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import type { JobPayload } from '../storage/records/job-kinds.ts'
import { beginningOf, reportProgress } from '../storage/records/progress.ts'
import { countChunkResults, putChunkPlan, readChunkPlan } from '../storage/records/transcripts.ts'
import type { Storage } from '../storage/storage.ts'
import { type ChunkPlan, chunkPlan } from './chunk-result.ts'
import type { TranscriberConfig } from './config.ts'
import { keepTranscript } from './keep-transcript.ts'
import { findModel } from './models/model-folder.ts'
import { chunksAtOnce } from './recognizers/engine-share.ts'
import type { SessionAudio } from './session-audio.ts'
import { SessionDrafts } from './session-drafts.ts'
import { installedDiarization } from './speakers/installed-diarization.ts'
import { storedResults } from './stored-results.ts'
import { audioOf, breaksOf, promptsOf, readStoredSession, type StoredSession, sessionFolder } from './stored-session.ts'
import { joinTranscript, planTranscript, resultsOf, transcribeChunk } from './transcribe-session.ts'
import { WorkerEngines } from './worker-engines.ts'

type OfSession = JobPayload<'transcript.plan'>

/** Name of the step in the session's progress. */
export const transcribeStep = 'transcribe'

/**
 * Takes the transcriber's jobs until disposed: a session is planned, each chunk recognised (by any worker), and joined. A worker may
 * die at any moment; what has a checkpoint is not done again.
 * @param env `FFMPEG_PATH` and `PATH` are read
 * @param report is told of what went wrong and does not stop the work
 * @throws FfmpegMissingError, ModelMissingError (voice activity)
 */
export async function startTranscriber(
  storage: Storage,
  config: TranscriberConfig,
  env: Record<string, string | undefined>,
  report: (error: Error) => void = () => undefined,
): Promise<AsyncDisposable> {
  const ffmpeg = await findFfmpeg(env)
  const voiceActivityModel = (await findModel(config.voiceActivityModel, { folder: config.models })).path
  const engines = new WorkerEngines(config, report)
  engines.buildWhenIdle()
  const decode = (stored: StoredSession, signal: AbortSignal) => audioOf(storage, stored, { ffmpeg, work: config.work, signal })
  const decoded = new Map<string, Promise<SessionAudio>>()

  /** Sound of a planned session; decoded once in this process, by whichever chunk comes first. */
  function audioOfPlan(made: ChunkPlan, of: OfSession, signal: AbortSignal): Promise<SessionAudio> {
    const name = `${of.session} ${JSON.stringify(made.runs)}`
    const known = decoded.get(name) ?? readStoredSession(storage, of).then((stored) => decode(stored, signal))
    decoded.set(name, known)
    known.catch(() => decoded.delete(name))
    return known
  }

  async function plan(of: OfSession, signal: AbortSignal): Promise<void> {
    const stored = await readStoredSession(storage, of)
    const chosen = await engines.choose()
    const recognizer = 'recognize' in chosen ? chosen : null
    const made = await planTranscript({
      audio: await decode(stored, signal),
      languages: stored.council.languages,
      evidence: stored.evidence,
      breaksMs: breaksOf(stored.state),
      voiceActivityModel,
      recognizer,
      diarization: await installedDiarization(config.models),
      ...(recognizer && (await engines.takesPrompt()) ? { promptAt: promptsOf(stored) } : {}),
      signal,
    })
    const { database, jobs } = storage
    // What was held long ago can wait for what was held tonight.
    const priority = stored.session.imported ? -10 : 0
    await database.inCouncil(of.council, async (tx) => {
      await putChunkPlan(tx, of.session, made)
      const keys = made.chunks.map((one) => one.key)
      const begun = { done: await countChunkResults(tx, of.session, keys), total: keys.length }
      await reportProgress(tx, of.session, { step: beginningOf(transcribeStep), ...begun })
      const detail = 'recognize' in chosen ? chosen.engine.build : `${chosen.state}: ${chosen.reason}`
      await reportProgress(tx, of.session, { step: transcribeStep, ...begun, detail })
      if (recognizer === null || made.chunks.length === 0) await jobs.send('transcript.join', of, { tx })
      else for (const { index, key } of made.chunks) await jobs.send('transcript.chunk', { ...of, chunk: index, key }, { tx, priority })
    })
  }

  async function recognizeOne(of: JobPayload<'transcript.chunk'>, signal: AbortSignal): Promise<void> {
    const { chunk: index, key, ...session } = of
    const made = await readPlan(storage, session)
    const chunk = made?.chunks[index]
    // A job of a plan that another has replaced, or that a person stopped.
    if (!made || made.cancelled || !chunk || chunk.key !== key) return
    const recognizer = await engines.forPlan(made)
    if (!recognizer) return storage.jobs.send('transcript.plan', session)
    const results = storedResults(storage, session)
    await transcribeChunk(await audioOfPlan(made, session, signal), made, chunk, { recognizer, results, signal })
    await storage.database.inCouncil(of.council, async (tx) => {
      const total = made.chunks.length
      const done = await countChunkResults(
        tx,
        of.session,
        made.chunks.map((one) => one.key),
      )
      await reportProgress(tx, of.session, { step: transcribeStep, done, total, detail: recognizer.engine.build })
      if (done === total) await storage.jobs.send('transcript.join', session, { tx })
    })
  }

  async function join(of: OfSession): Promise<void> {
    const made = await readPlan(storage, of)
    if (!made || made.cancelled) return
    const results = await resultsOf(made, storedResults(storage, of))
    // Planned anew meanwhile: the last chunk of the new plan asks again.
    if (made.model !== null && results.size < made.chunks.length) return
    const stored = await readStoredSession(storage, of)
    const recordedMs = made.runs.reduce((sum, run) => sum + run.toMs - run.fromMs, 0)
    const make = (version: number) => joinTranscript(made, results, stored.evidence, { session: of.session, version })
    await keepTranscript(storage, stored, make, { speech: made.speech, recordedMs })
    for (const name of decoded.keys()) if (name.startsWith(of.session)) decoded.delete(name)
    await rm(sessionFolder(config.work, stored), { recursive: true, force: true })
  }

  const drafts = new SessionDrafts({
    ...{ storage, config, ffmpeg, voiceActivityModel, resultsOf: (of: OfSession) => storedResults(storage, of) },
    drafter: async () => {
      const chosen = await engines.choose()
      return 'recognize' in chosen ? { by: chosen, takesPrompt: await engines.takesPrompt() } : undefined
    },
  })

  /** So that the build of an engine keeps out of the way. */
  function noted<T>(work: (of: T, signal: AbortSignal) => Promise<void>): typeof work {
    return async (of, signal) => {
      engines.touch()
      await work(of, signal).finally(() => engines.touch())
    }
  }

  await storage.jobs.work('transcript.plan', { concurrency: 1 }, noted(plan))
  await storage.jobs.work('transcript.chunk', { concurrency: chunksHere(config) }, noted(recognizeOne))
  await storage.jobs.work('transcript.join', { concurrency: 1 }, join)
  await storage.jobs.work(
    'transcript.draft',
    { concurrency: 1 },
    noted((of, signal) => drafts.hear(of, signal)),
  )
  const held = new AsyncDisposableStack()
  held.use(engines)
  held.use(drafts)
  return held
}

/** How many chunks this worker takes at once. */
function chunksHere({ engine, concurrency }: TranscriberConfig): number {
  const machine = { cores: availableParallelism(), memoryBytes: totalmem() }
  const remote = engine.kind === 'whisper.cpp' || engine.kind === 'openai'
  return chunksAtOnce(machine, { remote, ...(concurrency === undefined ? {} : { concurrency }) })
}

async function readPlan(storage: Storage, of: OfSession): Promise<ChunkPlan | undefined> {
  const stored = await storage.database.inCouncil(of.council, (tx) => readChunkPlan(tx, of.session))
  const known = chunkPlan.safeParse(stored)
  if (known.success) return known.data
  // Of an earlier version, which cut otherwise: it is planned anew, and what was recognised in its chunks is not taken over.
  if (stored !== undefined) await storage.jobs.send('transcript.plan', of)
  return undefined
}
