import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** One look at both clocks: the wall's, which may step, and the one that only runs forward within a boot. */
export interface ClockReading {
  wallMs: number
  monotonicNs: bigint
  boot: string
}

/** Begin the ids of what is no boot of this machine as the kernel counts them. */
const unknownBoot = 'process-'
const earlierBoot = 'before-'

const boot = readBoot()

export function readClock(): ClockReading {
  return { wallMs: Date.now(), monotonicNs: process.hrtime.bigint(), boot }
}

/** Milliseconds between two readings: by the monotonic clock within a boot, by the wall's across two. */
export function elapsedMs(from: ClockReading, to: ClockReading): number {
  if (from.boot === to.boot) return Number(to.monotonicNs - from.monotonicNs) / 1e6
  return to.wallMs - from.wallMs
}

/** The wall's clock may be wrong by as much after a boot and still count as saying the same. */
const wallSlackMs = 1000

/** What a wall's clock that nobody holds says beyond it is no interruption of a session any more, but a wrong year. */
const farthestMs = 24 * 3_600_000

/**
 * How long it was between two readings. Across two boots only the wall's clock passed through. It is known when that was held at both ends;
 * if it was not, what it says is the best there is, and the least that it can have been is what the machine has been up since. A wall that
 * says less than that, or more than a day, is not believed at all.
 * @param held whether the wall's clock is known to have been synchronised at both readings
 * @returns `leastMs` only where it is not known; it is `ms` itself where nothing but the least is
 */
export function elapsedAtLeast(from: ClockReading, to: ClockReading, held: boolean): { ms: number; leastMs?: number } {
  const ms = elapsedMs(from, to)
  if (from.boot === to.boot) return { ms }
  const upMs = to.boot.startsWith(unknownBoot) || to.boot.startsWith(earlierBoot) ? 0 : Number(to.monotonicNs) / 1e6
  if (ms < upMs - wallSlackMs) return { ms: upMs, leastMs: upMs }
  if (held) return { ms }
  return ms > upMs + farthestMs ? { ms: upMs, leastMs: upMs } : { ms: Math.max(ms, upMs), leastMs: upMs }
}

/** By how much the wall's clock was moved between two readings of one boot, ms; forward is positive. Across boots nobody knows: undefined. */
export function wallStepMs(from: ClockReading, to: ClockReading): number | undefined {
  return from.boot === to.boot ? to.wallMs - from.wallMs - elapsedMs(from, to) : undefined
}

/**
 * Whether what the system says of the wall's clock now can be said of a reading too: it is of this boot, and the wall was not moved since.
 * What an agent after a power cut finds on the disk was written by a clock that nobody can ask any more.
 */
export function isOfClockNow(of: ClockReading, now: ClockReading = readClock()): boolean {
  const step = wallStepMs(of, now)
  return step !== undefined && Math.abs(step) < stepFromMs
}

/** The reading `ms` later (or earlier, when negative). */
export function shifted(of: ClockReading, ms: number): ClockReading {
  return { wallMs: Math.round(of.wallMs + ms), monotonicNs: of.monotonicNs + BigInt(Math.round(ms * 1e6)), boot: of.boot }
}

/** The kernel's id of this boot; where there is none each process counts as a boot of its own, so that its clock is never compared. */
function readBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return `${unknownBoot}${randomUUID()}`
  }
}

/** The reading that belongs to a wall time of the past, such as a file's. Before this boot only the wall time is known. */
export function readingAt(wallMs: number, now: ClockReading = readClock()): ClockReading {
  const at = shifted(now, wallMs - now.wallMs)
  return at.monotonicNs >= 0n ? at : { wallMs: Math.round(wallMs), monotonicNs: 0n, boot: `${earlierBoot}${now.boot}` }
}

/** A file that was closed may have got its last byte this long before the look that did not see it closed yet. */
const slackNs = 500_000_000n

/**
 * A reading held between two looks at the steady clock, whatever its wall time was computed from: when the wall's stepped, a file's time
 * tells a wrong moment, and the later look is the truth to a fraction of a second.
 */
export function within(of: ClockReading, from: ClockReading | undefined, to: ClockReading): ClockReading {
  const early = from !== undefined && (of.boot !== to.boot || of.monotonicNs < from.monotonicNs - slackNs)
  return early || (of.boot === to.boot && of.monotonicNs > to.monotonicNs) ? to : of
}

/** Less than it is the clock being set right little by little, not a step. */
export const stepFromMs = 500
/** How far the media line and the clock that it was captured by may lie apart. */
const lineSlackMs = 2000

/**
 * The reading of a file that nobody watched being written. Its time is of the wall's clock; had that been moved since, it would tell a
 * wrong moment. `expected` is what the media line says: then the file's time is read by the clock as it was, or as it is, whichever agrees
 * with it, and where neither does the media line is believed.
 */
export function unwatchedReading(mtimeMs: number, expected: ClockReading | undefined, now: ClockReading): ClockReading {
  const asIs = within(readingAt(mtimeMs, now), undefined, now)
  if (expected === undefined) return asIs
  const step = wallStepMs(expected, now)
  if (step !== undefined && Math.abs(step) < stepFromMs && mtimeMs <= now.wallMs + stepFromMs) return asIs
  // Of an earlier boot only its own clock can tell; and after a step the one before it.
  const asWas = shifted(expected, mtimeMs - expected.wallMs)
  const off = (of: ClockReading) => (of.boot === expected.boot ? Math.abs(elapsedMs(expected, of)) : Number.POSITIVE_INFINITY)
  const nearest = off(asIs) < off(asWas) ? asIs : asWas
  return off(nearest) < lineSlackMs ? nearest : expected
}
