import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import type { RecorderSight } from './room.ts'

/** The one word of the chamber page. Only the recorder's own proof makes it «GRAVANDO». */
export type StripWord =
  | 'ready'
  | 'asked'
  | 'starting'
  | 'recording'
  | 'paused'
  | 'stopped'
  | 'failed'
  | 'stale'
  | 'unreachable'
  | 'no-recorder'
  | 'other-session'
  | 'unrecorded'

export interface StripInput {
  session: Pick<Session, 'id' | 'recorded'>
  recorder: RecorderSight
  /** The recorder itself told that this session's recording stopped (`recordingEnded`): after a restart it stands idle. */
  ended?: boolean
  /** The tablet's own line to the server. */
  linked: boolean
  /** When start, pause, resume or stop was asked and not yet answered, on the server's clock. */
  askedMs?: number
  /** Now, on the server's clock. */
  nowMs: number
}

/** A recorder says what it does each second; after this long without a word nothing is proven any more. */
export const proofLifeMs = 6_000

/** Whether the last word of a recorder in the session's record is that it stopped. */
export function recordingEnded(events: readonly SessionEvent[]): boolean {
  return (
    events.findLast((one) => /^recording\.(?:asked|proven|paused|resumed|stopped|failed)$/.test(one.type))?.type === 'recording.stopped'
  )
}

export function stripWord({ session, recorder, ended, linked, askedMs, nowMs }: StripInput): StripWord {
  if (!session.recorded) return 'unrecorded'
  if (!linked) return 'unreachable'
  const state = ownProof(recorder, session.id)?.state
  if (ended && (state === undefined || state === 'idle')) return 'stopped'
  if (!recorder.connected) return state === 'stopped' ? 'stopped' : state === undefined || state === 'idle' ? 'no-recorder' : 'unreachable'
  if (state === undefined && isBusy(recorder)) return 'other-session'
  if (askedMs !== undefined && (state === undefined || state === 'idle')) return 'asked'
  switch (state) {
    case undefined:
    case 'idle':
      return 'ready'
    case 'recording':
      return nowMs - (recorder.sightMs ?? 0) > proofLifeMs ? 'stale' : 'recording'
    default:
      return state
  }
}

/** The recorder's proof, when it is of this session: one that stands idle tells of none. */
export function ownProof(recorder: RecorderSight, session: string): ProofOfLife | undefined {
  return recorder.session === session || recorder.proof?.state === 'idle' ? recorder.proof : undefined
}

/** Alarms that concern this session: of its own recording, and before it begins those of the disk. A recorder that went silent proves none. */
export function standingAlarms(recorder: RecorderSight, session: string, word: StripWord): NonNullable<ProofOfLife['alarms']> {
  if (word === 'stale' || word === 'unreachable' || word === 'no-recorder' || word === 'stopped' || word === 'unrecorded') return []
  return ownProof(recorder, session)?.alarms ?? []
}

function isBusy(recorder: RecorderSight): boolean {
  const state = recorder.proof?.state
  return state !== undefined && state !== 'idle' && state !== 'stopped'
}

/** Which acts on the recorder make sense under a word. */
export function recorderActs(word: StripWord, started: boolean): ('start' | 'pause' | 'resume' | 'stop')[] {
  switch (word) {
    case 'ready':
      return ['start']
    case 'failed':
      return ['start', 'stop']
    case 'recording':
    case 'stale':
      return ['pause', 'stop']
    case 'paused':
      return ['resume', 'stop']
    case 'unreachable':
      return started ? ['stop'] : []
    default:
      return []
  }
}

/**
 * Place on the media line of an instant of the server's clock, ms; undefined while nothing is captured.
 * @param lagMs the least time seen between a proof's own instant and its coming in here: clocks apart and the way, together
 */
export function mediaPlace(recorder: RecorderSight, session: string, serverMs: number, lagMs: number): number | undefined {
  const proof = ownProof(recorder, session)
  if (!proof || proof.atWallMs === 0 || proof.state === 'idle' || proof.state === 'asked' || proof.state === 'starting') return undefined
  return Math.max(0, Math.round(proof.mediaMs + (serverMs - lagMs - proof.atWallMs) * proof.speed))
}
