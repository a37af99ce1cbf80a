/**
 * Memory over a long session (`BENCH_HOURS`, 5): the sample looped, through the whole way in this process, beside the engine's own peak. The
 * goal is at most 300 MB beside the engine (design.md §4). One JSON object; exit 1 above it. Five hours take about as long as 90 runs of
 * the sample: half an hour on two quiet cores with the test model.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { enginesFolder } from '../../transcriber/config.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { spoolAudio } from '../../transcriber/session-audio.ts'
import { transcribeSession } from '../../transcriber/transcribe-session.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { sampleVideo, voiceActivityModel, whisperModel } from '../transcriber/sample-audio.ts'

const why = await whyNoBuild()
if (why !== undefined) throw new Error(`no built server: ${why}`)
const hours = Number(process.env.BENCH_HOURS ?? 5)
const goalMegabytes = 300
const built = await buildEngine({ folder: enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data')) })
const model = await openModel(whisperModel)
const ffmpeg = await findFfmpeg(process.env)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const path = join(folder, 'long.mka')
const loop = ['-stream_loop', '-1', '-i', sampleVideo, '-t', String(hours * 3600), '-map', '0:a', '-c', 'copy', path]
await runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', ...loop], { timeoutMs: 600_000 })

/** What this process held besides the engine, at most, MB; looked at each second. */
let peakMegabytes = 0
const watching = setInterval(() => {
  peakMegabytes = Math.max(peakMegabytes, Math.round(process.memoryUsage().rss / 1024 / 1024))
}, 1000)
const before = Math.round(process.memoryUsage().rss / 1024 / 1024)
const started = performance.now()
{
  await using recognizer = new WhisperServer({ ...built, model, threads: 2, shortWindow: true })
  const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path } }], { folder: join(folder, 'pcm'), source: 'long' })
  const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer, evidence: { microphones: [], seats: [] } }
  const transcript = await transcribeSession(of, chunkFolder(join(folder, 'chunks')), { session: 'long', version: 1 }, (done, total) => {
    if (done % 50 === 0) console.error(`${done} of ${total} chunks, ${peakMegabytes} MB`)
  })
  const status = await readFile(`/proc/${recognizer.pid}/status`, 'utf8').catch(() => '')
  const engineMegabytes = Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  const minutes = Math.round((performance.now() - started) / 6000) / 10
  const words = transcript.utterances.reduce((sum, one) => sum + one.words.length, 0)
  const right = peakMegabytes <= goalMegabytes
  console.log(
    JSON.stringify({ bench: 'long', hours, minutes, words, startMegabytes: before, peakMegabytes, engineMegabytes, goalMegabytes, right }),
  )
  process.exitCode = right ? 0 : 1
}
clearInterval(watching)
await rm(folder, { recursive: true, force: true })
