import { elapsedMs, readClock } from './clock.ts'
import type { PartFollower } from './part-follower.ts'

/** A power cut costs this, the time that a sync takes, and what ffmpeg holds back (a quarter of a second): together about one second. */
const syncEveryMs = 400

/**
 * Journals what ffmpeg closed, and syncs what it has open, each beside whoever looks and beside the other: a disk that hangs holds up only
 * this, and the many syncs of a closed segment do not hold up that of the open one.
 */
export class DiskRounds {
  readonly #followers: readonly PartFollower[]
  #keeping: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #syncedAt = readClock()
  #kept = 0
  #refusals: unknown[] = []

  constructor(followers: readonly PartFollower[]) {
    this.#followers = followers
  }

  /** Begins what is due and does not run already. Settles when what was closed is journalled; never rejects. */
  next(): Promise<void> {
    if (this.#syncing === undefined && elapsedMs(this.#syncedAt, readClock()) >= syncEveryMs) {
      this.#syncedAt = readClock()
      this.#syncing = this.#begin(this.#sync()).finally(() => {
        this.#syncing = undefined
      })
    }
    this.#keeping ??= this.#begin(this.#keep()).finally(() => {
      this.#keeping = undefined
    })
    return this.#keeping
  }

  /** Settles when nothing runs. */
  async idle(): Promise<void> {
    await Promise.all([this.#keeping, this.#syncing])
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

  #begin(step: Promise<void>): Promise<void> {
    return step.catch((error: unknown) => void this.#refusals.push(error))
  }

  /** One track after another: the lines of a part stand in one order. */
  async #keep(): Promise<void> {
    for (const follower of this.#followers) this.#kept += (await follower.keepClosed()).length
  }

  async #sync(): Promise<void> {
    await Promise.all(this.#followers.map((one) => one.syncOpen()))
  }
}
