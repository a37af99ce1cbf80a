import type { RecorderState } from '../storage/model/recording.ts'

/** Without proof for so long a recording is failed, whatever its process says (design.md §4 "record-truth"). */
export const proofLifeMs = 6000
/** How long a first start may take: the source is asked what it holds, then opened. */
export const startLifeMs = 12_000
/** A capture that writes nothing for so long is ended and begun again. */
export const stallMs = 10_000

export interface StateFacts {
  wanted: 'recording' | 'paused' | 'stopped'
  /** An ffmpeg process of ours is there. */
  capturing: boolean
  /** Since bytes of the running part were captured that were then decoded; undefined while none were. */
  proofAgeMs: number | undefined
  /** Some part of this run was proven before: a restart may not take as long as a first start. */
  everProven: boolean
  /** Since recording was asked for, or the last part was lost. */
  tryingMs: number
}

/** The state that the facts prove. */
export function provenState(of: StateFacts): RecorderState {
  if (of.wanted === 'stopped' && !of.capturing) return 'stopped'
  if (of.wanted === 'paused' && !of.capturing) return 'paused'
  if (of.capturing && of.proofAgeMs !== undefined) return of.proofAgeMs <= proofLifeMs ? 'recording' : 'failed'
  if (of.tryingMs > (of.everProven ? proofLifeMs : startLifeMs)) return 'failed'
  return of.capturing || of.everProven ? 'starting' : 'asked'
}

/** Wait before the next try after so many that recorded nothing, ms. */
export function restartDelayMs(failures: number): number {
  return [100, 300, 1000, 2000][failures] ?? 5000
}
