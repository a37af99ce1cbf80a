/**
 * Voice activity in a process of its own (the detector is native code): 16 kHz mono s16le on stdin, one JSON line
 * `[firstSample, endSample]` a region on stdout, at the end `{"heard": samples}`: the library may end the process with code 0 when it fails. Started by voice-activity.ts with a JSON of options as its only argument.
 */
import { accessSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Detector {
  acceptWaveform(samples: Float32Array): void
  isEmpty(): boolean
  front(external: boolean): { start: number; samples: Float32Array }
  pop(): void
  flush(): void
}
const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as { Vad: new (config: object, bufferSeconds: number) => Detector }

const options = JSON.parse(process.argv[2] ?? '{}') as {
  model: string
  threshold: number
  minSilenceSeconds: number
  minSpeechSeconds: number
  maxSpeechSeconds: number
}
// The library only warns when there is no such file, and then finds no speech anywhere.
accessSync(options.model)

const windowSamples = 512
const detector = new sherpa.Vad(
  {
    sileroVad: {
      model: options.model,
      threshold: options.threshold,
      minSilenceDuration: options.minSilenceSeconds,
      minSpeechDuration: options.minSpeechSeconds,
      maxSpeechDuration: options.maxSpeechSeconds,
      windowSize: windowSamples,
    },
    sampleRate: 16000,
    numThreads: 1,
    debug: 0,
  },
  options.maxSpeechSeconds * 2 + 10,
)

function report(): void {
  while (!detector.isEmpty()) {
    const region = detector.front(false)
    process.stdout.write(`[${region.start},${region.start + region.samples.length}]\n`)
    detector.pop()
  }
}

function accept(bytes: Buffer): void {
  const samples = new Float32Array(windowSamples)
  for (let i = 0; i < bytes.length >> 1; i++) samples[i] = bytes.readInt16LE(i * 2) / 32768
  detector.acceptWaveform(samples)
  report()
}

let rest = Buffer.alloc(0)
let heard = 0
for await (const piece of process.stdin as AsyncIterable<Buffer>) {
  rest = Buffer.concat([rest, piece])
  heard += piece.length / 2
  let at = 0
  for (; at + windowSamples * 2 <= rest.length; at += windowSamples * 2) accept(rest.subarray(at, at + windowSamples * 2))
  rest = rest.subarray(at)
}
if (rest.length >= 2) accept(rest)
detector.flush()
report()
process.stdout.write(`{"heard":${Math.floor(heard)}}\n`)
