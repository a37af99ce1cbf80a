import { elapsedMs, readClock } from './clock.ts'
import type { PartFollower } from './part-follower.ts'

/** A power cut costs this, the time that a sync takes, and what ffmpeg holds back (a quarter of a second): together below one second. */
const syncEveryMs = 500

/** Journals what ffmpeg closed and syncs what it has open, one round at a time, beside whoever looks: a disk that hangs holds up only this. */
export class DiskRounds {
  readonly #followers: readonly PartFollower[]
  #round: Promise<void> | undefined
  #syncedAt = readClock()
  #kept = 0
  #refusals: unknown[] = []

  constructor(followers: readonly PartFollower[]) {
    this.#followers = followers
  }

  /** Begins a round unless one runs. Settles with it and never rejects. */
  next(): Promise<void> {
    this.#round ??= this.#run()
      .catch((error: unknown) => void this.#refusals.push(error))
      .finally(() => {
        this.#round = undefined
      })
    return this.#round
  }

  /** Settles when no round runs. */
  async idle(): Promise<void> {
    await this.#round
  }

  /** After ffmpeg is gone: everything it left. */
  async last(): Promise<void> {
    for (const follower of this.#followers) this.#kept += (await follower.keepAll()).length
  }

  /** How many lines were journalled since this was asked before. @throws what the disk refused */
  takeKept(): number {
    if (this.#refusals.length > 0) throw this.#refusals[0]
    const kept = this.#kept
    this.#kept = 0
    return kept
  }

  /** One track after another: the lines of a part stand in one order. */
  async #run(): Promise<void> {
    for (const follower of this.#followers) this.#kept += (await follower.keepClosed()).length
    if (elapsedMs(this.#syncedAt, readClock()) < syncEveryMs) return
    this.#syncedAt = readClock()
    for (const follower of this.#followers) await follower.syncOpen()
  }
}
