import type { Socket } from 'socket.io'
import { answer, type ProofOfLife, type RecorderCommand, recorderCommand } from '../../recorder/control-protocol.ts'
import { canonicalJson } from '../../storage/custody/canonical-json.ts'
import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import { newId, type SessionId } from '../../storage/model/ids.ts'
import { readJournal } from '../../storage/records/journal.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import type { Storage } from '../../storage/storage.ts'
import { AgentOfflineError, AgentRefusedError, type CommandWanted } from './agents.ts'
import type { KnownRecorder } from './recorder-credential.ts'

const answerWithinMs = 10_000
/** Names this process's clock: its monotonic times are compared with each other only. */
const boot = newId()

/** The server's end of one recorder's link, from connection to connection. */
export class AgentLine {
  readonly recorder: KnownRecorder
  readonly #storage: Storage
  #socket: Socket | undefined
  #seq = 0
  #session: SessionId | null = null
  #proof: { proof: ProofOfLife; atMs: number } | undefined
  #preview: { session: SessionId; jpeg: Uint8Array } | undefined
  /** Which events of the session the recorder has been told of, in this connection. */
  #told: { session: SessionId; ids: Set<string>; afterRow: number } | undefined
  #telling: Promise<void> = Promise.resolve()

  constructor(storage: Storage, recorder: KnownRecorder) {
    this.#storage = storage
    this.recorder = recorder
  }

  get isConnected(): boolean {
    return this.#socket?.connected ?? false
  }

  get session(): SessionId | null {
    return this.#session
  }

  get proof(): { proof: ProofOfLife; atMs: number } | undefined {
    return this.#proof
  }

  /** Of the session that it records now; kept in memory alone, only the last. */
  get preview(): Uint8Array | undefined {
    return this.#preview?.session === this.#session ? this.#preview?.jpeg : undefined
  }

  showPreview(session: SessionId, jpeg: Uint8Array): void {
    this.#preview = { session, jpeg }
  }

  /** The recorder has dialled; an older connection of the same one is dead or about to be. */
  connect(socket: Socket): void {
    const before = this.#socket
    this.#socket = socket
    this.#told = undefined
    before?.disconnect(true)
  }

  hangUp(): void {
    this.#socket?.disconnect(true)
  }

  /** @returns whether the recorder is now at another session than before */
  prove(session: SessionId | null, proof: ProofOfLife): boolean {
    const moved = session !== this.#session || this.#told === undefined
    this.#session = session
    this.#proof = { proof, atMs: Date.now() }
    return moved
  }

  /** @throws AgentOfflineError, AgentRefusedError */
  async send(wanted: CommandWanted): Promise<void> {
    const name = this.recorder.recorder.name
    const socket = this.#socket
    if (!socket?.connected) throw new AgentOfflineError(`recorder ${name} is not connected`)
    const command: RecorderCommand = recorderCommand.parse({
      ...wanted,
      ...{ id: newId(), seq: ++this.#seq, monotonicNs: String(process.hrtime.bigint()), wallMs: Date.now(), boot },
    })
    let raw: unknown
    try {
      raw = await socket.timeout(answerWithinMs).emitWithAck('command', command)
    } catch (cause) {
      throw new AgentOfflineError(`recorder ${name} did not answer to ${command.type} within ${answerWithinMs / 1000} s`, { cause })
    }
    const got = answer.safeParse(raw)
    if (!got.success) throw new AgentRefusedError(`recorder ${name} answered nonsense to ${command.type}`)
    if (!got.data.ok) throw new AgentRefusedError(got.data.error)
  }

  /** Tells the recorder of every event of its session that it has not journalled, in the order of the log. */
  tellEvents(): Promise<void> {
    this.#telling = this.#telling
      .then(() => this.#tellEvents())
      .catch((error: unknown) => {
        // Told again from the beginning when it is back.
        this.#told = undefined
        if (!(error instanceof AgentOfflineError)) throw error
      })
    return this.#telling
  }

  async #tellEvents(): Promise<void> {
    const session = this.#session
    if (session === null || !this.isConnected) return
    const { council, recorder } = this.recorder
    const told = this.#told?.session === session ? this.#told : { session, ids: await this.#journalled(session), afterRow: 0 }
    this.#told = told
    const rows = await this.#storage.database.inCouncil(council, (tx) => readEvents(tx, session, told.afterRow))
    for (const { row, event } of rows) {
      // Its own events are in its journal before they come here.
      if (event.device !== recorder.id && !told.ids.has(event.id)) {
        await this.send({ type: 'event', session, event: event.id, sha256: toHex(sha256Now(canonicalJson(event))) })
      }
      told.ids.add(event.id)
      told.afterRow = row
    }
  }

  async #journalled(session: SessionId): Promise<Set<string>> {
    const { council, recorder } = this.recorder
    const rows = await this.#storage.database.inCouncil(council, (tx) => readJournal(tx, session, recorder.id))
    return new Set(rows.flatMap(({ content }) => ('kind' in content && content.kind === 'event' ? [content.id] : [])))
  }
}
