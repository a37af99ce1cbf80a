import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** One look at both clocks: the wall's, which may step, and the one that only runs forward within a boot. */
export interface ClockReading {
  wallMs: number
  monotonicNs: bigint
  boot: string
}

const boot = readBoot()

export function readClock(): ClockReading {
  return { wallMs: Date.now(), monotonicNs: process.hrtime.bigint(), boot }
}

/** Milliseconds between two readings: by the monotonic clock within a boot, by the wall's across two. */
export function elapsedMs(from: ClockReading, to: ClockReading): number {
  if (from.boot === to.boot) return Number(to.monotonicNs - from.monotonicNs) / 1e6
  return to.wallMs - from.wallMs
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
    return `process-${randomUUID()}`
  }
}

/** The reading that belongs to a wall time of the past, such as a file's. Before this boot only the wall time is known. */
export function readingAt(wallMs: number): ClockReading {
  const now = readClock()
  const at = shifted(now, wallMs - now.wallMs)
  return at.monotonicNs >= 0n ? at : { wallMs: Math.round(wallMs), monotonicNs: 0n, boot: `before-${now.boot}` }
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
