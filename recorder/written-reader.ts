import { type FileHandle, open } from 'node:fs/promises'
import type { PartFollower } from './part-follower.ts'

const atOnceBytes = 256 * 1024

/** Reads what ffmpeg writes of one track, segment after segment in their order and each byte once, from the one that is open now. */
export class WrittenReader implements AsyncDisposable {
  readonly #follower: PartFollower
  /** Where the first byte that is read lies on the line of the part, ms. */
  readonly fromMs: number
  #index: number
  /** Kept open: a sealed one is removed when the store has it. */
  #file: FileHandle | undefined
  #at = 0
  /** One for all reads: a new one each second would be most of what the agent ever throws away. */
  readonly #buffer = Buffer.allocUnsafe(atOnceBytes)
  #writtenMs = 0

  constructor(follower: PartFollower) {
    this.#follower = follower
    this.#index = follower.openIndex
    this.fromMs = follower.openSegment.fromMs
  }

  /** When the last byte that was read was written, by the wall's clock. */
  get writtenMs(): number {
    return this.#writtenMs
  }

  /** What was written since, a quarter of a megabyte at most, to be used before the next is asked for; empty when nothing was. */
  async next(): Promise<Uint8Array> {
    for (;;) {
      this.#file ??= await open(this.#follower.segmentPath(this.#index), 'r').catch(() => undefined)
      // Asked before reading: what is closed by now is read to its end.
      const closed = this.#index < this.#follower.openIndex
      const read = await this.#file?.read(this.#buffer, { position: this.#at })
      if (read !== undefined && read.bytesRead > 0) {
        this.#at += read.bytesRead
        this.#writtenMs = (await this.#file?.stat())?.mtimeMs ?? this.#writtenMs
        return this.#buffer.subarray(0, read.bytesRead)
      }
      if (!closed) return new Uint8Array()
      await this[Symbol.asyncDispose]()
      ;[this.#index, this.#at] = [this.#index + 1, 0]
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }
}
