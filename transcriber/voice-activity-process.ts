/**
 * Voice activity in a process of its own (the detector is native code). Started by voice-activity.ts with a JSON of options as its only
 * argument: 16 kHz mono s16le comes on stdin, or is read from a file in stretches, several at once, each by a thread. On stdout one JSON
 * line `[firstSample, endSample, stretch]` a region, of a stream also `{"quiet": sample}` where no speech is open, at the end `{"heard": samples}`: the library may end the process with code 0 when it fails.
 */
import { accessSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { rereadBuffer } from './reread-buffer.ts'
import { type DetectorSettings, hearWindows, SpeechDetector } from './speech-detector.ts'
import { type HeardRegion, StretchListener } from './stretch-listener.ts'

interface Options extends DetectorSettings {
  file?: { path: string; stretches: { fromSample: number; toSample: number }[]; threads: number }
}

type Told = { region: HeardRegion } | { quiet: number } | { heard: number }

function say(told: Told): void {
  process.stdout.write(`${JSON.stringify('region' in told ? told.region : told)}\n`)
}

async function hearStdin(options: Options): Promise<void> {
  const listener = new StretchListener(
    options,
    (region) => say({ region }),
    (quiet) => say({ quiet }),
  )
  const heard = await hearWindows(process.stdin, (window) => listener.accept(window))
  listener.end()
  say({ heard })
}

/** A thread's share: every so many stretches. */
async function hearShare(options: Options, share: number): Promise<void> {
  const { path, stretches, threads } = options.file ?? { path: '', stretches: [], threads: 1 }
  const detector = new SpeechDetector(options)
  for (const [i, { fromSample, toSample }] of stretches.entries()) {
    if (i % threads !== share) continue
    const pcm = rereadBuffer(path, fromSample * 2, toSample * 2)
    detector.begin((from, end) => {
      parentPort?.postMessage({ region: [fromSample + from, fromSample + end, i] } satisfies Told)
    })
    const heard = await hearWindows(pcm, (window) => detector.accept(window))
    detector.end()
    parentPort?.postMessage({ heard } satisfies Told)
  }
}

/** A thread holds little but what it has just read. */
const smallHeap = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

async function hearFile(options: Options, threads: number): Promise<void> {
  // A thread that fails takes the native code down with it, and its words.
  for (const path of [options.model, options.file?.path ?? '']) accessSync(path)
  let sum = 0
  const shares = Array.from({ length: threads }, (_, share) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const worker = new Worker(new URL(import.meta.url), { workerData: { share, options }, resourceLimits: smallHeap })
    worker.on('message', (told: Told) => {
      if ('heard' in told) sum += told.heard
      else say(told)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread of the detector ended with code ${code}`))))
    return promise
  })
  await Promise.all(shares)
  say({ heard: sum })
}

if (isMainThread) {
  const options = JSON.parse(process.argv[2] ?? '{}') as Options
  try {
    await (options.file ? hearFile(options, options.file.threads) : hearStdin(options))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
} else {
  const { share, options } = workerData as { share: number; options: Options }
  await hearShare(options, share)
}
