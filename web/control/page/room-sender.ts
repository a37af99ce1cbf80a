import { type EventsAnswer, eventsAnswer } from '../room-protocol.ts'
import type { KeptMark, Outbox } from './outbox.ts'
import type { RoomHand } from './room-hand.ts'

export type SendOutcome = 'sent' | 'no-line' | 'signed-out'

const batch = 100

/** Sends the marks that wait, in their order, as often as needed; the server drops what it has. One sending runs at a time. */
export class RoomSender {
  readonly #hand: RoomHand
  readonly #outbox: Outbox
  readonly #onSettled: (marks: KeptMark[]) => void
  #running: Promise<SendOutcome> | undefined
  #again = false

  constructor(hand: RoomHand, outbox: Outbox, onSettled: (marks: KeptMark[]) => void) {
    this.#hand = hand
    this.#outbox = outbox
    this.#onSettled = onSettled
  }

  send(): Promise<SendOutcome> {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<SendOutcome> {
    let outcome: SendOutcome = 'sent'
    while (this.#again && outcome === 'sent') {
      this.#again = false
      outcome = await this.#sendWaiting()
    }
    return outcome
  }

  async #sendWaiting(): Promise<SendOutcome> {
    for (;;) {
      const waiting = (await this.#outbox.read()).marks.filter((one) => one.status === 'pending').slice(0, batch)
      if (waiting.length === 0) return 'sent'
      const answered = await post(this.#hand, { events: waiting.map((one) => one.event) })
      if (typeof answered === 'string') return answered
      const settled = await this.#outbox.settle(answered)
      if (settled.length === 0) return 'no-line'
      this.#onSettled(settled)
    }
  }
}

/** POSTs JSON to the room. Anything but a clear answer counts as no line: the marks stay and are sent again. */
async function post(hand: RoomHand, body: unknown): Promise<EventsAnswer | Exclude<SendOutcome, 'sent'>> {
  try {
    const response = await hand.post('marcas', body, 15_000)
    if (response.status === 401 || response.status === 403) return 'signed-out'
    if (!response.ok) return 'no-line'
    return eventsAnswer.parse(await response.json())
  } catch (failure) {
    // Offline, cut short, or the answer of something in between: all the same to a mark that waits.
    console.info('marks wait for the line', failure)
    return 'no-line'
  }
}
