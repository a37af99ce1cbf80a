import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { canonicalJson } from '../../storage/custody/canonical-json.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { startProgram } from '../../storage/programs/run-program.ts'
import { readChunkPlan, readChunkResults } from '../../storage/records/transcripts.ts'
import { sha256Of } from '../../transcriber/chunk-key.ts'
import { type ChunkPlan, chunkPlan } from '../../transcriber/chunk-result.ts'
import { readChunk } from '../../transcriber/chunk-sound.ts'
import { atLeastSeconds } from '../../transcriber/recognizers/wav.ts'
import { audioOf, readStoredSession } from '../../transcriber/stored-session.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { countingProxy } from './counting-proxy.ts'
import { configOf, record, transcribed } from './recorded-session.ts'

export interface KilledRun {
  kills: number
  chunks: number
  /** Decodings that workers asked for. */
  decodings: number
  /** Of them, those of a chunk whose checkpoint was there when they were asked for. Must be 0. */
  afterCheckpoint: number
  /** SHA-256 of the transcript, whatever the session is called. */
  transcriptSha256: string
  seconds: number
}

/**
 * Transcribes a recorded session with real worker processes, each killed with SIGKILL after a random while, until so many were killed; the
 * next one then finishes. The engine runs beside them (as a GPU machine does), behind a proxy that sees each decoding.
 * @param of.engine address of a whisper.cpp server
 */
export async function transcribeWithKills(of: {
  engine: string
  model: { name: string; sha256: string }
  kills: number
  seconds: number
  parts: number
  random: () => number
  /** A worker is killed at most so long after it has begun to recognise. */
  withinMs: number
  onKill?: (killed: number, checkpoints: number) => void
}): Promise<KilledRun> {
  await using storage = await openTestStorage()
  const { council, session, database, jobs } = storage
  await record(storage, { seconds: of.seconds, parts: of.parts, evidence: false })
  const planOf = async () => chunkPlan.safeParse(await database.inCouncil(council.id, (tx) => readChunkPlan(tx, session.id))).data
  const checkpoints = async () => {
    const keys = (await planOf())?.chunks.map((one) => one.key) ?? []
    return new Set((await database.inCouncil(council.id, (tx) => readChunkResults(tx, session.id, keys))).map((one) => one.key))
  }
  await using proxy = await countingProxy(of.engine, checkpoints)
  const config = configOf(storage, {
    ...{ ESCANO_TRANSCRIBER_ENGINE: 'whisper.cpp', ESCANO_TRANSCRIBER_URL: proxy.url, ESCANO_TRANSCRIBER_MODEL: of.model.name },
    ...{ ESCANO_TRANSCRIBER_URL_MODEL_SHA256: of.model.sha256, ESCANO_TRANSCRIBER_PROMPT: '0' },
  })
  const settings = JSON.stringify({ storage: storage.config, transcriber: config })
  const start = () => startProgram(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'worker-process.ts'), settings])
  const started = performance.now()
  await jobs.send('transcript.plan', { council: council.id, session: session.id })
  let kills = 0
  for (; kills < of.kills; kills++) {
    const [worker, asked] = [await start(), proxy.asked.length]
    // The first at any moment of starting and planning; the others once they recognise, at any moment of that.
    if (kills < 2) await pause(of.random() * 8000)
    else {
      const beganBy = Date.now() + 120_000
      const isDone = async () => (await planOf())?.chunks.length === (await checkpoints()).size
      while (proxy.asked.length === asked && Date.now() < beganBy && !(await isDone())) await pause(50)
      await pause(of.random() * of.withinMs)
    }
    process.kill(worker.pid, 'SIGKILL')
    await worker.exited
    of.onKill?.(kills + 1, (await checkpoints()).size)
  }
  const last = await start()
  try {
    const stored = await transcribed(storage)
    if (!stored) throw new Error('the session has no transcript')
    const plan = await planOf()
    const keys = plan ? await keysBySound(storage, config.work, plan) : new Map<string, string[]>()
    return {
      kills,
      chunks: plan?.chunks.length ?? 0,
      decodings: proxy.asked.length,
      afterCheckpoint: proxy.asked.filter((one) => keys.get(one.pcmSha256)?.every((key) => one.before.has(key)) ?? true).length,
      transcriptSha256: sha256Of(canonicalJson({ ...stored.transcript, session: 'any' })),
      seconds: Math.round((performance.now() - started) / 1000),
    }
  } finally {
    await last.stop([{ signal: 'SIGKILL', waitMs: 5000 }])
  }
}

/** Which chunks a sound is: two parts of the same recording sound alike. */
async function keysBySound(storage: TestStorage, work: string, plan: ChunkPlan): Promise<Map<string, string[]>> {
  const of = { council: storage.council.id, session: storage.session.id }
  const stored = await readStoredSession(storage, of)
  const ffmpeg = await findFfmpeg(process.env)
  const audio = await audioOf(storage, stored, { ffmpeg, work: join(work, 'again'), signal: new AbortController().signal })
  const keys = new Map<string, string[]>()
  for (const chunk of plan.chunks) {
    const sound = sha256Of(atLeastSeconds(await readChunk(audio, chunk), 1.2))
    keys.set(sound, [...(keys.get(sound) ?? []), chunk.key])
  }
  return keys
}
