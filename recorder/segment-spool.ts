import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { JournalError, lineLeafHash, parseJournal, signHead } from '../storage/custody/journal-tree.ts'
import { sealBytes } from '../storage/custody/sealing.ts'
import type { NoteSigner } from '../storage/custody/signer.ts'
import { type GapLine, isSealedLine, type JournalLine, type SegmentLine, type StoredLine } from '../storage/model/recording.ts'
import { hashFile, removeDurably, syncFile, syncFolder, writeDurably } from '../storage/programs/durable-file.ts'
import { segmentFileName } from './capture-arguments.ts'
import { type ClockReading, isOfClockNow } from './clock.ts'
import { type Receipt, receipt } from './control-protocol.ts'
import { JournalIndex, type WaitingSegment } from './journal-index.ts'
import { JsonLinesFile, parseLines } from './json-lines-file.ts'
import type { Anchor } from './media-line.ts'
import { readPartSeal, writePartSeal } from './part-seal.ts'
import { type SpoolState, writeSpoolState } from './spool-state.ts'
import { type Lane, lanes } from './upload-lanes.ts'

/** What is on the disk contradicts itself; nothing was changed, a person must look. */
export class SpoolDamagedError extends Error {
  override readonly name = 'SpoolDamagedError'
}

const keptReceipt = z.object({ leaf: z.int().nonnegative(), receipt })
const keptHead = z.object({ size: z.int().nonnegative(), note: z.string() })

export interface ClosedSegment {
  part: number
  /** `master` when not named. */
  track?: string
  index: number
  ptsMs: number
  durationMs: number
  /** Clock when its last byte was written. */
  clock: ClockReading
  tail: boolean
}

/**
 * One session on the recorder's disk: `part-000/s00000.ts`, `journal.jsonl`, `heads.jsonl`, `receipts.jsonl`, `state.json`.
 * A sealed segment lies as `s00000.ts.age` beside what it was made of, until the store has it; `seal.json` in the part names the keys.
 * The journal is the truth: a segment is recorded when its line is on the disk, and nothing else counts.
 */
export class SegmentSpool implements AsyncDisposable {
  readonly folder: string
  readonly #identity: { session: string; recorder: string }
  readonly #signer: NoteSigner | undefined
  readonly isSynchronised: (at: ClockReading) => boolean | undefined
  readonly #journal: JsonLinesFile
  readonly #heads: JsonLinesFile
  readonly #receiptsFile: JsonLinesFile
  readonly #index: JournalIndex
  #signed: { size: number; note: string } | undefined
  #turn: Promise<unknown> = Promise.resolve()
  readonly #seals = new Map<number, readonly string[] | undefined>()
  /** Whatever is journalled now is sealed, also what a part in the clear still had open. */
  sealTo: readonly string[] | undefined

  private constructor(folder: string, identity: SpoolIdentity, files: Awaited<ReturnType<typeof openFiles>>) {
    this.folder = folder
    this.#identity = { session: identity.session, recorder: identity.recorder }
    this.#signer = identity.signer
    this.isSynchronised = (at) => (isOfClockNow(at) ? identity.isSynchronised?.() : undefined)
    this.#journal = files.journal.file
    this.#heads = files.heads.file
    this.#receiptsFile = files.receipts.file
    this.#index = files.index
    this.#signed = parseLines(files.heads.bytes)
      .map((line) => keptHead.parse(line))
      .at(-1)
  }

  /**
   * Opens or makes the folder of a session; a torn last line of any of its files is cut off.
   * @throws SpoolDamagedError a whole line does not belong there
   */
  static async open(folder: string, identity: SpoolIdentity): Promise<SegmentSpool> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await syncFolder(dirname(folder))
    const files = await openFiles(folder)
    try {
      const foreign = files.index.lines.find((line) => line.session !== identity.session || line.recorder !== identity.recorder)
      if (foreign) throw new SpoolDamagedError(`journal in ${folder} is of session ${foreign.session} and recorder ${foreign.recorder}`)
      const spool = new SegmentSpool(folder, identity, files)
      await spool.#removeSealedSources()
      return spool
    } catch (error) {
      await Promise.all([files.journal, files.heads, files.receipts].map((one) => one.file[Symbol.asyncDispose]()))
      throw error
    }
  }

  get lines(): readonly JournalLine[] {
    return this.#index.lines
  }

  get root(): string {
    return this.#index.root
  }

  /** The end of what is journalled on the media line; undefined while nothing is. */
  endOf(tracks: readonly string[]): Anchor | undefined {
    return this.#index.endOf(tracks)
  }

  /** From where on a track misses what nobody has stated yet; undefined while nothing of it is journalled. */
  missingFrom(track: string): number | undefined {
    return this.#index.missingFrom(track)
  }

  get counts(): Readonly<{ segments: number; gaps: number; unconfirmed: number }> {
    return this.#index.counts
  }

  partFolder(part: number): string {
    return join(this.folder, `part-${String(part).padStart(3, '0')}`)
  }

  segmentPath(line: Pick<SegmentLine, 'part' | 'index'> & { track?: string }): string {
    return join(this.partFolder(line.part), segmentFileName(line.index, line.track))
  }

  /** The file whose bytes a line is the hash of. */
  storedPath(line: StoredLine): string {
    return isSealedLine(line) ? `${this.segmentPath(line)}.age` : this.segmentPath(line)
  }

  /** Says that everything a part writes is encrypted to these keys; said before its ffmpeg starts. */
  async sealPart(part: number, recipients: readonly string[]): Promise<void> {
    await writePartSeal(this.partFolder(part), recipients)
    this.#seals.set(part, recipients)
  }

  /** Keys that a part is sealed to, or undefined. */
  async sealOf(part: number): Promise<readonly string[] | undefined> {
    if (!this.#seals.has(part)) this.#seals.set(part, await readPartSeal(this.partFolder(part)))
    return this.#seals.get(part)
  }

  /** What came last of a track was sealed. */
  endsSealed(track: string): boolean {
    return this.#index.endsSealed(track)
  }

  /**
   * Puts a closed segment into custody of the journal: fsync, hash, fsync of the folder, line. An empty file recorded nothing: undefined.
   * A sealed one is encrypted in between; cut off there, it is encrypted anew, and what it is made of stays until the store has it.
   */
  async keepSegment(segment: ClosedSegment): Promise<StoredLine | undefined> {
    const source = this.segmentPath(segment)
    const sealTo = this.sealTo ?? (await this.sealOf(segment.part))
    await syncFile(source)
    if ((await stat(source)).size === 0) return undefined
    const path = sealTo === undefined ? source : `${source}.age`
    if (sealTo !== undefined) await writeDurably(path, await sealBytes(await readFile(source), sealTo), { mode: 0o600 })
    const { sha256, sizeBytes } = await hashFile(path)
    await syncFolder(dirname(path))
    const synchronised = this.isSynchronised(segment.clock)
    const line: StoredLine = {
      ...(sealTo === undefined ? { v: 1 } : { v: 2, kind: 'sealed' }),
      ...{ ...this.#ids(), part: segment.part, track: segment.track ?? 'master', index: segment.index, sha256, bytes: sizeBytes },
      ...{ ptsMs: segment.ptsMs, durationMs: segment.durationMs },
      ...{ wallMs: segment.clock.wallMs, monotonicNs: String(segment.clock.monotonicNs), boot: segment.clock.boot },
      ...(synchronised === undefined ? {} : { synchronised }),
      ...(segment.tail ? { tail: true } : {}),
    }
    await this.#append(line)
    return line
  }

  async keepGap(gap: Omit<GapLine, 'v' | 'kind' | 'session' | 'recorder'>): Promise<JournalLine> {
    return await this.#append({ v: 1, ...this.#ids(), kind: 'gap', ...gap })
  }

  /** Journals an event the recorder learnt. @returns undefined when it was journalled before */
  async keepEvent(event: { id: string; sha256: string }): Promise<JournalLine | undefined> {
    if (this.#index.hasEvent(event.id)) return undefined
    return await this.#append({ v: 1, ...this.#ids(), kind: 'event', id: event.id, sha256: event.sha256 })
  }

  /** Signs the tree as it stands and keeps the head. @returns the note; undefined when nothing grew since the last, or there is no key */
  async signHead(): Promise<string | undefined> {
    return await this.#inTurn(async () => {
      const { tree } = this.#index
      if (this.#signer === undefined || tree.size === 0 || this.#signed?.size === tree.size) return undefined
      const head = { size: tree.size, note: await signHead(tree, this.#signer) }
      await this.#heads.append(head)
      this.#signed = head
      return head.note
    })
  }

  get lastHead(): { size: number; note: string } | undefined {
    return this.#signed
  }

  /** Segments of one lane whose bytes the store has not confirmed, oldest first. */
  waitingIn(lane: Lane): Iterable<WaitingSegment> {
    return this.#index.waitingIn(lane)
  }

  /** All that the store has not confirmed, lane after lane. */
  unconfirmed(): WaitingSegment[] {
    return lanes.flatMap((lane) => [...this.#index.waitingIn(lane)])
  }

  receiptOf(leaf: number): Receipt | undefined {
    return this.#index.receiptOf(leaf)
  }

  async keepReceipt(leaf: number, of: Receipt): Promise<void> {
    await this.#receiptsFile.append({ leaf, receipt: of })
    this.#index.confirm(leaf, of)
    const line = this.#index.lines[leaf]
    if (line !== undefined && isSealedLine(line)) await removeDurably(this.segmentPath(line))
  }

  /** What was confirmed and not yet removed when the machine went down. */
  async #removeSealedSources(): Promise<void> {
    for (const [leaf, line] of this.#index.lines.entries()) {
      if (isSealedLine(line) && this.#index.receiptOf(leaf) !== undefined) await removeDurably(this.segmentPath(line))
    }
  }

  async writeState(state: SpoolState): Promise<void> {
    await writeSpoolState(this.folder, state)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn
    await Promise.all([this.#journal, this.#heads, this.#receiptsFile].map((file) => file[Symbol.asyncDispose]()))
  }

  #ids() {
    return this.#identity as Pick<SegmentLine, 'session' | 'recorder'>
  }

  async #append<T extends JournalLine>(line: T): Promise<T> {
    return await this.#inTurn(async () => {
      await this.#journal.append(line)
      this.#index.add(line, lineLeafHash(line))
      return line
    })
  }

  /** One change at a time: the order of the file, of the tree and of the lines in memory is the same. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

export interface SpoolIdentity {
  session: string
  recorder: string
  /** Signs heads; without it the journal stands unsigned. */
  signer?: NoteSigner
  /** Whether the wall's clock is held synchronised now; undefined while nobody knows. */
  isSynchronised?: () => boolean | undefined
}

async function openFiles(folder: string) {
  const journal = await JsonLinesFile.open(join(folder, 'journal.jsonl'))
  const heads = await JsonLinesFile.open(join(folder, 'heads.jsonl'))
  const receipts = await JsonLinesFile.open(join(folder, 'receipts.jsonl'))
  try {
    const { lines, leafHashes } = parseJournal(journal.bytes)
    const index = new JournalIndex()
    for (const [leaf, line] of lines.entries()) index.add(line, leafHashes[leaf] ?? lineLeafHash(line))
    for (const line of parseLines(receipts.bytes)) {
      const kept = keptReceipt.parse(line)
      index.confirm(kept.leaf, kept.receipt)
    }
    return { journal, heads, receipts, index }
  } catch (cause) {
    await Promise.all([journal, heads, receipts].map((one) => one.file[Symbol.asyncDispose]()))
    if (cause instanceof JournalError) throw new SpoolDamagedError(`journal in ${folder}: ${cause.message}`, { cause })
    throw cause
  }
}
