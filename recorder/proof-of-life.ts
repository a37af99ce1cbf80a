import { stat } from 'node:fs/promises'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { ProgramError } from '../storage/programs/run-program.ts'
import { type ClockReading, readingAt } from './clock.ts'
import { type Decoded, decodeSegment } from './decode-segment.ts'
import type { PartFollower } from './part-follower.ts'

/** Bytes that lie on the disk were decoded up to `partMs` on the line of their part. */
export interface Proof {
  partMs: number
  /** When the last of them was written. */
  clock: ClockReading
  peakDb: number | null
  picture: boolean
}

/** Time between two looks. */
export const proofEveryMs = 2000

/**
 * Decodes what was written last: the open segment, or the one before while the open one holds too little.
 * @returns undefined when nothing written so far decodes
 */
export async function proveWritten(ffmpeg: Ffmpeg, follower: PartFollower, signal: AbortSignal): Promise<Proof | undefined> {
  // The open segment first: the closed one is older, but whole.
  for (const candidate of [follower.openSegment, follower.lastClosed]) {
    if (candidate === undefined) continue
    const written = await stat(candidate.path).catch(() => undefined)
    if (written === undefined || written.size === 0) continue
    const decoded = await tryDecode(ffmpeg, candidate.path, signal)
    if (decoded === undefined || decoded.pictures + decoded.sounds === 0) continue
    const { peakDb, pictures, durationMs } = decoded
    return { partMs: candidate.fromMs + durationMs, clock: readingAt(written.mtimeMs), peakDb, picture: pictures > 0 }
  }
  return undefined
}

async function tryDecode(ffmpeg: Ffmpeg, path: string, signal: AbortSignal): Promise<Decoded | undefined> {
  try {
    return await decodeSegment(ffmpeg, path, { keyPictures: true, signal })
  } catch (error) {
    // Too little was written yet, or what is there is broken: no proof either way.
    if (error instanceof ProgramError) return undefined
    throw error
  }
}
