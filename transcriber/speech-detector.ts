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
  reset(): void
}

/** What the detector hears at once. */
export const windowSamples = 512
const windowBytes = windowSamples * 2

/** Told of each region of speech, in samples from where the detector began. */
type OnRegion = (fromSample: number, endSample: number) => void

/**
 * Silero, for one stretch of sound after the other: it begins each knowing nothing, and the library frees none that was opened. Native
 * code: only for processes that do nothing else.
 */
export class SpeechDetector {
  readonly #detector: Detector
  /** One array for all windows: the library copies what it is given, and else this process would hold garbage above all. */
  readonly #samples = new Float32Array(windowSamples)
  #onRegion: OnRegion = () => undefined

  /** @throws no such model file; the library would only warn, and then find no speech anywhere */
  constructor(settings: DetectorSettings) {
    this.#detector = openDetector(settings)
  }

  begin(onRegion: OnRegion): void {
    this.#detector.reset()
    this.#onRegion = onRegion
  }

  get isInSpeech(): boolean {
    return this.#detector.isDetected()
  }

  /** @param window of 16 kHz mono s16le; the last of a stream may be shorter */
  accept(window: Buffer): void {
    const samples = this.#samples
    for (let i = 0; i < windowSamples; i++) samples[i] = i * 2 + 1 < window.length ? window.readInt16LE(i * 2) / 32768 : 0
    this.#detector.acceptWaveform(samples)
    this.#report()
  }

  /** Speech that is open ends here. */
  end(): void {
    this.#detector.flush()
    this.#report()
  }

  #report(): void {
    for (; !this.#detector.isEmpty(); this.#detector.pop()) {
      const region = this.#detector.front(false)
      this.#onRegion(region.start, region.start + region.samples.length)
    }
  }
}

/** Gives a stream of s16le window by window. @returns samples there were */
export async function hearWindows(pcm: AsyncIterable<Uint8Array>, accept: (window: Buffer) => void): Promise<number> {
  let rest: Buffer = Buffer.alloc(0)
  let heardBytes = 0
  for await (const piece of pcm) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    heardBytes += piece.length
    let at = 0
    for (; at + windowBytes <= rest.length; at += windowBytes) accept(rest.subarray(at, at + windowBytes))
    // Copied: the next piece may come in the same memory.
    rest = Buffer.from(rest.subarray(at))
  }
  if (rest.length >= 2) accept(rest)
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
