import type { DiskRoom } from './disk-room.ts'

/** A segment in the spool whose bytes the store holds, as the server found when it read them back. */
export interface SparedSegment {
  session: string
  leaf: number
  bytes: number
  /** When it was recorded. */
  wallMs: number
  /** Its session is being recorded. */
  active: boolean
}

const dayMs = 24 * 3600_000
/** So long the chamber keeps a second copy while there is room (study-recorder.md §3.3). */
export const keptForMs = 30 * dayMs
/** Fuller than this the oldest copies go first, until there is a little more room. */
const fullShare = 0.8
const backShare = 0.02
/** What is being recorded is decoded, placed and perhaps taken up again from its newest segments. */
const activeForMs = 10 * 60_000

/**
 * Which copies go: those past their time, and on a disk that fills the oldest ones. Only what has a receipt is asked about at all, so
 * that nothing else can go. Pure.
 * @param of in any order
 * @returns the oldest first
 */
export function segmentsToRemove(of: readonly SparedSegment[], room: DiskRoom, nowMs: number): SparedSegment[] {
  const oldest = of.filter((one) => !one.active || nowMs - one.wallMs > activeForMs).sort((a, b) => a.wallMs - b.wallMs || a.leaf - b.leaf)
  const usedBytes = room.totalBytes - room.freeBytes
  const isFull = usedBytes > room.totalBytes * fullShare
  let missingBytes = isFull ? usedBytes - room.totalBytes * (fullShare - backShare) : 0
  return oldest.filter((one) => {
    const wanted = missingBytes > 0 || nowMs - one.wallMs > keptForMs
    if (wanted) missingBytes -= one.bytes
    return wanted
  })
}
