import type { RecorderState } from '../storage/model/recording.ts'
import type { Alarm } from './alarms.ts'
import type { Level } from './sound-levels.ts'

/** What can be told of a recording at one instant. */
export interface RecordingView {
  state: RecorderState
  /** What is wrong now: a code of the gap it will leave, or the sentence of an error. */
  cause: string | undefined
  part: number
  /** Place being captured now, by the clock. */
  mediaMs: number
  /** 0 while nothing is captured. */
  speed: number
  proven: { mediaMs: number; wallMs: number; peakDb: number | null; picture: boolean } | undefined
  alarms: Alarm[]
  levels: readonly Level[]
  /** The newest key picture that was decoded, small. */
  preview: Uint8Array | undefined
}
