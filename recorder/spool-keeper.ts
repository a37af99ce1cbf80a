import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type SessionId, sessionId } from '../storage/model/ids.ts'
import type { AgentIdentity } from './agent-identity.ts'
import type { SessionHoldings } from './control-protocol.ts'
import { type DiskRoom, readDiskRoom } from './disk-room.ts'
import { type SparedSegment, segmentsToRemove } from './retention-plan.ts'
import { reportSpool } from './segment-delivery.ts'
import { SegmentSpool } from './segment-spool.ts'
import type { ServerClock } from './server-clock.ts'
import { SpoolCopies } from './spool-copies.ts'

export interface SpoolKeeperConfig {
  folder: string
  identity: AgentIdentity
  clock: ServerClock
  /** A session that the agent works on; undefined for one that was delivered long ago. */
  working(session: SessionId): { spool: SegmentSpool; state: { finished: boolean } | undefined } | undefined
  /** Does work while no session is opened or closed: of one that is not worked on, nobody else has the files in hand then. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Told what stands in the way. Must not throw. */
  onTrouble: (sentence: string) => void
  roomOf?: (folder: string) => Promise<DiskRoom>
}

const roundEveryMs = 10 * 60_000
const reportEveryMs = 6 * 3600_000
const retryReportMs = 3600_000
const answerWithinMs = 30_000

/**
 * Keeps the chamber's copies as long as there is room, removes those whose receipt is kept when their time is over or the disk fills, and
 * tells the server what the spool holds. One round at a time.
 */
export class SpoolKeeper implements AsyncDisposable {
  readonly #config: SpoolKeeperConfig
  readonly #stop = new AbortController()
  /** Of sessions delivered long ago, so that their journals are not read at each round. */
  readonly #spared = new Map<SessionId, SparedSegment[]>()
  /** The server knows fewer receipts of them than we keep. */
  #doubted = new Set<string>()
  #round: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #reportAt = Number.NEGATIVE_INFINITY

  constructor(config: SpoolKeeperConfig) {
    this.#config = config
  }

  /** To be called once what earlier runs left is in hand: before that nobody else may touch it. */
  begin(): void {
    this.#timer ??= setInterval(() => void this.round(), roundEveryMs).unref()
    void this.round()
  }

  /** One round, or the one that runs; never rejects. */
  round(): Promise<void> {
    this.#round ??= this.#run()
      .catch((error: unknown) => this.#config.onTrouble(`the spool could not be kept: ${error instanceof Error ? error.message : error}`))
      .finally(() => {
        this.#round = undefined
      })
    return this.#round
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#stop.abort()
    await this.#round
  }

  async #run(): Promise<void> {
    const sessions = (await readdir(this.#config.folder)).flatMap((name) => sessionId.safeParse(name).data ?? [])
    if (performance.now() - this.#reportAt >= reportEveryMs) await this.#report(sessions)
    await this.#remove(sessions)
  }

  /** What a line that is down keeps from being told is told an hour later; nothing waits for it. */
  async #report(sessions: readonly SessionId[]): Promise<void> {
    const holdings: SessionHoldings[] = []
    for (const session of sessions) {
      const held = await this.#with(session, (copies, active) => copies.look(!active))
      if (held !== undefined) holdings.push(held)
    }
    const { freeBytes, totalBytes } = await this.#room()
    const report = { atMs: Date.now(), diskFreeBytes: freeBytes, diskTotalBytes: totalBytes, sessions: holdings.slice(-1000) }
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(answerWithinMs)])
    const keep = await reportSpool(this.#config, report, signal).catch(() => undefined)
    if (keep !== undefined) this.#doubted = new Set(keep)
    this.#reportAt = performance.now() - (keep === undefined ? reportEveryMs - retryReportMs : 0)
  }

  async #remove(sessions: readonly SessionId[]): Promise<void> {
    const spared: SparedSegment[] = []
    for (const session of sessions) if (!this.#doubted.has(session)) spared.push(...(await this.#sparedOf(session)))
    const now = Date.now()
    const wanted = Map.groupBy(segmentsToRemove(spared, await this.#room(), now), (one) => one.session as SessionId)
    for (const [session, segments] of wanted) {
      if (this.#stop.signal.aborted) return
      const leaves = segments.map((one) => one.leaf)
      await this.#with(session, (copies) => copies.remove(leaves, now))
      this.#spared.delete(session)
    }
  }

  async #sparedOf(session: SessionId): Promise<SparedSegment[]> {
    const known = this.#config.working(session) === undefined ? this.#spared.get(session) : undefined
    if (known !== undefined) return known
    const read = await this.#with(session, async (copies, active) =>
      copies.spared.map(({ leaf, line }) => ({ session, leaf, bytes: line.bytes, wallMs: line.wallMs, active })),
    )
    if (this.#config.working(session) === undefined) this.#spared.set(session, read)
    return read
  }

  async #with<T>(session: SessionId, work: (copies: SpoolCopies, active: boolean) => Promise<T>): Promise<T> {
    const working = this.#config.working(session)
    if (working !== undefined) {
      await using copies = await SpoolCopies.open(working.spool)
      return await work(copies, working.state?.finished !== true)
    }
    return await this.#config.exclusively(async () => {
      if (this.#config.working(session) !== undefined) return await this.#with(session, work)
      const { recorder } = this.#config.identity.enrolment
      await using spool = await SegmentSpool.open(join(this.#config.folder, session), { session, recorder })
      await using copies = await SpoolCopies.open(spool)
      return await work(copies, false)
    })
  }

  #room(): Promise<DiskRoom> {
    return (this.#config.roomOf ?? readDiskRoom)(this.#config.folder)
  }
}
