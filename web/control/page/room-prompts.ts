import type { Session } from '../../../storage/model/session.ts'
import type { SessionState } from '../../../storage/model/session-state.ts'
import type { StripWord } from '../recorder-strip.ts'
import type { RecorderSight } from '../room.ts'
import type { Prompt } from '../room-model.ts'

/** Softer than this is silence, dBFS. */
const quietDb = -50
/** So long without a sound while the session is open, and the page asks whether it is over. */
const silenceMs = 5 * 60_000
/** From the announced hour on, for so long, the page asks whether to begin. */
const hourLastsMs = 3 * 3_600_000
/** How long «Sincronizado: 7 marcas» stands. */
const sentLastsMs = 8_000

/** What the page asks of the person by itself. It only asks: a session is opened and ended by people (R29). */
export class RoomPrompts {
  #heardMs: number | undefined
  #hourAnswered = false
  #sent: { count: number; atMs: number } | undefined

  see(recorder: RecorderSight, nowMs: number): void {
    const proof = recorder.proof
    const quiet = proof?.state === 'recording' && (proof.peakDb === null || proof.peakDb <= quietDb)
    if (!quiet || this.#heardMs === undefined) this.#heardMs = nowMs
  }

  /** Marks that waited without a line are with the server. */
  sent(count: number, nowMs: number): void {
    this.#sent = { count, atMs: nowMs }
  }

  /** The person answered: the session goes on, or is not to begin yet. */
  dismiss(nowMs: number): void {
    this.#hourAnswered = true
    this.#heardMs = nowMs
    this.#sent = undefined
  }

  now(session: Session, state: SessionState, word: StripWord, nowMs: number): Prompt | undefined {
    const late = nowMs - session.convenedFor
    if (state.phase === 'before' && word === 'ready' && !this.#hourAnswered && late >= 0 && late < hourLastsMs) return { kind: 'hour' }
    const silentMs = this.#heardMs === undefined ? 0 : nowMs - this.#heardMs
    if (state.phase === 'open' && word === 'recording' && silentMs >= silenceMs) {
      return { kind: 'silence', minutes: Math.floor(silentMs / 60_000) }
    }
    if (this.#sent && nowMs - this.#sent.atMs < sentLastsMs) return { kind: 'sent', count: this.#sent.count }
    return undefined
  }
}
