/** Where a segment stands among those that want the line: the smaller goes first, place by place. */
export type Rank = readonly number[]

interface Waiting {
  rank: Rank
  go: () => void
}

/** Lets one at a time onto the line, and of those that wait the first in rank: a line shared by two is late for both. */
export class LineTurn {
  readonly #waiting: Waiting[] = []
  #taken = false

  /** Does `act` when the line is free and nobody of smaller rank waits. @throws the signal's reason, or what `act` throws */
  async take<T>(rank: Rank, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    await this.#enter(rank, signal)
    try {
      return await act()
    } finally {
      this.#taken = false
      this.#waiting.toSorted((one, other) => compareRanks(one.rank, other.rank))[0]?.go()
    }
  }

  async #enter(rank: Rank, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#taken) {
      const turn = Promise.withResolvers<void>()
      const waiting: Waiting = { rank, go: () => this.#admit(waiting, turn.resolve) }
      const giveUp = () => {
        if (this.#leave(waiting)) turn.reject(signal.reason)
      }
      this.#waiting.push(waiting)
      signal.addEventListener('abort', giveUp, { once: true })
      await turn.promise.finally(() => signal.removeEventListener('abort', giveUp))
    } else this.#taken = true
  }

  #admit(waiting: Waiting, resolve: () => void): void {
    this.#leave(waiting)
    this.#taken = true
    resolve()
  }

  /** @returns whether it still waited */
  #leave(waiting: Waiting): boolean {
    const at = this.#waiting.indexOf(waiting)
    if (at >= 0) this.#waiting.splice(at, 1)
    return at >= 0
  }
}

function compareRanks(one: Rank, other: Rank): number {
  for (const [place, value] of one.entries()) {
    const difference = value - (other[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
