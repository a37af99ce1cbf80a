/**
 * Workers killed at random moments (`BENCH_KILLS`, 20) against an undisturbed run: the transcript must be the same to the byte, and no
 * chunk recognised again after its checkpoint. One JSON object a line; exit 1 when it is not so. `BENCH_SEED` repeats a run.
 */
import { join } from 'node:path'
import { enginesFolder } from '../../transcriber/config.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { transcribeWithKills } from '../transcriber/killed-workers.ts'
import { whisperModel } from '../transcriber/sample-audio.ts'
import { seededRandom } from '../transcriber/seeded-random.ts'

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
const right = killed.transcriptSha256 === undisturbed.transcriptSha256 && killed.afterCheckpoint === 0 && undisturbed.afterCheckpoint === 0
console.log(JSON.stringify({ bench: 'kills', right }))
process.exitCode = right ? 0 : 1
