import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { isStoredLine, type StoredLine } from '../storage/model/recording.ts'
import { hashFile, syncFolder } from '../storage/programs/durable-file.ts'
import type { SessionHoldings } from './control-protocol.ts'
import { JsonLinesFile, parseLines } from './json-lines-file.ts'
import type { SegmentSpool } from './segment-spool.ts'

const removedLine = z.object({ leaf: z.int().nonnegative(), atMs: z.int() })
const mostDifferences = 500

interface Copy {
  leaf: number
  line: StoredLine
}

/** The segments of one session that are still on the recorder's disk; `removed.jsonl` beside its journal says which are not, and since when. */
export class SpoolCopies implements AsyncDisposable {
  readonly #spool: SegmentSpool
  readonly #file: JsonLinesFile
  readonly #removed: Set<number>

  private constructor(spool: SegmentSpool, file: JsonLinesFile, removed: Set<number>) {
    this.#spool = spool
    this.#file = file
    this.#removed = removed
  }

  static async open(spool: SegmentSpool): Promise<SpoolCopies> {
    const { file, bytes } = await JsonLinesFile.open(join(spool.folder, 'removed.jsonl'))
    return new SpoolCopies(spool, file, new Set(parseLines(bytes).map((line) => removedLine.parse(line).leaf)))
  }

  /** What may be removed: its receipt is kept and is over these very bytes. */
  get spared(): Copy[] {
    return this.#held.filter(({ leaf, line }) => {
      const receipt = this.#spool.receiptOf(leaf)
      return receipt !== undefined && receipt.sha256 === line.sha256 && receipt.sizeBytes === line.bytes
    })
  }

  /**
   * Removes segments: the file first, its folder synced, then the line that says so. Cut at any place it is done again, and finds the file
   * gone; twice is once. One without its receipt is left where it is, whoever asks.
   */
  async remove(leaves: readonly number[], nowMs: number): Promise<void> {
    const wanted = new Set(leaves)
    const copies = this.spared.filter(({ leaf }) => wanted.has(leaf))
    const folders = new Set<string>()
    for (const { line } of copies) {
      const path = this.#spool.storedPath(line)
      folders.add(dirname(path))
      await rm(path, { force: true })
    }
    for (const folder of folders) await syncFolder(folder)
    for (const { leaf } of copies) {
      await this.#file.append({ leaf, atMs: nowMs })
      this.#removed.add(leaf)
    }
  }

  /**
   * Holds the disk against the journal; changes nothing.
   * @param hashed what has no receipt is read and hashed too: it may be the only copy
   * @returns undefined when nothing was journalled yet
   */
  async look(hashed: boolean): Promise<SessionHoldings | undefined> {
    const { lines, lastHead } = this.#spool
    const [first] = lines
    if (first === undefined) return undefined
    const held = this.#held
    const found = { missing: [] as number[], altered: [] as number[], bytes: 0 }
    for (const { leaf, line } of held) {
      const fate = await this.#fateOf(leaf, line, hashed)
      if (fate === 'there') found.bytes += line.bytes
      else if (found[fate].length < mostDifferences) found[fate].push(leaf)
    }
    const segments = lines.filter(isStoredLine).length
    const confirmed = lines.filter((line, leaf) => isStoredLine(line) && this.#spool.receiptOf(leaf) !== undefined).length
    return {
      ...{ session: first.session, lines: lines.length, signed: lastHead?.size ?? 0 },
      ...{ segments, confirmed, removed: this.#removed.size, ...found },
      sinceMs: held.length === 0 ? null : Math.min(...held.map(({ line }) => line.wallMs)),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }

  get #held(): Copy[] {
    return this.#spool.lines.flatMap((line, leaf) => (isStoredLine(line) && !this.#removed.has(leaf) ? [{ leaf, line }] : []))
  }

  async #fateOf(leaf: number, line: StoredLine, hashed: boolean): Promise<'there' | 'missing' | 'altered'> {
    const path = this.#spool.storedPath(line)
    const there = await stat(path).catch(() => undefined)
    if (there === undefined) return 'missing'
    if (there.size !== line.bytes) return 'altered'
    if (!hashed || this.#spool.receiptOf(leaf) !== undefined) return 'there'
    return (await hashFile(path)).sha256 === line.sha256 ? 'there' : 'altered'
  }
}
