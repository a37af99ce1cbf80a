import type { z } from 'zod'
import type { leadView } from './room-protocol.ts'

interface Tablet {
  device: string
  name: string
}

/** Who was asked for the lead and did not answer in this time gives it away. */
const answerMs = 20_000
/** A leader that has been gone for so long leads no more. */
const forgottenMs = 15 * 60_000
/** After a start of the server, a tablet that led before it may take the lead from one that only came first. */
const settlingMs = 10_000

/**
 * Which tablet leads a session: the first that comes; another may ask, and takes it when the leader agrees, does not answer, or is not
 * there. It settles who taps, never what is kept: marks of a tablet that led without a line are taken all the same.
 */
export class RoomLead {
  #leader: (Tablet & { sinceMs: number; claimed: boolean }) | undefined
  #asking: (Tablet & { sinceMs: number }) | undefined
  #heardMs: number | undefined
  readonly #lines = new Map<string, number>()

  /** A tablet opened a line. @param claims it led when it was last here */
  came(tablet: Tablet, claims: boolean, nowMs: number): void {
    this.#lines.set(tablet.device, (this.#lines.get(tablet.device) ?? 0) + 1)
    const leader = this.#leader
    const usurped = claims && leader !== undefined && !leader.claimed && nowMs - leader.sinceMs < settlingMs
    const gone = leader !== undefined && !this.#isHere(leader.device) && nowMs - leader.sinceMs > forgottenMs
    if (leader === undefined || usurped || gone) this.#give(tablet, nowMs, claims)
    if (leader?.device === tablet.device) leader.sinceMs = nowMs
  }

  left(device: string, nowMs: number): void {
    const lines = (this.#lines.get(device) ?? 1) - 1
    if (lines > 0) {
      this.#lines.set(device, lines)
      return
    }
    this.#lines.delete(device)
    if (this.#leader?.device === device) this.#leader.sinceMs = nowMs
    if (this.#asking?.device === device) this.#asking = undefined
  }

  /** It said that it has no mark left to send. That it is here again does not say so: it may bring a closed part. */
  heard(device: string, nowMs: number): void {
    if (this.#leader?.device === device) this.#heardMs = nowMs
  }

  /** When the leading tablet last said that it has no mark left to send, Unix ms of the server. */
  get heardMs(): number | undefined {
    return this.#heardMs
  }

  ask(tablet: Tablet, nowMs: number): void {
    if (this.#leader?.device === tablet.device) return
    if (!this.#leader || !this.#isHere(this.#leader.device)) this.#give(tablet, nowMs, true)
    else this.#asking = { ...tablet, sinceMs: nowMs }
  }

  /** Only who leads answers. */
  answer(device: string, gives: boolean, nowMs: number): void {
    if (this.#leader?.device !== device || !this.#asking) return
    if (gives) this.#give(this.#asking, nowMs, true)
    this.#asking = undefined
  }

  /** @returns whether an unanswered question was settled */
  tick(nowMs: number): boolean {
    if (!this.#asking || nowMs - this.#asking.sinceMs < answerMs) return false
    this.#give(this.#asking, nowMs, true)
    return true
  }

  view(): z.infer<typeof leadView> {
    const leader = this.#leader
    const asking = this.#asking
    return {
      leader: leader ? { device: leader.device, name: leader.name, connected: this.#isHere(leader.device), sinceMs: leader.sinceMs } : null,
      asking: asking ? { device: asking.device, name: asking.name } : null,
    }
  }

  #isHere(device: string): boolean {
    return this.#lines.has(device)
  }

  #give({ device, name }: Tablet, nowMs: number, claimed: boolean): void {
    this.#leader = { device, name, sinceMs: nowMs, claimed }
    this.#asking = undefined
    this.#heardMs = undefined
  }
}
