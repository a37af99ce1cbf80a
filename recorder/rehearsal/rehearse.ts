import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { newId } from '../../storage/model/ids.ts'
import type { Rehearsal, RehearsalFinding } from '../../storage/model/rehearsal.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import type { AgentIdentity } from '../agent-identity.ts'
import { readSynchronised } from '../clock-watch.ts'
import { readDiskRoom } from '../disk-room.ts'
import { fillingRate } from '../disk-watch.ts'
import { startLifeMs } from '../recorder-state.ts'
import { SegmentSpool } from '../segment-spool.ts'
import { ServerClock } from '../server-clock.ts'
import { SessionRecording } from '../session-recording.ts'
import type { SourcePlan } from '../track-plan.ts'
import { untilAborted } from '../until-aborted.ts'
import { judgeClock, judgeDisk } from './judge-machine.ts'
import { judgeSource, Listener } from './judge-source.ts'
import { tryStore } from './try-store.ts'

export interface RehearsalParts {
  ffmpeg: Ffmpeg
  plans: readonly [SourcePlan, ...SourcePlan[]]
  /** Folder of the spool: the rehearsal records on the same disk, beside the sessions, and leaves nothing. */
  spool: string
  /** Without it the store is not tried. */
  identity?: AgentIdentity
  /** How long is recorded. */
  seconds: number
  /** How long a source may take before its seconds are counted; by default as long as a session's may. */
  startWithinMs?: number
  /** Ends it early: a session is to be recorded and needs the sources. */
  signal?: AbortSignal
}

const lookEveryMs = 250

/** Tries all that a session will need, the way a session does: the same capture, the same proof, the same disk and store. */
export async function rehearse(parts: RehearsalParts): Promise<Rehearsal> {
  const { spool, identity, signal = new AbortController().signal } = parts
  const folder = join(spool, '.rehearsal')
  await rm(folder, { recursive: true, force: true })
  const atMs = Date.now()
  try {
    const clock = new ServerClock()
    const [recorded, synchronised, store] = await Promise.all([
      record(parts, folder, signal),
      readSynchronised(),
      identity === undefined ? undefined : tryStore(identity, clock, signal),
    ])
    const findings: RehearsalFinding[] = [
      ...recorded.findings,
      judgeDisk(await readDiskRoom(spool), recorded.rate),
      ...judgeClock(synchronised, clock.offsetMs),
      store ?? { code: 'not-enrolled' },
    ]
    return { v: 1, atMs, seconds: recorded.seconds, findings }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function record({ ffmpeg, plans, seconds, startWithinMs = startLifeMs }: RehearsalParts, folder: string, signal: AbortSignal) {
  await using spool = await SegmentSpool.open(folder, { session: newId(), recorder: newId() })
  await using recording = await SessionRecording.open({ ffmpeg, plans, spool })
  const listener = new Listener()
  const aborted = untilAborted(signal)
  recording.begin()
  const askedAt = performance.now()
  const running = () => recording.view.sources.every((one) => one.state === 'recording')
  while (!signal.aborted && !running() && performance.now() - askedAt < startWithinMs) await Promise.race([wait(lookEveryMs), aborted])
  const beganAt = performance.now()
  while (!signal.aborted && performance.now() - beganAt < seconds * 1000) {
    listener.look(recording.view)
    await Promise.race([wait(lookEveryMs), aborted])
  }
  const recordedMs = performance.now() - beganAt
  const { alarms, cause } = recording.view
  recording.stop()
  await recording.ended
  const findings: RehearsalFinding[] = []
  for (const plan of plans) findings.push(...(await judgeSource({ ffmpeg, spool, plan, alarms, cause, listener })))
  return { findings, rate: fillingRate(spool.lines), seconds: Math.round(recordedMs / 100) / 10 }
}
