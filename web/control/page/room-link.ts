import { io, type Socket } from 'socket.io-client'
import { z } from 'zod'
import { proofOfLife } from '../../../recorder/control-protocol.ts'
import { chamberNotes } from '../../../storage/model/chamber-notes.ts'
import { type OpenMicrophone, openMicrophone } from '../../../storage/model/microphone-events.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { pinNeeded } from '../../chamber/chamber-protocol.ts'
import type { RecorderSight } from '../room.ts'
import { type LeadAct, leadView } from '../room-protocol.ts'

/** 0: of a log that the server has told nothing of yet. */
const eventRow = z.object({ row: z.int().nonnegative(), event: sessionEvent })
const sightMessage = z.object({
  serverMs: z.number(),
  /** Told by the recorder's own machine: there is no line to the server. */
  chamber: z.literal(true).optional(),
  recorder: z.object({
    name: z.string().nullable(),
    connected: z.boolean(),
    session: z.string().nullable(),
    proof: proofOfLife.optional(),
    sightMs: z.number().optional(),
    preview: z.boolean().optional(),
  }),
})
const eventsMessage = z.object({ rows: z.array(eventRow) })
export const eventsPage = z.object({ rows: z.array(eventRow), serverMs: z.number(), notes: chamberNotes.optional() })
export type EventRow = z.infer<typeof eventRow>
export type LeadSaid = z.infer<typeof leadView>

const microphonesMessage = z.object({ open: z.array(openMicrophone) })

export interface RoomLinkListener {
  /** The line is there (again): fetch what was missed, send what waits. */
  onLink(): void
  onLost(): void
  onSight(recorder: RecorderSight, serverMs: number, chamber: boolean): void
  /** The recorder's own machine answers, and wants the PIN first. */
  onPinNeeded(): void
  onEvents(rows: EventRow[]): void
  /** The answer to a question about the server's clock; it left at `sentMs` of `performance.now()`. */
  onClock(sentMs: number, serverMs: number): void
  onLead(said: LeadSaid): void
  /** The microphones that are on now, the one opened last first. */
  onMicrophones(open: OpenMicrophone[]): void
}

/** Which tablet this is, for the lead (room-lead.ts). */
export interface LinkIdentity {
  council: string
  session: string
  /** None: this browser keeps no marks, so it looks on and never leads. */
  device: string | undefined
  /** It led when it was last here. */
  claims(): boolean
  /** It has marks that the server has not taken yet. */
  waits(): boolean
}

const redialMs = 3_000
/** Nothing heard for this long: the line is gone, whatever the socket believes. */
const silenceMs = 6_000

/** The live line of the tablet to the server. It tells what it hears; marks travel by HTTP (room-sender.ts). */
export class RoomLink implements Disposable {
  readonly #socket: Socket
  readonly #listener: RoomLinkListener
  readonly #waits: () => boolean
  readonly #watch: ReturnType<typeof setInterval>
  #heardMs = 0
  #linked = false

  constructor({ claims, waits, ...room }: LinkIdentity, listener: RoomLinkListener) {
    this.#listener = listener
    this.#waits = waits
    const auth = (give: (of: object) => void) => give({ ...room, claims: claims() })
    this.#socket = io('/sala', { auth, reconnectionDelay: 500, reconnectionDelayMax: 4_000, timeout: 5_000 })
    this.#socket.on('connect', () => this.#heard())
    this.#socket.on('disconnect', () => this.#lost())
    this.#socket.on('connect_error', (refusal) => {
      if (refusal.message === pinNeeded) listener.onPinNeeded()
      // A refusal ends the dialling; whoever refused may be another in a moment.
      if (!this.#socket.active) setTimeout(() => this.#socket.connect(), redialMs)
    })
    this.#socket.on('sight', (message: unknown) => {
      const read = sightMessage.safeParse(message)
      if (!read.success) return
      this.#heard()
      const { proof, sightMs, preview, ...seen } = read.data.recorder
      const told = { ...(proof ? { proof: withoutAbsent(proof) } : {}), ...(sightMs === undefined ? {} : { sightMs }) }
      listener.onSight({ ...seen, ...told, ...(preview ? { preview } : {}) }, read.data.serverMs, read.data.chamber === true)
    })
    this.#socket.on('events', (message: unknown) => {
      const read = eventsMessage.safeParse(message)
      if (read.success) listener.onEvents(read.data.rows)
    })
    this.#socket.on('microphones', (message: unknown) => {
      const read = microphonesMessage.safeParse(message)
      if (read.success) listener.onMicrophones(read.data.open)
    })
    this.#socket.on('lead', (message: unknown) => {
      const read = leadView.safeParse(message)
      if (read.success) listener.onLead(read.data)
    })
    this.#watch = setInterval(() => this.#look(), 1_000)
    addEventListener('offline', this.#offline)
    addEventListener('online', this.#online)
  }

  /** Asks for the lead, or answers who asks. */
  lead(act: LeadAct): void {
    this.#socket.emit('lead', act)
  }

  readonly #offline = () => {
    this.#socket.disconnect()
    this.#lost()
  }

  readonly #online = () => {
    this.#socket.connect()
  }

  #look(): void {
    if (this.#linked && Date.now() - this.#heardMs > silenceMs) {
      this.#lost()
      this.#socket.disconnect().connect()
    }
    if (!this.#linked) return
    const sentMs = performance.now()
    this.#socket.timeout(4_000).emit('clock', { waits: this.#waits() }, (failed: unknown, serverMs: unknown) => {
      if (!failed && typeof serverMs === 'number') this.#listener.onClock(sentMs, serverMs)
    })
  }

  #heard(): void {
    this.#heardMs = Date.now()
    if (this.#linked) return
    this.#linked = true
    this.#listener.onLink()
  }

  #lost(): void {
    if (!this.#linked) return
    this.#linked = false
    this.#listener.onLost()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watch)
    removeEventListener('offline', this.#offline)
    removeEventListener('online', this.#online)
    this.#socket.disconnect()
  }
}

/** zod gives `cause: undefined`; the model wants it absent. */
function withoutAbsent(proof: z.infer<typeof proofOfLife>) {
  const { cause, ...rest } = proof
  return { ...rest, ...(cause === undefined ? {} : { cause }) }
}
