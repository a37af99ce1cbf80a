import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { type ReportedMicrophoneEvent, reportedMicrophoneEvent } from '../storage/model/microphone-events.ts'
import { JsonLinesFile, parseLines } from './json-lines-file.ts'

const line = z.union([z.object({ event: reportedMicrophoneEvent }), z.object({ acknowledged: z.int().nonnegative() })])

/** Microphone events on their way to the server, on the disk until it acknowledged them, in the order they were heard. */
export class MicrophoneOutbox implements AsyncDisposable {
  readonly #file: JsonLinesFile
  readonly #events: ReportedMicrophoneEvent[]
  #acknowledged = 0

  private constructor(file: JsonLinesFile, waiting: ReportedMicrophoneEvent[]) {
    this.#file = file
    this.#events = waiting
  }

  /** Goes on with what an earlier run left. A file of which everything was acknowledged begins anew. */
  static async open(path: string): Promise<MicrophoneOutbox> {
    const { file, bytes } = await JsonLinesFile.open(path)
    const lines = parseLines(bytes).map((one) => line.parse(one))
    const events = lines.flatMap((one) => ('event' in one ? [one.event] : []))
    const acknowledged = lines.reduce((most, one) => ('acknowledged' in one ? Math.max(most, one.acknowledged) : most), 0)
    const outbox = new MicrophoneOutbox(file, events)
    outbox.#acknowledged = acknowledged
    if (bytes.length === 0 || acknowledged < events.length) return outbox
    await outbox[Symbol.asyncDispose]()
    await rm(path)
    return await MicrophoneOutbox.open(path)
  }

  async add(event: ReportedMicrophoneEvent): Promise<void> {
    await this.#file.append({ event })
    this.#events.push(event)
  }

  /** The oldest that wait. */
  next(most: number): ReportedMicrophoneEvent[] {
    return this.#events.slice(this.#acknowledged, this.#acknowledged + most)
  }

  /** So many of the oldest are in the server's records. */
  async acknowledge(count: number): Promise<void> {
    await this.#file.append({ acknowledged: this.#acknowledged + count })
    this.#acknowledged += count
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}
