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

const outboxLine = z.union([
  z.object({ message: z.looseObject({ seq: z.int().positive(), type: z.string() }) }),
  z.object({ acknowledged: z.int().positive() }),
])

/** What was ever said, acknowledged or not: enough to know what is still to be said. */
export interface Said {
  /** Lines of the journal. */
  lines: number
  /** What the recorder itself saw, in order. */
  events: SessionEvent[]
  /** The newest head. */
  head: string | undefined
  finished: boolean
}

/**
 * The messages of one session to the server, on the disk until the server acknowledged them, in the order they were made; only those that
 * wait are held in memory. What is written twice is sent twice; the server knows messages by what they say.
 */
export class Outbox implements AsyncDisposable {
  readonly session: SessionId
  readonly #file: JsonLinesFile
  readonly #waiting = new Map<number, RecorderMessage>()
  readonly #said: Said = { lines: 0, events: [], head: undefined, finished: false }
  #acknowledged: number
  #last: number

  private constructor(session: SessionId, file: JsonLinesFile, acknowledged: number) {
    this.session = session
    this.#file = file
    this.#acknowledged = acknowledged
    this.#last = acknowledged
  }

  static async open(path: string, session: SessionId): Promise<Outbox> {
    const { file, bytes } = await JsonLinesFile.open(path)
    const lines = parseLines(bytes).map((line) => outboxLine.parse(line))
    const acknowledged = lines.reduce((most, line) => ('acknowledged' in line ? Math.max(most, line.acknowledged) : most), 0)
    const outbox = new Outbox(session, file, acknowledged)
    for (const line of lines) if ('message' in line) outbox.#takeUp(line.message)
    return outbox
  }

  async add(body: MessageBody): Promise<void> {
    const clock = readClock()
    const message = recorderMessage.parse({
      ...{ id: newId(clock.wallMs), seq: this.#last + 1, session: this.session },
      ...{ monotonicNs: String(clock.monotonicNs), wallMs: clock.wallMs, boot: clock.boot },
      ...body,
    })
    // In memory at once, so that two that are added together do not get the same number.
    this.#keep(message)
    await this.#file.append({ message })
  }

  /** The oldest message that the server has not acknowledged. */
  next(): RecorderMessage | undefined {
    return this.#waiting.get(this.#acknowledged + 1)
  }

  /** Messages up to and with `seq` are in the server's records. */
  async acknowledge(seq: number): Promise<void> {
    if (seq <= this.#acknowledged) return
    await this.#file.append({ acknowledged: seq })
    for (let known = this.#acknowledged + 1; known <= seq; known++) this.#waiting.delete(known)
    this.#acknowledged = seq
  }

  get said(): Readonly<Said> {
    return this.#said
  }

  get waiting(): number {
    return this.#last - this.#acknowledged
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }

  /** A line of the journal that the server has needs no second look: it stands in the journal, which was read. */
  #takeUp(message: { seq: number; type: string }): void {
    if (message.type === 'journal' && message.seq <= this.#acknowledged) {
      this.#last = Math.max(this.#last, message.seq)
      this.#said.lines++
    } else this.#keep(recorderMessage.parse(message))
  }

  #keep(message: RecorderMessage): void {
    const said = this.#said
    this.#last = Math.max(this.#last, message.seq)
    if (message.seq > this.#acknowledged) this.#waiting.set(message.seq, message)
    if (message.type === 'journal') said.lines++
    else if (message.type === 'event') said.events.push(message.event)
    else if (message.type === 'head') said.head = message.note
    else said.finished = true
  }
}
