import type { RecorderMessage } from '../../recorder/control-protocol.ts'
import { appendLeaf, emptyFrontier, type Frontier, frontierRoot } from '../../storage/custody/frontier.ts'
import { HeadError, lineLeafHash, openHead, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { sameBytes, toHex } from '../../storage/custody/sha256.ts'
import type { Tx } from '../../storage/records/database.ts'
import { appendHead, appendJournalLine, type JournalOf, putFinished, readFinished, readJournal } from '../../storage/records/journal.ts'
import { readRecorder } from '../../storage/records/recorders.ts'
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
    const of = { session: message.session, recorder: from.recorder.id }
    const fresh = await this.#storage.database.inCouncil(from.council, async (tx) => {
      if ((await readRecorder(tx, of.recorder))?.revokedAtMs !== undefined) throw new MessageRefusedError('this recorder was revoked')
      if ((await readSession(tx, of.session)) === undefined) throw new MessageRefusedError(`session ${of.session} is not of this council`)
      return await this.#keepIn(tx, from, of, message)
    })
    // Only what is committed may count in the tree.
    if (message.type === 'journal' && fresh) this.#grow(placeOf(of), message.line, lineLeafHash(message.content))
    return fresh
  }

  async #keepIn(tx: Tx, from: KnownRecorder, of: JournalOf, message: RecorderMessage): Promise<boolean> {
    switch (message.type) {
      case 'journal': {
        await this.#expectUnfinished(tx, of, message.line)
        const fresh = await appendJournalLine(tx, { ...of, line: message.line, content: message.content })
        if (fresh) await noteRecording(tx, of.session)
        return fresh
      }
      case 'event': {
        const { event } = message
        if (event.by !== 'recorder' || event.device !== of.recorder || !event.type.startsWith('recording.')) {
          throw new MessageRefusedError(`event ${event.id} of type ${event.type} is not a recorder's to tell`)
        }
        return (await appendEvents(tx, of.session, [event])).accepted.length > 0
      }
      case 'head': {
        const head = await openHead(message.note, treeOrigin(from.dir3, of.session, of.recorder), [from.publicKey])
        await this.#expectRoot(tx, of, head.size, head.root)
        await appendHead(tx, { ...of, size: head.size, rootHex: toHex(head.root), note: message.note })
        return true
      }
      case 'finished':
        await putFinished(tx, { ...of, lines: message.lines })
        return true
    }
  }

  /** What is sealed is what the last word counted: a line behind it would be in no sealed tree. */
  async #expectUnfinished(tx: Tx, of: JournalOf, line: number): Promise<void> {
    const said = (await readFinished(tx, of.session)).find((one) => one.recorder === of.recorder)
    if (said && line >= said.lines)
      throw new MessageRefusedError(`line ${line} follows the last word of recorder ${of.recorder}, which counted ${said.lines}`)
  }

  #grow(place: string, line: number, leaf: Uint8Array): void {
    const tree = this.#trees.get(place) ?? (line === 0 ? emptyFrontier : undefined)
    if (tree?.size === line) this.#trees.set(place, appendLeaf(tree, leaf))
    else this.#trees.delete(place)
  }

  /** Every head is held against the lines themselves, so any two that pass are consistent with each other. */
  async #expectRoot(tx: Tx, of: JournalOf, size: number, root: Uint8Array): Promise<void> {
    const place = placeOf(of)
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

function placeOf(of: JournalOf): string {
  return `${of.session}/${of.recorder}`
}
