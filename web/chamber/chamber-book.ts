import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Council } from '../../storage/model/council.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { removeDurably, writeDurably } from '../../storage/programs/durable-file.ts'
import { judgeEvents } from '../control/accept-events.ts'
import { eventsRequest } from '../control/room-protocol.ts'
import { type ChamberEntry, type ChamberTablet, chamberEntry, type SyncAnswer, syncAnswer } from './chamber-protocol.ts'
import { conductorOfTablet } from './tablet-conductor.ts'

type KnownSession = SyncAnswer['sessions'][number]

/** A session as the chamber knows it. */
export interface ChamberSession {
  council: Council
  session: Session
  stage: SessionStage
  microphones: boolean
}

/**
 * What the agent must know to serve the chamber page without its server, and the outbox of what was asked of it meanwhile: both on the
 * disk, readable by the agent alone. An entry is a file of its own until the server has it.
 */
export class ChamberBook {
  readonly #folder: string
  readonly #waiting = new Map<string, ChamberEntry>()
  /** Events taken here, or seen on their way to the server, that no row of the server's has told yet. */
  readonly #own = new Map<string, SessionEvent>()
  /** The same of marks of closed parts that the law refused: they withhold all the same. */
  readonly #ownClosures = new Map<string, SessionEvent>()
  readonly #commands = new Set<string>()
  #known: SyncAnswer | undefined

  private constructor(folder: string, known: SyncAnswer | undefined) {
    this.#folder = folder
    this.#known = known
  }

  static async open(folder: string): Promise<ChamberBook> {
    const entries = join(folder, 'entries')
    await mkdir(entries, { recursive: true, mode: 0o700 })
    const text = await readFile(join(folder, 'known.json'), 'utf8').catch(() => undefined)
    // Written by another version: the server tells it anew.
    const known = text === undefined ? undefined : syncAnswer.safeParse(JSON.parse(text)).data
    const book = new ChamberBook(folder, known)
    // By their ids they are in the order they came.
    for (const name of (await readdir(entries)).filter((one) => one.endsWith('.json')).sort()) {
      book.#takeUp(chamberEntry.parse(JSON.parse(await readFile(join(entries, name), 'utf8'))))
    }
    return book
  }

  get slug(): string | undefined {
    return this.#known?.slug
  }

  get council(): Council | undefined {
    return this.#known?.council
  }

  get sessions(): Session[] {
    return (this.#known?.sessions ?? []).map((one) => one.session)
  }

  /** What waits for the server, the oldest first. */
  get waiting(): ChamberEntry[] {
    return [...this.#waiting.values()]
  }

  tablet(id: string): ChamberTablet | undefined {
    return this.#known?.tablets.find((one) => one.id === id)
  }

  find(council: string, slug: string): ChamberSession | undefined {
    if (this.#known?.slug !== council) return undefined
    return this.#toSession(this.#known.sessions.find((one) => one.session.slug === slug))
  }

  byId(id: SessionId): ChamberSession | undefined {
    return this.#toSession(this.#known?.sessions.find((one) => one.session.id === id))
  }

  /** The events of a session, those of the server with their rows; what came after has the last row again. */
  rows(id: SessionId): { row: number; event: SessionEvent }[] {
    const rows = this.#known?.sessions.find((one) => one.session.id === id)?.rows ?? []
    const told = new Set<string>(rows.map((one) => one.event.id))
    const row = rows.at(-1)?.row ?? 0
    const own = [...this.#own.values()].filter((one) => one.session === id && !told.has(one.id))
    return [...rows, ...own.map((event) => ({ row, event }))]
  }

  /** Marks of closed parts that are no events of the session, and withhold all the same. */
  closedMarks(id: SessionId): SessionEvent[] {
    const told = this.#known?.sessions.find((one) => one.session.id === id)?.closedMarks ?? []
    return [...told, ...[...this.#ownClosures.values()].filter((one) => one.session === id)]
  }

  /** Up to which row the server has told each session. */
  get cursors(): Record<string, number> {
    return Object.fromEntries((this.#known?.sessions ?? []).map((one) => [one.session.id, one.rows.at(-1)?.row ?? 0]))
  }

  /** Takes over what the server said now; its rows are added to those it said before. */
  async learn(answer: SyncAnswer): Promise<void> {
    const before = new Map((this.#known?.sessions ?? []).map((one) => [one.session.id, one.rows]))
    const sessions = answer.sessions.map((one) => {
      const known = before.get(one.session.id) ?? []
      const last = known.at(-1)?.row ?? 0
      return { ...one, rows: [...known, ...one.rows.filter((row) => row.row > last)] }
    })
    const next = { ...answer, sessions }
    const changed = JSON.stringify({ ...next, serverMs: 0 }) !== JSON.stringify({ ...this.#known, serverMs: 0 })
    this.#known = next
    for (const { rows, closedMarks } of sessions)
      for (const { id } of [...rows.map((one) => one.event), ...closedMarks]) {
        this.#own.delete(id)
        this.#ownClosures.delete(id)
      }
    if (changed) await writeDurably(join(this.#folder, 'known.json'), JSON.stringify(next), { mode: 0o600 })
  }

  /** The server took these through us a moment ago; it tells of them with the next answer. @param closures refused, and withhold all the same */
  hear(events: readonly SessionEvent[], closures: readonly SessionEvent[] = []): void {
    for (const event of events) this.#own.set(event.id, event)
    for (const event of closures) this.#ownClosures.set(event.id, event)
  }

  /** On the disk before it counts. @param events those of it that stand @param closures those refused that withhold all the same */
  async add(entry: ChamberEntry, events: readonly SessionEvent[], closures: readonly SessionEvent[] = []): Promise<void> {
    await writeDurably(this.#path(entry), JSON.stringify(entry), { mode: 0o600 })
    this.#note(entry, events, closures)
  }

  /** Whether a command was taken already. */
  knowsCommand(id: string): boolean {
    return this.#commands.has(id)
  }

  /** The server has it. */
  async settle(entry: ChamberEntry): Promise<void> {
    await removeDurably(this.#path(entry))
    this.#waiting.delete(entry.id)
  }

  #note(entry: ChamberEntry, events: readonly SessionEvent[], closures: readonly SessionEvent[] = []): void {
    this.#waiting.set(entry.id, entry)
    if (entry.kind === 'command') this.#commands.add(String((JSON.parse(entry.body) as { id?: unknown }).id))
    this.hear(events, closures)
  }

  /** What an earlier run kept is judged again, as it was then: nothing else is written down of it. */
  #takeUp(entry: ChamberEntry): void {
    const of = this.byId(entry.session)
    const tablet = this.tablet(entry.tablet)
    if (entry.kind === 'command' || !of || !tablet) {
      this.#note(entry, [])
      return
    }
    const { events } = eventsRequest.parse(JSON.parse(entry.body))
    const kept = this.rows(entry.session).map((one) => one.event)
    const conductor = conductorOfTablet(tablet, of.council.id)
    const { append, closures } = judgeEvents(events, kept, { ...of, conductor, closedMarks: this.closedMarks(entry.session) })
    this.#note(
      entry,
      append,
      closures.map((one) => one.event),
    )
  }

  #path(entry: ChamberEntry): string {
    return join(this.#folder, 'entries', `${entry.id}.json`)
  }

  #toSession(of: KnownSession | undefined): ChamberSession | undefined {
    const council = this.#known?.council
    return of && council && { council, session: of.session, stage: of.stage, microphones: of.microphones }
  }
}
