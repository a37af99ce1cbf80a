import { setTimeout as wait } from 'node:timers/promises'
import type { Capture } from './capture.ts'
import { elapsedMs, readClock } from './clock.ts'
import type { PartFollower } from './part-follower.ts'
import { type PartProver, type Proof, proofEveryMs } from './proof-of-life.ts'
import { stallMs } from './recorder-state.ts'
import { untilAborted } from './until-aborted.ts'

const lookEveryMs = 200
const firstProofEveryMs = 500
const syncEveryMs = 1000

export interface WatchedPart {
  capture: Capture
  /** One a track, the leading one first. */
  followers: readonly [PartFollower, ...PartFollower[]]
  prover: PartProver
  /** Aborted when the part is to end. */
  ending: AbortSignal
  /** @param stillMs since the last byte was written */
  onLook(keptLines: number, stillMs: number): void
  onProof(proof: Proof): void
  /** ffmpeg is gone and nobody told it to; said at once, before what it left is looked at. */
  onGone(): void
}

/**
 * Watches one ffmpeg until it is gone and everything it wrote is journalled: closed segments at each look, the open one synced each
 * second, proof every one and a half. An ffmpeg that writes nothing for 10 s is killed, since it may hang for ever (study-recorder.md §1).
 * @returns how it ended: because it was told to, because it wrote nothing, or by itself
 */
export async function watchPart(part: WatchedPart): Promise<'told' | 'stalled' | 'died'> {
  const { capture, followers, prover, ending } = part
  const told = untilAborted(ending)
  const decoding = new AbortController()
  let gone = false
  let end: 'told' | 'stalled' | undefined
  void capture.exited.then(() => {
    gone = true
    if (end !== undefined) return
    decoding.abort()
    part.onGone()
  })
  let grown = { bytes: -1, at: readClock() }
  let syncedAt = readClock()
  let provenAt = readClock()
  let proving: Promise<void> | undefined
  let proved = false
  const prove = async () => {
    const proof = await prover.prove(decoding.signal)
    if (proof === undefined) return
    proved = true
    part.onProof(proof)
  }
  try {
    while (!gone) {
      await Promise.race([capture.exited, wait(lookEveryMs), ...(end === undefined ? [told] : [])])
      const kept = await sumOf(followers, async (one) => (await one.keepClosed()).length)
      const bytes = await sumOf(followers, async (one) => (await one.growth())?.bytes ?? 0)
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
        for (const follower of followers) await follower.syncOpen()
      }
      if (proving === undefined && elapsedMs(provenAt, readClock()) >= (proved ? proofEveryMs : firstProofEveryMs)) {
        provenAt = readClock()
        proving = prove().finally(() => {
          proving = undefined
        })
      }
      part.onLook(kept, elapsedMs(grown.at, readClock()))
    }
    await proving
    const kept = await sumOf(followers, async (one) => (await one.keepAll()).length)
    part.onLook(kept, 0)
    return end ?? 'died'
  } catch (error) {
    // The disk said no: whoever tries again must not find this ffmpeg still writing.
    await capture.stop()
    throw error
  } finally {
    decoding.abort()
  }
}

/** One track after another: the lines of a part stand in one order. */
async function sumOf(followers: readonly PartFollower[], step: (one: PartFollower) => Promise<number>): Promise<number> {
  let sum = 0
  for (const follower of followers) sum += await step(follower)
  return sum
}
