import { type DetectorSettings, SpeechDetector, windowSamples } from './speech-detector.ts'
import { stretchAt } from './speech-stretches.ts'

const samplesPerMs = 16
const quietEverySamples = 16_000

/** `[firstSample, endSample, stretch]`, in samples from the start of the stream. */
export type HeardRegion = [number, number, number]

interface Listening {
  stretch: number
  detector: SpeechDetector
  fromSample: number
  toSample: number
  regions: HeardRegion[]
}

/**
 * Hears a stream that still comes in the very stretches that a detector of the whole file hears (speech-stretches.ts): before a seam the next
 * detector begins, after it the last one ends, and what both found is told in the order of the stretches.
 */
export class StretchListener {
  readonly #settings: DetectorSettings
  readonly #onRegion: (region: HeardRegion) => void
  readonly #onQuiet: (atSample: number) => void
  #resting: SpeechDetector | undefined
  #current: Listening
  #next: Listening | undefined
  #heard = 0
  #toldQuiet = 0

  /** @param onQuiet is told, once a second at most, of a place where no speech is open and before which every region was told */
  constructor(settings: DetectorSettings, onRegion: (region: HeardRegion) => void, onQuiet: (atSample: number) => void) {
    this.#settings = settings
    this.#onRegion = onRegion
    this.#onQuiet = onQuiet
    this.#current = this.#begin(0)
  }

  accept(window: Buffer): void {
    const following = this.#current.stretch + 1
    if (!this.#next && this.#heard >= spanOf(following).fromSample) this.#next = this.#begin(following)
    this.#current.detector.accept(window)
    this.#next?.detector.accept(window)
    this.#heard += windowSamples
    if (this.#next && this.#heard >= this.#current.toSample) this.#passTo(this.#next)
    this.#tell()
    if (this.#next || this.#current.detector.isInSpeech || this.#heard - this.#toldQuiet < quietEverySamples) return
    this.#toldQuiet = this.#heard
    this.#onQuiet(this.#heard)
  }

  end(): void {
    if (this.#next) this.#passTo(this.#next)
    this.#current.detector.end()
    this.#tell()
  }

  #begin(stretch: number): Listening {
    const span = spanOf(stretch)
    const detector = this.#resting ?? new SpeechDetector(this.#settings)
    this.#resting = undefined
    const regions: HeardRegion[] = []
    detector.begin((from, end) => regions.push([span.fromSample + from, span.fromSample + end, stretch]))
    return { stretch, detector, ...span, regions }
  }

  #passTo(next: Listening): void {
    this.#current.detector.end()
    this.#tell()
    this.#resting = this.#current.detector
    this.#current = next
    this.#next = undefined
  }

  #tell(): void {
    for (const region of this.#current.regions.splice(0)) this.#onRegion(region)
  }
}

function spanOf(stretch: number): { fromSample: number; toSample: number } {
  const { heardFromMs, heardToMs } = stretchAt({ fromMs: 0, toMs: Number.POSITIVE_INFINITY }, stretch)
  return { fromSample: heardFromMs * samplesPerMs, toSample: heardToMs * samplesPerMs }
}
