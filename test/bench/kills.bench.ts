/**
 * Workers killed at random moments (`BENCH_KILLS`, 20) against an undisturbed run: the transcript must be the same to the byte, and no
 * chunk recognised again after its checkpoint; and how soon the job of a killed worker is taken by another (study-data.md: 30.3 s with the
 * queue as it comes). One JSON object a line; exit 1 when it is not so. `BENCH_SEED` repeats a run.
 */
import { join } from 'node:path'
import { newId, sessionId } from '../../storage/model/ids.ts'
import { openStorage } from '../../storage/storage.ts'
import { enginesFolder } from '../../transcriber/config.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { takeAndBeKilled } from '../storage/records/killed-worker.ts'
import { transcribeWithKills } from '../transcriber/killed-workers.ts'
import { whisperModel } from '../transcriber/sample-audio.ts'
import { seededRandom } from '../transcriber/seeded-random.ts'

const takenAgainSeconds = await measureTakenAgain(3)
console.log(JSON.stringify({ bench: 'kills', takenAgainSeconds, goal: { takenAgainSeconds: 40 } }))

const why = await whyNoBuild()
if (why !== undefined) throw new Error(`no built server: ${why}`)
const built = await buildEngine({ folder: enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data')) })
const model = await openModel(whisperModel)
const seed = Number(process.env.BENCH_SEED ?? Date.now() % 1_000_000)
const kills = Number(process.env.BENCH_KILLS ?? 20)
await using server = new WhisperServer({ ...built, model, threads: 1, shortWindow: true })
await server.recognize(new Uint8Array(32_000), { language: 'gl' })
const engine = server.address ?? ''
const run = async (count: number, withinMs: number) => {
  const of = { engine, model, kills: count, seconds: 104, parts: 6, withinMs, random: seededRandom(seed) }
  const result = await transcribeWithKills({ ...of, onKill: (n, done) => console.error(`kill ${n}: ${done} checkpoints`) })
  console.log(JSON.stringify({ bench: 'kills', seed, ...result }))
  return result
}
const undisturbed = await run(0, 0)
// So that most are killed in the middle of a chunk, and chunks are left for the last.
const killed = await run(kills, (1200 * undisturbed.seconds) / undisturbed.decodings)
const right =
  killed.transcriptSha256 === undisturbed.transcriptSha256 &&
  killed.afterCheckpoint === 0 &&
  undisturbed.afterCheckpoint === 0 &&
  Math.max(...takenAgainSeconds) <= 40
console.log(JSON.stringify({ bench: 'kills', right }))
process.exitCode = right ? 0 : 1

/** Seconds from a kill of the worker that held a job until another has it, of so many kills. */
async function measureTakenAgain(rounds: number): Promise<number[]> {
  await using storage = await openTestStorage()
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const at = { council: storage.council.id, session: sessionId.parse(newId()) }
    await storage.jobs.send('recording.close', at)
    await takeAndBeKilled(storage.config, 'recording.close')
    const killedAt = performance.now()
    const other = await openStorage(storage.config, { attach: true })
    const taken = Promise.withResolvers<void>()
    await other.jobs.work('recording.close', { concurrency: 1 }, async () => taken.resolve())
    await taken.promise
    seconds.push(Number(((performance.now() - killedAt) / 1000).toFixed(1)))
    await other[Symbol.asyncDispose]()
  }
  return seconds
}
