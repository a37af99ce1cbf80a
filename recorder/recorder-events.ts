import { newId } from '../storage/model/ids.ts'
import type { RecorderState } from '../storage/model/recording.ts'
import { type SessionEvent, type SessionEventType, sessionEvent } from '../storage/model/session-events.ts'
import type { ClockReading } from './clock.ts'

export type RecordingEventType = Extract<SessionEventType, `recording.${string}`>

export interface Seen {
  type: RecordingEventType
  part: number
  mediaMs: number
  fromMs?: number
  toMs?: number
  cause?: string
}

/** What the recorder saw, as an event of the session (contracts.md §1). Its device is the recorder; `seq` counts its events. */
export function recorderEvent(seen: Seen, of: { session: string; recorder: string; seq: number; clock: ClockReading }): SessionEvent {
  const { clock, session, recorder, seq } = of
  return sessionEvent.parse({
    ...{ v: 1, id: newId(clock.wallMs), session, device: recorder, seq, by: 'recorder' },
    at: { wallMs: clock.wallMs, monotonicNs: String(clock.monotonicNs), boot: clock.boot },
    ...seen,
  })
}

/** The event that a change of state is; undefined for one that tells nothing new. */
export function eventOfChange(from: RecorderState, to: RecorderState): RecordingEventType | undefined {
  if (to === from) return undefined
  if (to === 'recording') return 'recording.proven'
  if (to === 'paused') return 'recording.paused'
  if (to === 'failed') return 'recording.failed'
  return from === 'paused' && to !== 'stopped' ? 'recording.resumed' : undefined
}
