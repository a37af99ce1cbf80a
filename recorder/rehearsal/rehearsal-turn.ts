import type { Rehearsal } from '../../storage/model/rehearsal.ts'
import { plansFrom } from '../chamber-profile.ts'
import { CommandRefusedError, type RecorderParts } from '../recorder-parts.ts'
import { ServerClock } from '../server-clock.ts'
import { type RehearsalParts, rehearse } from './rehearse.ts'
import { tellRehearsal } from './try-store.ts'

const usualSeconds = 20

/** One rehearsal at a time, which gives way at once when a session is to be recorded: both need the sources. */
export class RehearsalTurn {
  #running: { done: Promise<Rehearsal>; giveWay: AbortController } | undefined

  /** That of an enrolled recorder with its own source. @throws CommandRefusedError it has none */
  async runOf({ identity, ffmpeg, spool, source, speed, onTrouble }: RecorderParts, seconds = usualSeconds): Promise<Rehearsal> {
    if (source === undefined) throw new CommandRefusedError('no source: the configuration names none')
    const plans = plansFrom(source, speed)
    const untold = (error: Error) => onTrouble?.(`the rehearsal was not told to the server: ${error.message}`)
    return await this.run({ identity, ffmpeg, spool, plans, seconds }, untold)
  }

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
