/**
 * Memory over a long session (`BENCH_HOURS`, 5): the sample looped, through the whole way, with the engines as the product takes them. Held
 * against 300 MB (design.md §4) is all that is not an engine: this process, the decoder and the detector of voice activity, looked at each
 * second. One JSON object, appended to results/long.jsonl with `--keep`; exit 1 above the goal, or when a chunk was left out. A line a minute on
 * stderr tells how far it is. Five hours are 87 runs of the sample: about 12 minutes on two quiet cores with the test model, many times that on
 * busy ones.
 */
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { enginesFolder, transcriberConfig } from '../../transcriber/config.ts'
import { chooseRecognizer } from '../../transcriber/recognizers/choose-recognizer.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { spoolAudio } from '../../transcriber/session-audio.ts'
import { transcribeSession } from '../../transcriber/transcribe-session.ts'
import { sampleVideo, voiceActivityModel } from '../transcriber/sample-audio.ts'
import { costOfEngines, descendants, heldMegabytes, isEngine } from './process-cost.ts'

const why = await whyNoBuild()
if (why !== undefined) throw new Error(`no built server: ${why}`)
const hours = Number(process.env.BENCH_HOURS ?? 5)
if (!(hours > 0 && hours <= 24)) throw new Error(`BENCH_HOURS is a number of hours up to 24, not ${process.env.BENCH_HOURS}`)
const goalMegabytes = 300
const engines = enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data'))
await buildEngine({ folder: engines })
const ffmpeg = await findFfmpeg(process.env)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const started = performance.now()
const minutes = () => Math.round((performance.now() - started) / 6000) / 10

/** At most so much was held by all that is not an engine, in each phase. */
const peaks = { decode: 0, plan: 0, recognise: 0 }
let phase: keyof typeof peaks = 'decode'
let progress = ''
async function look(): Promise<void> {
  const others = (await descendants()).filter((one) => !isEngine(one))
  const held = await Promise.all([heldMegabytes('self'), ...others.map((one) => heldMegabytes(one.pid))])
  peaks[phase] = Math.max(
    peaks[phase],
    held.reduce((sum, one) => sum + one, 0),
  )
}
const looking = setInterval(() => void look(), 1000)
const telling = setInterval(() => console.error(`${minutes()} min: ${phase} ${progress} ${JSON.stringify(peaks)}`), 60_000)

try {
  const path = join(folder, 'long.mka')
  const loop = ['-stream_loop', '-1', '-i', sampleVideo, '-t', String(hours * 3600), '-map', '0:a', '-c', 'copy', path]
  await runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', ...loop], { timeoutMs: 600_000 })
  const config = transcriberConfig({ ESCANO_TRANSCRIBER_MODEL: 'escano-fixture-whisper', ESCANO_TRANSCRIBER_ENGINE: 'built' })
  await using recognizer = await chooseRecognizer({ ...config, engines })
  const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path } }], { folder: join(folder, 'pcm'), source: 'long' })
  const heardHours = Math.round((audio.runs.at(-1)?.toMs ?? 0) / 36_000) / 100
  phase = 'plan'
  const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer, evidence: { microphones: [], seats: [] } }
  const transcript = await transcribeSession(of, chunkFolder(join(folder, 'chunks')), { session: 'long', version: 1 }, (done, total) => {
    phase = 'recognise'
    progress = `${done} of ${total} chunks`
  })
  await look()
  const { peakMegabytes: engineMegabytes } = await costOfEngines()
  const words = transcript.utterances.reduce((sum, one) => sum + one.words.length, 0)
  const leftOut = transcript.utterances.filter((one) => one.status !== 'ok').length
  const peakMegabytes = Math.max(...Object.values(peaks))
  const right = peakMegabytes <= goalMegabytes && leftOut === 0 && Math.abs(heardHours - hours) < 0.02
  const row = JSON.stringify({
    ...{ bench: 'long', at: new Date().toISOString(), hours: heardHours, minutes: minutes(), chunks: progress, words, leftOut },
    ...{ peakMegabytes, peaks, engines: recognizer.lanes, engineMegabytes, goalMegabytes, right, load: loadavg()[0] },
  })
  console.log(row)
  if (process.argv.includes('--keep')) await appendFile(join(import.meta.dirname, 'results', 'long.jsonl'), `${row}\n`)
  process.exitCode = right ? 0 : 1
} finally {
  clearInterval(looking)
  clearInterval(telling)
  await rm(folder, { recursive: true, force: true })
}
