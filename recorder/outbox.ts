import { z } from 'zod'
import { newId, type SessionId } from '../storage/model/ids.ts'
import type { JournalLine } from '../storage/model/recording.ts'
import type { SessionEvent } from '../storage/model/session-events.ts'
import { readClock } from './clock.ts'
import { type RecorderMessage, recorderMessage } from './control-protocol.ts'
import { JsonLinesFile, parseLines } from './json-lines-file.ts'

/** What a message says, before it gets its envelope. */
export type MessageBody =
  | { type: 'journal'; line: number; content: JournalLine }
  | { type: 'event'; event: SessionEvent }
  | { type: 'head'; note: string }
  | { type: 'finished'; lines: number }

const outboxLine = z.union([z.object({ message: recorderMessage }), z.object({ acknowledged: z.int().positive() })])

/**
 * The messages of one session to the server, on the disk until the server acknowledged them, in the order they were made. What is
 * written twice is sent twice; the server knows messages by what they say.
 */
export class Outbox implements AsyncDisposable {
  readonly session: SessionId
  readonly #file: JsonLinesFile
  readonly #messages: RecorderMessage[]
  #acknowledged: number

  private constructor(session: SessionId, file: JsonLinesFile, messages: RecorderMessage[], acknowledged: number) {
    this.session = session
    this.#file = file
    this.#messages = messages
    this.#acknowledged = acknowledged
  }

  static async open(path: string, session: SessionId): Promise<Outbox> {
    const { file, bytes } = await JsonLinesFile.open(path)
    const lines = parseLines(bytes).map((line) => outboxLine.parse(line))
    const messages = lines.flatMap((line) => ('message' in line ? [line.message] : []))
    const acknowledged = Math.max(0, ...lines.map((line) => ('acknowledged' in line ? line.acknowledged : 0)))
    return new Outbox(session, file, messages, acknowledged)
  }

  async add(body: MessageBody): Promise<void> {
    const clock = readClock()
    const message = recorderMessage.parse({
      ...{ id: newId(clock.wallMs), seq: this.#messages.length + 1, session: this.session },
      ...{ monotonicNs: String(clock.monotonicNs), wallMs: clock.wallMs, boot: clock.boot },
      ...body,
    })
    // In memory at once, so that two that are added together do not get the same number.
    this.#messages.push(message)
    await this.#file.append({ message })
  }

  /** The oldest message that the server has not acknowledged. */
  next(): RecorderMessage | undefined {
    return this.#messages[this.#acknowledged]
  }

  /** Messages up to and with `seq` are in the server's records. */
  async acknowledge(seq: number): Promise<void> {
    if (seq <= this.#acknowledged) return
    await this.#file.append({ acknowledged: seq })
    this.#acknowledged = seq
  }

  /** Everything ever said, acknowledged or not. */
  get messages(): readonly RecorderMessage[] {
    return this.#messages
  }

  get waiting(): number {
    return this.#messages.length - this.#acknowledged
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}
