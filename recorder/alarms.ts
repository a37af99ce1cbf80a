import { z } from 'zod'

/** Everything that can be wrong while a session is recorded, and that a person in the room should know at once. */
export const alarmCode = z.enum([
  /** A source gives nothing: gone, refused, or its capture died; it is being taken up again. */
  'source-lost',
  /** The capture runs and writes nothing. */
  'not-written',
  'no-sound',
  'microphone-silent',
  'clipping',
  'sound-missing',
  'no-picture',
  'black-picture',
  'frozen-picture',
  /** Less room than the session will need. */
  'disk-short',
  /** 90 % full: no preview any more. */
  'disk-low',
  /** 95 % full: the picture is not recorded any more, the sound is. */
  'disk-sound-only',
  /** Nothing can be written. */
  'disk-full',
  'clock-stepped',
  /** The machine was off in the middle of the session, and no clock that is held tells for how long. */
  'clock-unsure',
])
export type AlarmCode = z.infer<typeof alarmCode>

export const alarm = z.object({
  code: alarmCode,
  /** Which source of several; absent when there is one. */
  source: z.string().min(1).max(100).optional(),
  /** Name of the microphone or source as people call it. */
  name: z.string().min(1).max(100).optional(),
  /** Clock of the recorder when it began. */
  sinceWallMs: z.int().nonnegative(),
})
export type Alarm = z.infer<typeof alarm>

/** Level of one channel or microphone, for the meters. */
export const channelLevel = z.object({
  name: z.string().min(1).max(100).optional(),
  peakDb: z.number(),
  rmsDb: z.number(),
})
export type ChannelLevel = z.infer<typeof channelLevel>

/** What capture said is wrong, the worst first: what stops the recording before what spoils it. */
export function worstFirst(alarms: readonly Alarm[]): Alarm[] {
  const order = [
    'disk-full',
    'source-lost',
    'not-written',
    'no-sound',
    'no-picture',
    'disk-sound-only',
    'microphone-silent',
    'black-picture',
  ]
  const rank = (of: Alarm) => (order.includes(of.code) ? order.indexOf(of.code) : order.length)
  return alarms.toSorted((a, b) => rank(a) - rank(b) || a.sinceWallMs - b.sinceWallMs)
}
