/**
 * The sample session through our way beside the bare engine (one call over the whole file) with the same model and as many threads in
 * all: wall time, processor time and peak memory of the engine, word error, attribution, language. `--json`: one object a line. The model
 * is the test model: its errors say nothing of a real one's.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transcript } from '../../storage/model/transcript.ts'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { enginesFolder } from '../../transcriber/config.ts'
import { parseRttm, toRttm } from '../../transcriber/formats/rttm.ts'
import { parseStm, toStm } from '../../transcriber/formats/stm.ts'
import { BindingRecognizer, prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
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

const json = process.argv.includes('--json')
const threads = Number(process.env.BENCH_THREADS ?? 2)
const rounds = Number(process.env.BENCH_ROUNDS ?? 1)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const audio = await sampleAudio(folder)
const { microphones, seats, words, turns } = await sampleEvidence()
const model = await openModel(whisperModel)

/** Seconds of processor and peak memory of live processes together, of Linux's /proc. */
async function costOf(pids: readonly (number | undefined)[]): Promise<{ cpuSeconds: number; peakMegabytes: number }> {
  const total = { cpuSeconds: 0, peakMegabytes: 0 }
  for (const pid of pids) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
    total.cpuSeconds += (Number(fields[11]) + Number(fields[12])) / 100
    total.peakMegabytes += Math.round(Number(peak) / 1024)
  }
  return total
}

interface Way {
  evidence: boolean
  lanes: number
  threadsEach: number
  shortWindow?: boolean
}

/** Our whole way, voice activity included, with engines that are warm. */
async function measure(name: string, make: () => SpeechRecognizer, way: Way, bareWall?: number): Promise<void> {
  const members = Array.from({ length: way.lanes }, make)
  const [first, ...others] = members
  if (!first) return
  for (const one of members) await one.recognize(new Uint8Array(32_000), { language: 'gl' })
  await using recognizer = new RecognizerPool([first, ...others])
  const pids = () => members.map((one) => one.pid)
  const before = await costOf(pids())
  const known = way.evidence ? { microphones, seats } : { microphones: [], seats: [] }
  const results = chunkFolder(join(folder, name.replaceAll(/\W/g, '-')))
  const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer, evidence: known }
  const started = performance.now()
  let planned = started
  const transcript = await transcribeSession(of, results, { session: 'session-a', version: 1 }, (done) => {
    if (done === 0) planned = performance.now()
  })
  const wallSeconds = (performance.now() - started) / 1000
  const after = await costOf(pids())
  const said = parseStm(toStm(transcript, 'session-a'))
  report(name, {
    ...{ wallSeconds, ...(bareWall ? { ratio: wallSeconds / bareWall } : {}), planSeconds: (planned - started) / 1000 },
    ...{ cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes },
    wer: wordError(words, said, 'normalised').rate,
    languageRight: languageRight(transcript.utterances),
    ...(way.evidence ? { attributionError: attributionError(turns, parseRttm(toRttm(transcript, 'session-a'))).rate } : {}),
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
async function bare(recognizer: SpeechRecognizer): Promise<number> {
  await recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })
  const before = await costOf([recognizer.pid])
  const started = performance.now()
  const heard = await recognizer.recognize(await readAudio(audio, 0, 208_000), { language: 'auto' })
  const text = heard.words.map((word) => word.text).join(' ')
  const wallSeconds = (performance.now() - started) / 1000
  const after = await costOf([recognizer.pid])
  const wer = wordError(words, parseStm(`session-a 1 x 0 208 <o> ${text}`), 'normalised').rate
  report('bare engine, whole file', {
    ...{ wallSeconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes, wer },
  })
  return wallSeconds
}

function report(name: string, figures: Record<string, number>): void {
  if (json) console.log(JSON.stringify({ bench: 'transcribe', name, ...figures }))
  else console.log(name.padEnd(44), ...Object.entries(figures).map(([what, value]) => `${what} ${value.toFixed(3)}`))
}

const why = await whyNoBuild()
if (why === undefined) {
  const built = await buildEngine({ folder: enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data')) })
  const server = (way: Way) => () => new WhisperServer({ ...built, model, threads: way.threadsEach, shortWindow: way.shortWindow ?? false })
  const ways: [string, Way][] = [
    ['one engine, full window, microphones', { evidence: true, lanes: 1, threadsEach: threads }],
    ...(threads > 1
      ? [['an engine a core, full window, microphones', { evidence: true, lanes: threads, threadsEach: 1 }] as [string, Way]]
      : []),
    ['an engine a core, full window, no evidence', { evidence: false, lanes: threads, threadsEach: 1 }],
    ['an engine a core, short window, microphones', { evidence: true, lanes: threads, threadsEach: 1, shortWindow: true }],
  ]
  for (let round = 0; round < rounds; round++) {
    let reference: number
    {
      await using alone = server({ evidence: false, lanes: 1, threadsEach: threads })()
      reference = await bare(alone)
    }
    for (const [name, way] of ways) {
      await rm(join(folder, name.replaceAll(/\W/g, '-')), { recursive: true, force: true })
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
