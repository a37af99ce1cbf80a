import { generateKeyPairSync, sign } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import {
  type Answer,
  credentialBytes,
  linkNamespace,
  linkPurpose,
  type ProofOfLife,
  type RecorderCommand,
  recorderCommand,
} from '../../../recorder/control-protocol.ts'
import type { CouncilId, SessionId } from '../../../storage/model/ids.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import type { Storage } from '../../../storage/storage.ts'

const idle: ProofOfLife = {
  state: 'idle',
  provenMs: 0,
  provenWallMs: 0,
  mediaMs: 0,
  atWallMs: 0,
  speed: 0,
  peakDb: null,
  picture: false,
  part: 0,
  segments: 0,
  gaps: 0,
  unconfirmed: 0,
  diskFreeBytes: 412_000_000_000,
}

/** A recorder that speaks the real protocol over the real link, enrolled and signing, and proves what the test tells it to. */
export class ScriptedRecorder implements AsyncDisposable {
  readonly commands: RecorderCommand[] = []
  proof: ProofOfLife = idle
  session: SessionId | null = null
  /** Whether a start, pause… changes the proof by itself. */
  obeys = true
  readonly #socket: Socket
  readonly #beat: ReturnType<typeof setInterval>
  #startedMs = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('command', (raw: unknown, reply: (answer: Answer) => void) => {
      const command = recorderCommand.parse(raw)
      this.commands.push(command)
      reply({ ok: true })
      if (this.obeys) this.#obey(command)
    })
    this.#beat = setInterval(() => this.prove({}), 500)
  }

  /** A recorder's id and key, to be enrolled. */
  static identity() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const publicKeyBase64 = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
    return { id: recorderId.parse(newId()), publicKeyBase64, privateKey }
  }

  /** @param enrolled one that is enrolled already */
  static async dial(
    storage: Storage,
    council: CouncilId,
    address: string,
    enrolled?: ReturnType<typeof ScriptedRecorder.identity>,
  ): Promise<ScriptedRecorder> {
    const { id, publicKeyBase64, privateKey } = enrolled ?? ScriptedRecorder.identity()
    if (!enrolled) await storage.database.inCouncil(council, (tx) => enrolRecorder(tx, { id, name: 'Salón de plenos', publicKeyBase64 }))
    const socket = io(`${address}${linkNamespace}`, {
      forceNew: true,
      auth: (give) => {
        const of = { council, recorder: id, timeMs: Date.now(), nonce: crypto.randomUUID().replaceAll('-', '') }
        give({ ...of, signature: sign(null, credentialBytes(linkPurpose, of), privateKey).toString('base64') })
      },
    })
    const recorder = new ScriptedRecorder(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve())
      socket.once('connect_error', reject)
    })
    return recorder
  }

  /** Tells the server what it proves now. */
  prove(change: Partial<ProofOfLife>): void {
    const now = Date.now()
    this.proof = { ...this.proof, ...change }
    if (this.proof.state === 'recording') {
      const mediaMs = now - this.#startedMs
      this.proof = { ...this.proof, mediaMs, atWallMs: now, speed: 1, provenMs: Math.max(0, mediaMs - 1500), provenWallMs: now - 1500 }
    }
    this.#socket.emit('proof', { session: this.session, proof: this.proof })
  }

  /** Records from now on, whatever was asked. */
  begin(): void {
    this.#startedMs = Date.now()
    this.prove({ state: 'recording', peakDb: -14.2, picture: true, segments: 3 })
  }

  #obey(command: RecorderCommand): void {
    if (command.type === 'event' || command.type === 'rehearse') return
    if (command.type === 'seal' || command.type === 'unseal') {
      const { sealed: _, ...proof } = this.proof
      this.proof = proof
      this.prove(command.type === 'seal' ? { sealed: true } : {})
      return
    }
    this.session = command.session
    if (command.type === 'start') {
      this.#startedMs = Date.now()
      this.prove({ state: 'starting', peakDb: null })
      setTimeout(() => this.prove({ state: 'recording', peakDb: -14.2, picture: true, segments: 3 }), 400)
    } else {
      const state = ({ pause: 'paused', resume: 'recording', stop: 'stopped' } as const)[command.type]
      const { cause: _, ...proof } = this.proof
      this.proof = proof
      const cause = command.type === 'pause' && command.cause ? { cause: command.cause } : {}
      this.prove({ state, speed: state === 'recording' ? 1 : 0, ...cause })
    }
  }

  /** Cuts the line to the server, as a pulled cable does. */
  hangUp(): void {
    this.#socket.disconnect()
  }

  callBack(): void {
    this.#socket.connect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat)
    this.#socket.disconnect()
  }
}
