import type { CouncilId } from '../../storage/model/ids.ts'
import type { OpenMicrophone, ReportedMicrophoneEvent } from '../../storage/model/microphone-events.ts'
import { type LineProblem, type LineRules, readMicrophoneLines } from '../../storage/model/microphone-lines.ts'
import { addMicrophoneEvents, type MicrophoneOrigin, readOpenMicrophones } from '../../storage/records/microphones.ts'
import type { Storage } from '../../storage/storage.ts'

/** What became of a batch: new events, events that were there already, bad lines by number. All are on the disk when this is told. */
export interface BatchTaken {
  taken: number
  known: number
  refused: { line: number; problem: LineProblem }[]
}

/** More lines came from one origin in a minute than a chamber can switch; the next minute takes again. */
export class TooManyLinesError extends Error {
  override readonly name = 'TooManyLinesError'
}

/** Lines a minute of one origin: a chamber of 60 seats that catches up with a whole evening at once. */
const linesPerMinute = 10_000
/** A microphone left on in the morning's session says nothing of who speaks in the evening's. */
const forgottenAfterMs = 6 * 3_600_000

/** The one intake of microphone events of a process, and who is told when something came. */
export class Microphones {
  readonly #storage: Storage
  readonly #listeners = new Set<(council: CouncilId) => void>()
  readonly #windows = new Map<string, { endsAtMs: number; lines: number }>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Reads a batch of lines and keeps what is good of it. @throws TooManyLinesError */
  async takeLines(council: CouncilId, from: MicrophoneOrigin, text: string, rules: LineRules): Promise<BatchTaken> {
    const { events, refused } = readMicrophoneLines(text, rules)
    const done = await this.takeEvents(council, from, events, refused.length)
    return { ...done, refused }
  }

  /** Keeps events; the same id twice counts once. @throws TooManyLinesError */
  async takeEvents(
    council: CouncilId,
    from: MicrophoneOrigin,
    events: readonly ReportedMicrophoneEvent[],
    besides = 0,
  ): Promise<Pick<BatchTaken, 'taken' | 'known'>> {
    if (from.session === undefined) this.#count(`${council} ${from.origin}`, events.length + besides)
    const taken = await this.#storage.database.inCouncil(council, (tx) => addMicrophoneEvents(tx, from, events, Date.now()))
    // What was brought to a session afterwards is not heard now.
    if (taken > 0 && from.session === undefined) for (const listener of this.#listeners) listener(council)
    return { taken, known: events.length - taken }
  }

  /** The microphones that are on now, the one opened last first. */
  async open(council: CouncilId): Promise<OpenMicrophone[]> {
    return await this.#storage.database.inCouncil(council, (tx) => readOpenMicrophones(tx, Date.now() - forgottenAfterMs))
  }

  /** Told of each council whose microphones were switched. @returns what ends it */
  onChange(listener: (council: CouncilId) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #count(origin: string, lines: number): void {
    const now = Date.now()
    for (const [name, { endsAtMs }] of this.#windows) if (endsAtMs <= now) this.#windows.delete(name)
    const window = this.#windows.get(origin) ?? { endsAtMs: now + 60_000, lines: 0 }
    if (window.lines + lines > linesPerMinute) throw new TooManyLinesError(`more than ${linesPerMinute} lines a minute`)
    window.lines += lines
    this.#windows.set(origin, window)
  }
}
