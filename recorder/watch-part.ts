import { setTimeout as wait } from 'node:timers/promises'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { Capture } from './capture.ts'
import { elapsedMs, readClock } from './clock.ts'
import type { PartFollower } from './part-follower.ts'
import { type Proof, proofEveryMs, proveWritten } from './proof-of-life.ts'
import { stallMs } from './recorder-state.ts'

const lookEveryMs = 200
const firstProofEveryMs = 500
const syncEveryMs = 1000

export interface WatchedPart {
  ffmpeg: Ffmpeg
  capture: Capture
  follower: PartFollower
  /** Aborted when the part is to end. */
  ending: AbortSignal
  onLook(keptLines: number): void
  onProof(proof: Proof): void
}

/**
 * Watches one ffmpeg until it is gone and everything it wrote is journalled: closed segments at each look, the open one synced each
 * second, proof every two. An ffmpeg that writes nothing for 10 s is killed, since it may hang for ever (study-recorder.md §1).
 * @returns how it ended: because it was told to, because it wrote nothing, or by itself
 */
export async function watchPart(part: WatchedPart): Promise<'told' | 'stalled' | 'died'> {
  const { ffmpeg, capture, follower, ending } = part
  const told = new Promise<void>((resolve) => {
    if (ending.aborted) resolve()
    else ending.addEventListener('abort', () => resolve(), { once: true })
  })
  const decoding = new AbortController()
  let gone = false
  void capture.exited.then(() => {
    gone = true
  })
  let end: 'told' | 'stalled' | undefined
  let grown = { bytes: -1, at: readClock() }
  let syncedAt = readClock()
  let provenAt = readClock()
  let proving: Promise<void> | undefined
  let proved = false
  const prove = async () => {
    const proof = await proveWritten(ffmpeg, follower, decoding.signal)
    if (proof === undefined) return
    proved = true
    part.onProof(proof)
  }
  try {
    while (!gone) {
      await Promise.race([capture.exited, wait(lookEveryMs), ...(end === undefined ? [told] : [])])
      const kept = (await follower.keepClosed()).length
      const bytes = (await follower.growth())?.bytes ?? 0
      if (bytes > grown.bytes) grown = { bytes, at: readClock() }
      if (end === undefined && ending.aborted) {
        end = 'told'
        void capture.stop()
      } else if (end === undefined && elapsedMs(grown.at, readClock()) > stallMs) {
        end = 'stalled'
        void capture.stop([{ signal: 'SIGKILL', waitMs: 5000 }])
      }
      if (elapsedMs(syncedAt, readClock()) >= syncEveryMs) {
        syncedAt = readClock()
        await follower.syncOpen()
      }
      if (proving === undefined && elapsedMs(provenAt, readClock()) >= (proved ? proofEveryMs : firstProofEveryMs)) {
        provenAt = readClock()
        proving = prove().finally(() => {
          proving = undefined
        })
      }
      part.onLook(kept)
    }
    await proving
    part.onLook((await follower.keepAll(ffmpeg)).length)
    return end ?? 'died'
  } catch (error) {
    // The disk said no: whoever tries again must not find this ffmpeg still writing.
    await capture.stop()
    throw error
  } finally {
    decoding.abort()
  }
}
