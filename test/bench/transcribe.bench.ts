/**
 * The sample session through each engine at hand beside the bare engine (one call over the whole file): wall time, processor time and
 * peak memory of the engine, word error, attribution. `--json`: one object a line. The model is the test model: its errors say nothing
 * of a real one's.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { enginesFolder } from '../../transcriber/config.ts'
import { parseRttm, toRttm } from '../../transcriber/formats/rttm.ts'
import { parseStm, toStm } from '../../transcriber/formats/stm.ts'
import { BindingRecognizer, prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { attributionError } from '../../transcriber/score/speaker-error.ts'
import { speakerWordError, wordError } from '../../transcriber/score/word-error.ts'
import { readAudio } from '../../transcriber/session-audio.ts'
import type { SpeechRecognizer } from '../../transcriber/speech-recognizer.ts'
import { transcribeSession } from '../../transcriber/transcribe-session.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { sampleAudio, sampleEvidence, voiceActivityModel, whisperModel } from '../transcriber/sample-audio.ts'

const json = process.argv.includes('--json')
const threads = Number(process.env.BENCH_THREADS ?? 1)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const audio = await sampleAudio(folder)
const { microphones, seats, words, turns } = await sampleEvidence()
const model = await openModel(whisperModel)

/** Seconds of processor and peak memory of a live process, of Linux's /proc. */
async function costOf(pid: number | undefined): Promise<{ cpuSeconds: number; peakMegabytes: number } | undefined> {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, peakMegabytes: Math.round(Number(peak) / 1024) }
  } catch {
    // Another system, or the process is gone.
    return undefined
  }
}

async function measure(name: string, recognizer: SpeechRecognizer, evidence: boolean): Promise<void> {
  await recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })
  const before = await costOf(recognizer.pid)
  const started = performance.now()
  const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer }
  const known = evidence ? { microphones, seats } : { microphones: [], seats: [] }
  const results = chunkFolder(join(folder, name.replaceAll(/\W/g, '-')))
  const transcript = await transcribeSession({ ...of, evidence: known }, results, { session: 'session-a', version: 1 })
  const wallSeconds = (performance.now() - started) / 1000
  const said = parseStm(toStm(transcript, 'session-a'))
  report(name, {
    ...{ wallSeconds, cpuSeconds: ((await costOf(recognizer.pid))?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? 0) },
    peakMegabytes: (await costOf(recognizer.pid))?.peakMegabytes ?? Number.NaN,
    wer: wordError(words, said, 'normalised').rate,
    cpwer: speakerWordError(words, said, 'normalised').rate,
    attributionError: evidence ? attributionError(turns, parseRttm(toRttm(transcript, 'session-a'))).rate : Number.NaN,
  })
}

/** Whisper alone over the whole session, no text carried over: what the ways above are held against. */
async function bare(recognizer: SpeechRecognizer): Promise<void> {
  await recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })
  const before = await costOf(recognizer.pid)
  const started = performance.now()
  const heard = await recognizer.recognize(await readAudio(audio, 0, 208_000), { language: 'auto' })
  const text = heard.words.map((word) => word.text).join(' ')
  const wallSeconds = (performance.now() - started) / 1000
  const after = await costOf(recognizer.pid)
  const wer = wordError(words, parseStm(`session-a 1 x 0 208 <o> ${text}`), 'normalised').rate
  const cpuSeconds = (after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? 0)
  report('bare engine, whole file', { wallSeconds, cpuSeconds, peakMegabytes: after?.peakMegabytes ?? Number.NaN, wer })
}

function report(name: string, figures: Record<string, number>): void {
  if (json) console.log(JSON.stringify({ bench: 'transcribe', name, ...figures }))
  else console.log(name.padEnd(44), ...Object.entries(figures).map(([what, value]) => `${what} ${value.toFixed(3)}`))
}

const why = await whyNoBuild()
if (why === undefined) {
  const built = await buildEngine({ folder: enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data')) })
  {
    await using server = new WhisperServer({ ...built, model, threads })
    await bare(server)
    await measure('built server, microphones', server, true)
    await measure('built server, no evidence', server, false)
  }
  await using short = new WhisperServer({ ...built, model, threads, shortWindow: true })
  await measure('built server, short window, microphones', short, true)
} else console.error(`no built server: ${why}`)
const binding = prebuiltBinding()
if (binding) {
  await using prebuilt = new BindingRecognizer({ binding, model, threads })
  await measure('prebuilt binding, microphones', prebuilt, true)
} else console.error('no prebuilt binding for this machine')
await rm(folder, { recursive: true, force: true })
