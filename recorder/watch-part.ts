import { setTimeout as wait } from 'node:timers/promises'
import type { Capture } from './capture.ts'
import { elapsedMs, readClock } from './clock.ts'
import { DiskRounds } from './disk-rounds.ts'
import type { PartFollower } from './part-follower.ts'
import { type PartProver, type Proof, proofEveryMs } from './proof-of-life.ts'
import { stallMs } from './recorder-state.ts'
import { untilAborted } from './until-aborted.ts'

const lookEveryMs = 200
const firstProofEveryMs = 500

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
 * second, proof each second too. An ffmpeg that writes nothing for 10 s is killed, since it may hang for ever (study-recorder.md §1).
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
  let provenAt = readClock()
  let proving: Promise<void> | undefined
  const rounds = new DiskRounds(followers)
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
      // A disk that hangs must not blind the watch: what is written is waited for only as long as a look lasts.
      await Promise.race([rounds.next(), wait(lookEveryMs)])
      // Before the look: an agent that stood still right after it must not take its own absence for a silence of ffmpeg.
      const lookedAt = readClock()
      const bytes = (await Promise.all(followers.map((one) => one.growth()))).reduce((sum, one) => sum + (one?.bytes ?? 0), 0)
      if (bytes > grown.bytes) grown = { bytes, at: lookedAt }
      const stillMs = elapsedMs(grown.at, lookedAt)
      if (end === undefined && ending.aborted) {
        end = 'told'
        void capture.stop()
      } else if (end === undefined && stillMs > stallMs) {
        end = 'stalled'
        void capture.stop([{ signal: 'SIGKILL', waitMs: 5000 }])
      }
      if (proving === undefined && elapsedMs(provenAt, readClock()) >= (proved ? proofEveryMs : firstProofEveryMs)) {
        provenAt = readClock()
        proving = prove().finally(() => {
          proving = undefined
        })
      }
      part.onLook(rounds.takeKept(), stillMs)
    }
    await proving
    await rounds.idle()
    await rounds.last()
    part.onLook(rounds.takeKept(), 0)
    return end ?? 'died'
  } catch (error) {
    // The disk said no: whoever tries again must not find this ffmpeg still writing.
    await capture.stop()
    throw error
  } finally {
    decoding.abort()
    await rounds.idle()
  }
}
