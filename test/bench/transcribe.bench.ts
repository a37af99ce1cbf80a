/**
 * The sample session through our way beside the bare engine (one call over the whole file, with as many threads as there are cores and with
 * one: the faster counts) with the same model: wall time, processor time and peak memory of the engines, word error, attribution, language.
 * First the product as it comes, then ways of a model that has to be given full windows, with our engine and with upstream's (encode-once.ts):
 * `heard` is the same where every word, its times, probability, language and speaker are. `--json`: one object a line; `--product`: no other
 * ways; `--keep` appends to results/transcribe.jsonl. The model is the test model: its errors say nothing of a real one's.
 */
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transcript } from '../../storage/model/transcript.ts'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { sha256Of } from '../../transcriber/chunk-key.ts'
import { enginesFolder, transcriberConfig } from '../../transcriber/config.ts'
import { parseRttm, toRttm } from '../../transcriber/formats/rttm.ts'
import { parseStm, toStm } from '../../transcriber/formats/stm.ts'
import { BindingRecognizer, prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { chooseRecognizer } from '../../transcriber/recognizers/choose-recognizer.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { RecognizerPool } from '../../transcriber/recognizers/recognizer-pool.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { attributionError } from '../../transcriber/score/speaker-error.ts'
import { wordError } from '../../transcriber/score/word-error.ts'
import { readAudio } from '../../transcriber/session-audio.ts'
import type { SpeechRecognizer } from '../../transcriber/speech-recognizer.ts'
import { transcribeSession } from '../../transcriber/transcribe-session.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { sampleAudio, sampleEvidence, voiceActivityModel, whisperModel } from '../transcriber/sample-audio.ts'
import { costOfEngines } from './process-cost.ts'

const json = process.argv.includes('--json')
const threads = Number(process.env.BENCH_THREADS ?? 2)
const rounds = Number(process.env.BENCH_ROUNDS ?? 1)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const audio = await sampleAudio(folder)
const { microphones, seats, words, turns } = await sampleEvidence()
const model = await openModel(whisperModel)
const engines = enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data'))

interface Way {
  evidence: boolean
  lanes: number
  threadsEach: number
  /** With whisper.cpp as upstream has it. */
  upstream?: boolean
}

/** Engines made for a way of working. */
async function measure(name: string, make: () => SpeechRecognizer, way: Way, bareWall?: number): Promise<void> {
  const [first, ...others] = Array.from({ length: way.lanes }, make)
  if (!first) return
  await using recognizer = new RecognizerPool([first, ...others])
  await follow(name, recognizer, way.evidence, bareWall)
}

/** The recognizer as a worker chooses it when nothing but the model is named: engines, threads and window of the product. */
async function measureProduct(evidence: boolean, bareWall: number): Promise<void> {
  const config = transcriberConfig({ ESCANO_TRANSCRIBER_MODEL: 'escano-fixture-whisper', ESCANO_TRANSCRIBER_ENGINE: 'built' })
  await using recognizer = await chooseRecognizer({ ...config, engines })
  await follow(`the product as it comes, ${evidence ? 'microphones' : 'no evidence'}`, recognizer, evidence, bareWall)
}

/** The whole way, voice activity included, with engines that are warm. */
async function follow(name: string, recognizer: SpeechRecognizer, evidence: boolean, bareWall?: number): Promise<void> {
  const warmUp = () => recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })
  await Promise.all(Array.from({ length: recognizer.lanes }, warmUp))
  const before = await costOfEngines()
  const known = evidence ? { microphones, seats } : { microphones: [], seats: [] }
  const checkpoints = join(folder, name.replaceAll(/\W/g, '-'))
  await rm(checkpoints, { recursive: true, force: true })
  const results = chunkFolder(checkpoints)
  const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer, evidence: known }
  const started = performance.now()
  let planned = started
  const transcript = await transcribeSession(of, results, { session: 'session-a', version: 1 }, (done) => {
    if (done === 0) planned = performance.now()
  })
  const wallSeconds = (performance.now() - started) / 1000
  const after = await costOfEngines()
  const said = parseStm(toStm(transcript, 'session-a'))
  await report(name, {
    ...{ wallSeconds, ...(bareWall ? { ratio: wallSeconds / bareWall } : {}), planSeconds: (planned - started) / 1000 },
    ...{ cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes },
    ...{ heard: sha256Of(JSON.stringify(transcript.utterances)).slice(0, 12), wer: wordError(words, said, 'normalised').rate },
    languageRight: languageRight(transcript.utterances),
    ...(evidence ? { attributionError: attributionError(turns, parseRttm(toRttm(transcript, 'session-a'))).rate } : {}),
  })
}

/** Share of the reference's utterances whose middle lies in an utterance of the right language. */
function languageRight(utterances: Transcript['utterances']): number {
  const right = words.filter((line) => {
    const middle = (line.start + line.end) * 500
    const near = utterances.reduce((a, b) => (distance(b, middle) < distance(a, middle) ? b : a))
    return line.label?.includes(near.language) === true
  })
  return right.length / words.length
}

function distance(of: { fromMs: number; toMs: number }, ms: number): number {
  return Math.max(of.fromMs - ms, ms - of.toMs, 0)
}

/** Whisper alone over the whole session, no text carried over: what the ways above are held against. */
async function bare(recognizer: SpeechRecognizer, threadsOfIt: number): Promise<number> {
  await recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })
  const before = await costOfEngines()
  const started = performance.now()
  const heard = await recognizer.recognize(await readAudio(audio, 0, 208_000), { language: 'auto' })
  const text = heard.words.map((word) => word.text).join(' ')
  const wallSeconds = (performance.now() - started) / 1000
  const after = await costOfEngines()
  const wer = wordError(words, parseStm(`session-a 1 x 0 208 <o> ${text}`), 'normalised').rate
  await report(`bare engine, whole file, ${threadsOfIt === 1 ? 'one thread' : `${threadsOfIt} threads`}`, {
    ...{ wallSeconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes, wer },
  })
  return wallSeconds
}

/** `load`: how many others wanted the cores meanwhile; on a busy machine wall times are upper bounds and the ratio is rough. */
async function report(name: string, figures: Record<string, number | string>): Promise<void> {
  const row = JSON.stringify({ bench: 'transcribe', at: new Date().toISOString(), name, ...figures, load: loadavg()[0] })
  if (process.argv.includes('--keep')) await appendFile(join(import.meta.dirname, 'results', 'transcribe.jsonl'), `${row}\n`)
  if (json) console.log(row)
  else {
    const shown = Object.entries(figures).map(([what, value]) => `${what} ${typeof value === 'number' ? value.toFixed(3) : value}`)
    console.log(name.padEnd(54), ...shown)
  }
}

const why = await whyNoBuild()
if (why === undefined) {
  const [ours, theirs] = [await buildEngine({ folder: engines }), await buildEngine({ folder: engines, unchanged: true })]
  const server = (way: Way) => () => new WhisperServer({ ...(way.upstream ? theirs : ours), model, threads: way.threadsEach })
  const each = { lanes: threads, threadsEach: 1 }
  const ways: [string, Way][] = [
    ...(threads > 1 ? [['one engine, full window, microphones', { evidence: true, lanes: 1, threadsEach: threads }] as [string, Way]] : []),
    ['an engine a core, full window, microphones', { evidence: true, ...each }],
    ["an engine a core, full window, microphones, upstream's", { evidence: true, ...each, upstream: true }],
    ['an engine a core, full window, no evidence', { evidence: false, ...each }],
    ["an engine a core, full window, no evidence, upstream's", { evidence: false, ...each, upstream: true }],
  ]
  for (let round = 0; round < rounds; round++) {
    // On busy cores one thread is faster than two, which wait for each other by spinning: the reference is what serves it best now.
    let reference = Number.POSITIVE_INFINITY
    for (const threadsEach of new Set([threads, 1])) {
      await using alone = server({ evidence: false, lanes: 1, threadsEach, upstream: true })()
      reference = Math.min(reference, await bare(alone, threadsEach))
    }
    await measureProduct(true, reference)
    await measureProduct(false, reference)
    if (process.argv.includes('--product')) continue
    for (const [name, way] of ways) {
      await measure(name, server(way), way, reference)
    }
  }
} else console.error(`no built server: ${why}`)
const binding = prebuiltBinding()
if (binding && process.argv.includes('--prebuilt')) {
  await measure('prebuilt binding, microphones', () => new BindingRecognizer({ binding, model, threads }), {
    evidence: true,
    lanes: 1,
    threadsEach: threads,
  })
}
await rm(folder, { recursive: true, force: true })
