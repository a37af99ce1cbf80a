import type { Rehearsal } from '../../storage/model/rehearsal.ts'
import { ServerClock } from '../server-clock.ts'
import { type RehearsalParts, rehearse } from './rehearse.ts'
import { tellRehearsal } from './try-store.ts'

/** One rehearsal at a time, which gives way at once when a session is to be recorded: both need the sources. */
export class RehearsalTurn {
  #running: { done: Promise<Rehearsal>; giveWay: AbortController } | undefined

  /** Joins the one that runs. What was found is told to the server when there is one; that it could not be is no failure of the rehearsal. */
  run(parts: RehearsalParts, onUntold: (error: Error) => void): Promise<Rehearsal> {
    if (this.#running !== undefined) return this.#running.done
    const giveWay = new AbortController()
    const done = this.#rehearse({ ...parts, signal: giveWay.signal }, onUntold).finally(() => {
      this.#running = undefined
    })
    this.#running = { done, giveWay }
    return done
  }

  /** Settles when the sources are free. */
  async giveWay(): Promise<void> {
    this.#running?.giveWay.abort()
    await this.#running?.done.catch(() => undefined)
  }

  async #rehearse(parts: RehearsalParts & { signal: AbortSignal }, onUntold: (error: Error) => void): Promise<Rehearsal> {
    const found = await rehearse(parts)
    // Cut short it proves nothing.
    if (parts.identity !== undefined && !parts.signal.aborted) {
      await tellRehearsal(parts.identity, new ServerClock(), found).catch(onUntold)
    }
    return found
  }
}
