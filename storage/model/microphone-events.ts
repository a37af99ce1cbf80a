import { z } from 'zod'

/** Which microphone, and that it was switched on or off. `seat` as the council numbers its seats; `channel` of the sound that hears it. */
const microphoneSwitch = {
  seat: z.int().positive().max(65_535),
  channel: z.int().positive().max(1024).optional(),
  event: z.enum(['on', 'off']),
}

/** A switch that has its place on the sound: one line of microphone-events.jsonl (contracts.md §7), `t` in seconds from its start. */
export const microphoneEvent = z.object({ t: z.number().nonnegative(), ...microphoneSwitch })
export type MicrophoneEvent = z.infer<typeof microphoneEvent>

/**
 * The neutral event: what any conference system says of one of its microphones, in whatever way it came. «On» is permission to speak,
 * not speech. Of one origin, two with the same `source` and `id` are one.
 */
export const reportedMicrophoneEvent = z.object({
  /** The source's own, or made from what the line says. */
  id: z.string().min(1).max(100),
  /** The system or unit that says it, when several speak through one door; empty for the only one. */
  source: z.string().max(100),
  ...microphoneSwitch,
  /** `source`: `ms` is Unix ms on the source's own clock. `recording`: `ms` counts on the media line of the session. */
  clock: z.enum(['source', 'recording']),
  ms: z.int(),
})
export type ReportedMicrophoneEvent = z.infer<typeof reportedMicrophoneEvent>

/** A microphone that is on; `sinceMs` is when the server was told, Unix ms. */
export const openMicrophone = z.object({ seat: z.int().positive(), sinceMs: z.int() })
export type OpenMicrophone = z.infer<typeof openMicrophone>

/** A stretch recorded without a hole: a part, or a segment of it. `wallMs`: the recorder's clock when place `fromMs` was captured. */
export interface RecordedStretch {
  fromMs: number
  wallMs: number
}

/**
 * Gives each switch its place on the sound. What happened in a gap stands where the recording goes on; of what came before the recording
 * only the last state of each microphone is told, at its start. The source's clock is taken as it is: what it is off by shows against
 * the speech (transcriber/speakers/clock-offset.ts).
 * @param stretches in order of the media line; without any nothing can be placed but what was told on that line
 */
export function placeOnRecording(reported: readonly ReportedMicrophoneEvent[], stretches: readonly RecordedStretch[]): MicrophoneEvent[] {
  const placed = reported
    .flatMap((event) => {
      const ms = event.clock === 'recording' ? event.ms : mediaPlaceOf(event.ms, stretches)
      return ms === undefined ? [] : [{ event, ms }]
    })
    .sort((a, b) => a.ms - b.ms)
  const before = new Map(placed.filter(({ ms }) => ms < 0).map((one) => [one.event.seat, one]))
  const openAtStart = [...before.values()].filter(({ event }) => event.event === 'on').map((one) => ({ ...one, ms: 0 }))
  return [...openAtStart, ...placed.filter(({ ms }) => ms >= 0)].map(({ event, ms }) => ({
    t: ms / 1000,
    seat: event.seat,
    ...(event.channel === undefined ? {} : { channel: event.channel }),
    event: event.event,
  }))
}

/** Negative before the recording; past its end it goes on counting. */
function mediaPlaceOf(wallMs: number, stretches: readonly RecordedStretch[]): number | undefined {
  const at = stretches.findLastIndex((one) => one.wallMs <= wallMs)
  const [own, next] = [stretches[Math.max(0, at)], stretches[Math.max(0, at) + 1]]
  if (own === undefined) return undefined
  return Math.min(own.fromMs + wallMs - own.wallMs, next?.fromMs ?? Number.POSITIVE_INFINITY)
}
