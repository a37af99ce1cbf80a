import type { RecorderMessage } from '../../recorder/control-protocol.ts'
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../../storage/custody/frontier.ts'
import { HeadError, lineLeafHash, openHead, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { sameBytes, toHex } from '../../storage/custody/sha256.ts'
import type { Tx } from '../../storage/records/database.ts'
import { appendHead, appendJournalLine, putFinished, readJournal } from '../../storage/records/journal.ts'
import { appendEvents } from '../../storage/records/session-events.ts'
import { readSession } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { KnownRecorder } from './recorder-credential.ts'
import { noteRecording } from './recording-progress.ts'

/** What a recorder said cannot be true or is not its to say; it will not be taken later either. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError'
}

/** Keeps what recorders say. Everything may come twice; nothing is taken that contradicts what was kept. */
export class MessageKeeper {
  readonly #storage: Storage
  /** The tree of each journal as far as it was seen grow here, so that a head costs one comparison. */
  readonly #trees = new Map<string, Frontier>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /**
   * Returns when it is committed.
   * @returns whether it told something new
   * @throws MessageRefusedError, JournalOrderError, EventConflictError, HeadError, Note…Error, TreeHeadError: refused for good
   */
  async keep(from: KnownRecorder, message: RecorderMessage): Promise<boolean> {
    const { session } = message
    const recorder = from.recorder.id
    const of = { session, recorder }
    const place = `${session}/${recorder}`
    return await this.#storage.database.inCouncil(from.council, async (tx) => {
      if ((await readSession(tx, session)) === undefined) throw new MessageRefusedError(`session ${session} is not of this council`)
      switch (message.type) {
        case 'journal': {
          const fresh = await appendJournalLine(tx, { ...of, line: message.line, content: message.content })
          if (fresh) {
            await noteRecording(tx, session)
            const tree = this.#trees.get(place) ?? (message.line === 0 ? emptyFrontier : undefined)
            if (tree?.size === message.line) this.#trees.set(place, appendLeaf(tree, lineLeafHash(message.content)))
            else this.#trees.delete(place)
          }
          return fresh
        }
        case 'event': {
          const { event } = message
          if (event.by !== 'recorder' || event.device !== recorder || !event.type.startsWith('recording.')) {
            throw new MessageRefusedError(`event ${event.id} of type ${event.type} is not a recorder's to tell`)
          }
          return (await appendEvents(tx, session, [event])).accepted.length > 0
        }
        case 'head': {
          const head = await openHead(message.note, treeOrigin(from.dir3, session, recorder), [from.publicKey])
          await this.#expectRoot(tx, of, head.size, head.root)
          await appendHead(tx, { ...of, size: head.size, rootHex: toHex(head.root), note: message.note })
          return true
        }
        case 'finished':
          await putFinished(tx, { ...of, lines: message.lines })
          return true
      }
    })
  }

  /** Every head is held against the lines themselves, so any two that pass are consistent with each other. */
  async #expectRoot(
    tx: Tx,
    of: { session: RecorderMessage['session']; recorder: KnownRecorder['recorder']['id'] },
    size: number,
    root: Uint8Array,
  ): Promise<void> {
    const place = `${of.session}/${of.recorder}`
    let tree = this.#trees.get(place)
    if (tree?.size !== size) {
      const rows = await readJournal(tx, of.session, of.recorder)
      if (rows.length < size) throw new HeadError(`head of ${size} leaves, but the journal has ${rows.length}`)
      tree = rows.slice(0, size).reduce((grown, row) => appendLeaf(grown, lineLeafHash(row.content)), emptyFrontier)
      if (rows.length === size) this.#trees.set(place, tree)
    }
    if (!sameBytes(frontierRoot(tree), root)) throw new HeadError(`head of ${size} leaves has another root than the journal gives`)
  }
}
