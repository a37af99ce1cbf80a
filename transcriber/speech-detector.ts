import { accessSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Settings of Silero as sherpa-onnx takes them; lengths in seconds. */
export interface DetectorSettings {
  model: string
  threshold: number
  minSilenceSeconds: number
  minSpeechSeconds: number
  maxSpeechSeconds: number
}

interface Detector {
  acceptWaveform(samples: Float32Array): void
  isEmpty(): boolean
  /** Speech has begun and not ended. */
  isDetected(): boolean
  front(external: boolean): { start: number; samples: Float32Array }
  pop(): void
  flush(): void
}

const windowSamples = 512
const windowBytes = windowSamples * 2
const quietEverySamples = 16_000

/**
 * The detector over one stream of 16 kHz mono s16le. Native code: only for processes that do nothing else.
 * @param onRegion is told of each region of speech, in samples from the start of the stream
 * @param onQuiet is told, once a second at most, of a place where no speech is open
 * @returns samples heard
 * @throws no such model file; the library would only warn, and then find no speech anywhere
 */
export async function detectSpeech(
  pcm: AsyncIterable<Uint8Array>,
  settings: DetectorSettings,
  onRegion: (fromSample: number, endSample: number) => void,
  onQuiet: (atSample: number) => void = () => undefined,
): Promise<number> {
  let [accepted, toldQuiet] = [0, 0]
  const detector = openDetector(settings)
  const report = () => {
    for (; !detector.isEmpty(); detector.pop()) {
      const region = detector.front(false)
      onRegion(region.start, region.start + region.samples.length)
    }
  }
  // One array for all windows: the library copies what it is given, and else this process would hold garbage above all.
  const samples = new Float32Array(windowSamples)
  const accept = (bytes: Buffer) => {
    for (let i = 0; i < windowSamples; i++) samples[i] = i * 2 + 1 < bytes.length ? bytes.readInt16LE(i * 2) / 32768 : 0
    detector.acceptWaveform(samples)
    report()
    accepted += windowSamples
    if (accepted - toldQuiet < quietEverySamples || detector.isDetected()) return
    toldQuiet = accepted
    onQuiet(accepted)
  }
  let rest: Buffer = Buffer.alloc(0)
  let heardBytes = 0
  for await (const piece of pcm) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    heardBytes += piece.length
    let at = 0
    for (; at + windowBytes <= rest.length; at += windowBytes) accept(rest.subarray(at, at + windowBytes))
    rest = rest.subarray(at)
  }
  if (rest.length >= 2) accept(rest)
  detector.flush()
  report()
  return Math.floor(heardBytes / 2)
}

function openDetector(settings: DetectorSettings): Detector {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as { Vad: new (config: object, bufferSeconds: number) => Detector }
  accessSync(settings.model)
  return new sherpa.Vad(
    {
      sileroVad: {
        model: settings.model,
        threshold: settings.threshold,
        minSilenceDuration: settings.minSilenceSeconds,
        minSpeechDuration: settings.minSpeechSeconds,
        maxSpeechDuration: settings.maxSpeechSeconds,
        windowSize: windowSamples,
      },
      sampleRate: 16000,
      numThreads: 1,
      debug: 0,
    },
    settings.maxSpeechSeconds * 2 + 10,
  )
}
