import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import type { RecorderSight } from '../room.ts'
import type { EventsAnswer, RefusedEvent } from '../room-protocol.ts'

/** An event this tablet marked. `act` joins the events of one tap. */
export interface KeptMark {
  id: string
  act: string
  seq: number
  event: SessionEvent
  /** `kept`: the chamber's recorder has it too, the server not yet. */
  status: 'pending' | 'kept' | 'stored' | 'refused'
  refusal?: RefusedEvent
}

/** What must outlive a reload without a line: where the recorder was last seen, and how far the clocks are apart. */
export interface LastSight {
  recorder: RecorderSight
  lagMs: number
  clockOffsetMs: number
}

interface Schema extends DBSchema {
  marks: { key: string; value: KeptMark }
  meta: { key: 'device' | 'sight'; value: { device: string; lastSeq: number } | LastSight }
}

/** Marks of one person on one tablet in one session, in IndexedDB. Every mark is on the disk before the tap is answered. */
export class Outbox implements Disposable {
  readonly #db: IDBPDatabase<Schema>
  /** Name of this tablet in the events it marks; it stays the same for as long as its store. */
  readonly device: string

  private constructor(db: IDBPDatabase<Schema>, device: string) {
    this.#db = db
    this.device = device
  }

  /** @throws DOMException the browser keeps nothing (private mode, full disk) */
  static async open(session: string, account: string): Promise<Outbox> {
    const db = await openDB<Schema>(`escano-sala-${session}-${account}`, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore('marks', { keyPath: 'id' })
        fresh.createObjectStore('meta')
      },
    })
    // Told before the first mark: without it a browser may clear the store when the disk fills.
    await navigator.storage?.persist?.().catch(() => false)
    const tx = db.transaction('meta', 'readwrite', { durability: 'strict' })
    const known = await tx.store.get('device')
    const kept = known && 'lastSeq' in known ? known : { device: `tablet-${crypto.randomUUID().slice(0, 8)}`, lastSeq: 0 }
    await Promise.all([tx.store.put(kept, 'device'), tx.done])
    return new Outbox(db, kept.device)
  }

  async read(): Promise<{ marks: KeptMark[]; sight: LastSight | undefined }> {
    const marks = (await this.#db.getAll('marks')).sort((a, b) => a.seq - b.seq)
    const sight = await this.#db.get('meta', 'sight')
    return { marks, sight: sight && 'recorder' in sight ? sight : undefined }
  }

  /** Numbers the events and keeps them, all or none, synced to the disk. */
  async add(act: string, build: (device: string, firstSeq: number) => SessionEvent[]): Promise<KeptMark[]> {
    const tx = this.#db.transaction(['marks', 'meta'], 'readwrite', { durability: 'strict' })
    const known = await tx.objectStore('meta').get('device')
    const lastSeq = known && 'lastSeq' in known ? known.lastSeq : 0
    const marks = build(this.device, lastSeq + 1).map(
      (event): KeptMark => ({ id: event.id, act, seq: event.seq, event, status: 'pending' }),
    )
    await Promise.all([
      ...marks.map((mark) => tx.objectStore('marks').put(mark)),
      tx.objectStore('meta').put({ device: this.device, lastSeq: lastSeq + marks.length }, 'device'),
      tx.done,
    ])
    return marks
  }

  /** Enters what the server said of marks; one that it does not name stays as it is. */
  async settle(answer: EventsAnswer): Promise<KeptMark[]> {
    const tx = this.#db.transaction('marks', 'readwrite', { durability: 'strict' })
    const stored = new Set([...answer.accepted, ...answer.known])
    const changed: KeptMark[] = []
    for (const mark of await tx.store.getAll()) {
      const refusal = answer.refused.find((one) => one.id === mark.id)
      const status = refusal ? 'refused' : stored.has(mark.id) ? 'stored' : 'kept'
      if (mark.status === 'stored' || (status === 'kept' && !answer.kept.includes(mark.id))) continue
      const settled: KeptMark = { ...mark, status, ...(refusal ? { refusal } : {}) }
      changed.push(settled)
      await tx.store.put(settled)
    }
    await tx.done
    return changed
  }

  /** What only the recorder has goes to the server as well: whichever of the two brings it, it counts once. */
  async sendAgain(): Promise<KeptMark[]> {
    const tx = this.#db.transaction('marks', 'readwrite', { durability: 'strict' })
    const changed = (await tx.store.getAll()).filter((one) => one.status === 'kept').map((one): KeptMark => ({ ...one, status: 'pending' }))
    await Promise.all([...changed.map((one) => tx.store.put(one)), tx.done])
    return changed
  }

  /** The person has read that these were refused. */
  async forget(ids: readonly string[]): Promise<void> {
    const tx = this.#db.transaction('marks', 'readwrite')
    await Promise.all([...ids.map((id) => tx.store.delete(id)), tx.done])
  }

  async keepSight(sight: LastSight): Promise<void> {
    await this.#db.put('meta', sight, 'sight')
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}
