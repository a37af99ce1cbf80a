import type { Logger } from 'pino'
import type { Socket, Server as Sockets } from 'socket.io'
import {
  type Answer,
  linkNamespace,
  linkPurpose,
  previewMessage,
  proofMessage,
  type RecorderMessage,
  recorderMessage,
} from '../../recorder/control-protocol.ts'
import { readUnverified } from '../../storage/custody/signed-note.ts'
import { parseHeadText } from '../../storage/custody/tree-head.ts'
import type { CouncilId, RecorderId } from '../../storage/model/ids.ts'
import { readHeads } from '../../storage/records/journal.ts'
import type { Storage } from '../../storage/storage.ts'
import { AgentLine } from './agent-line.ts'
import { AgentOfflineError, type AgentProofListener, type Agents, type AgentView, type CommandWanted } from './agents.ts'
import { type AuthorityOf, HeadStamps } from './head-stamps.ts'
import { MessageKeeper } from './keep-message.ts'
import { CredentialCheck, type KnownRecorder } from './recorder-credential.ts'
import { completeRecording, newestHead } from './recording-progress.ts'
import { sessionLineNow } from './session-line.ts'

export interface AgentLinkParts {
  sockets: Sockets
  storage: Storage
  /** Time-stamps the heads of a council's journals. */
  timeStamps: AuthorityOf
  log: Logger
}

/** Errors that say the message itself is wrong: it is refused for good. Anything else is our trouble, and the recorder tries again. */
const refusals = new Set([
  ...['MessageRefusedError', 'JournalOrderError', 'EventConflictError', 'StageOrderError', 'ZodError'],
  ...['HeadError', 'TreeHeadError', 'NoteMalformedError', 'NoteUnknownKeyError', 'NoteSignatureError'],
])

/** Opens the namespace that recorders dial (design.md §3): lets in who is enrolled, keeps what they say, hands on what they prove. */
export function openAgentLink(parts: AgentLinkParts): Agents & AsyncDisposable {
  const { storage, log } = parts
  const space = parts.sockets.of(linkNamespace)
  const check = new CredentialCheck(storage)
  const keeper = new MessageKeeper(storage)
  const stamps = new HeadStamps(storage, parts.timeStamps, log)
  const lines = new Map<string, AgentLine>()
  const listeners = new Set<AgentProofListener>()

  space.use((socket, next) => {
    check.verify(socket.handshake.auth, linkPurpose).then(
      (known) => {
        socket.data = known
        next()
      },
      (error: unknown) => {
        log.warn({ err: error, address: socket.handshake.address }, 'a recorder was not let in')
        next(error instanceof Error && error.name === 'CredentialRefusedError' ? error : new Error('the server failed'))
      },
    )
  })

  space.on('connection', (socket: Socket) => {
    const known = socket.data as KnownRecorder
    const line = lines.get(known.recorder.id) ?? new AgentLine(storage, known)
    lines.set(known.recorder.id, line)
    line.connect(socket)
    socket.on('message', (raw: unknown, reply: unknown) => {
      if (typeof reply === 'function') void keep(known, raw).then((answered) => reply(answered))
    })
    socket.on('preview', (raw: unknown) => {
      const shown = previewMessage.safeParse(raw)
      if (shown.success) line.showPreview(shown.data.session, shown.data.jpeg)
    })
    socket.on('proof', (raw: unknown) => {
      const told = proofMessage.safeParse(raw)
      if (!told.success) return
      const { session, proof } = told.data
      if (line.prove(session, proof)) tell(line)
      for (const listener of listeners) listener({ council: known.council, recorder: known.recorder.id, session, proof })
    })
  })

  async function keep(known: KnownRecorder, raw: unknown): Promise<Answer> {
    try {
      const message = recorderMessage.parse(raw)
      const fresh = await keeper.keep(known, message)
      if (message.type === 'head' && fresh) void stamps.add(headOf(known, message)).catch(report)
      if (message.type === 'finished') await finish(known, message)
      return { ok: true }
    } catch (error) {
      const retry = !(error instanceof Error && refusals.has(error.name))
      log[retry ? 'error' : 'warn']({ err: error, recorder: known.recorder.id }, 'a message of a recorder was not kept')
      return { ok: false, retry, error: retry ? 'the server failed; try again' : error instanceof Error ? error.message : String(error) }
    }
  }

  /** The last head gets its time now, so that the recording closes with it; the authority being down does not hold up the closing. */
  async function finish(known: KnownRecorder, message: RecorderMessage): Promise<void> {
    const { council, recorder } = known
    const heads = await storage.database.inCouncil(council, (tx) => readHeads(tx, message.session))
    const last = newestHead(heads, recorder.id)
    if (last !== undefined && last.tokenBase64 === undefined) {
      await stamps.stampLast({
        council,
        session: message.session,
        recorder: recorder.id,
        size: last.size,
        note: last.note,
        signedMs: message.wallMs,
      })
    }
    await completeRecording(storage, council, message.session)
  }

  function tell(line: AgentLine): void {
    void line.tellEvents().catch(report)
  }

  function report(error: unknown): void {
    log.error({ err: error }, 'the link to a recorder had trouble')
  }

  const ofCouncil = (council: CouncilId) => [...lines.values()].filter((line) => line.recorder.council === council)
  const list = (council: CouncilId): AgentView[] =>
    ofCouncil(council).map((line) => ({
      ...{ recorder: line.recorder.recorder.id, name: line.recorder.recorder.name, connected: line.isConnected, session: line.session },
      ...(line.proof === undefined ? {} : { proof: line.proof.proof, proofAtMs: line.proof.atMs }),
      ...(line.preview === undefined ? {} : { preview: line.preview }),
    }))

  /** Who begins what others record already begins on their line. */
  async function withLine(council: CouncilId, recorder: RecorderId, command: CommandWanted): Promise<CommandWanted> {
    if (command.type !== 'start') return command
    const line = await sessionLineNow(storage, list(council), { council, session: command.session, joining: recorder })
    return line === undefined ? command : { ...command, line }
  }

  return {
    list,
    send: async (council, recorder, command) => {
      const line = ofCouncil(council).find((one) => one.recorder.recorder.id === recorder)
      if (line === undefined) throw new AgentOfflineError(`recorder ${recorder} is not connected`)
      await line.send(await withLine(council, recorder, command))
    },
    tellEvents: async (council, session) => {
      await Promise.all(
        ofCouncil(council)
          .filter((line) => line.session === session)
          .map((line) => line.tellEvents()),
      )
    },
    cut: (council, recorder) => {
      ofCouncil(council)
        .find((one) => one.recorder.recorder.id === recorder)
        ?.hangUp()
    },
    onProof: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.asyncDispose]: async () => {
      space.disconnectSockets(true)
      space.removeAllListeners()
      await stamps[Symbol.asyncDispose]()
    },
  }
}

function headOf(known: KnownRecorder, message: Extract<RecorderMessage, { type: 'head' }>) {
  const { size } = parseHeadText(readUnverified(message.note).text)
  return {
    council: known.council,
    session: message.session,
    recorder: known.recorder.id,
    size,
    note: message.note,
    signedMs: message.wallMs,
  }
}
