import type { RehearsalFinding } from '../../storage/model/rehearsal.ts'
import { type DiskRoom, hoursLeft, sessionHours } from '../disk-room.ts'

/** Server and recorder may be this far apart and still be read as one hour of the day. */
const apartMs = 5000

/** Two sessions are wanted, one is needed. @param rate bytes a second as the rehearsal measured them */
export function judgeDisk(room: DiskRoom, rate: number | undefined): RehearsalFinding {
  const hours = hoursLeft(room, rate)
  const code = hours >= 2 * sessionHours ? 'disk-ample' : hours >= sessionHours ? 'disk-short' : 'disk-full'
  return { code, value: hours }
}

/** @param offsetMs server minus recorder; 0 while they agree or the server was not asked */
export function judgeClock(synchronised: boolean | undefined, offsetMs: number): RehearsalFinding[] {
  const code = synchronised === undefined ? 'clock-unknown' : synchronised ? 'clock-held' : 'clock-free'
  return [{ code }, ...(Math.abs(offsetMs) < apartMs ? [] : [{ code: 'clock-apart' as const, value: Math.round(offsetMs / 1000) }])]
}
