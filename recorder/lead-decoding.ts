import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { type ClockReading, readingAt } from './clock.ts'
import type { Examined } from './examine-written.ts'
import type { PartFollower } from './part-follower.ts'
import { WrittenDecoder } from './written-decoder.ts'
import { WrittenReader } from './written-reader.ts'

/** What was decoded since the look before, where it lies on the line of the part, and when its last byte was written. */
export interface Followed {
  fromMs: number
  examined: Examined
  clock: ClockReading
}

/** Decodes all that is written of a part's leading track, each byte once, by one program that goes on; one that ends or hangs is replaced. */
export class LeadDecoding implements AsyncDisposable {
  readonly #ffmpeg: Ffmpeg
  readonly #follower: PartFollower
  #running: { decoder: WrittenDecoder; reader: WrittenReader } | undefined
  #over = false

  constructor(ffmpeg: Ffmpeg, follower: PartFollower) {
    this.#ffmpeg = ffmpeg
    this.#follower = follower
  }

  /**
   * Hands on what was written and takes what came out of it.
   * @param held what the track holds
   * @param last nothing more will be written
   * @returns undefined when nothing came out: it has only begun, nothing was written, or what was does not decode
   * @throws ProgramError it could not be started
   */
  async look(held: MediaProbe, last: boolean, signal: AbortSignal): Promise<Followed | undefined> {
    this.#running ??= { reader: new WrittenReader(this.#follower), decoder: await WrittenDecoder.start(this.#ffmpeg, held) }
    if (this.#over) await this.#end()
    if (this.#running === undefined) return undefined
    const { decoder, reader } = this.#running
    for (let bytes = await reader.next(); bytes.byteLength > 0; bytes = await reader.next()) {
      if (await decoder.feed(bytes)) continue
      await this.#end()
      return undefined
    }
    await (last ? decoder.finish() : decoder.settle(signal))
    const examined = decoder.take()
    return examined && { fromMs: reader.fromMs, examined, clock: readingAt(reader.writtenMs) }
  }

  /** A look that is being taken finds itself ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true
    await this.#end()
  }

  async #end(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.decoder[Symbol.asyncDispose]()
    await running?.reader[Symbol.asyncDispose]()
  }
}
