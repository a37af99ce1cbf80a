import type { IsoDay } from './working-days.ts'

/** A moment as the clock on the council's wall tells it: `{day: '2026-10-27', time: '19:30'}`. */
export interface WallTime {
  day: IsoDay
  time: string
}

/** What the wall clock of a zone shows at a moment (Unix ms), to the minute. */
export function wallTime(ms: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return { day: `${part['year']}-${part['month']}-${part['day']}`, time: `${part['hour']}:${part['minute']}` }
}

/**
 * The moment (Unix ms) at which a zone's wall clock shows a day and a time: the first of the two when clocks went back, undefined
 * when they jumped over it.
 */
export function momentOf(wall: WallTime, timeZone: string): number | undefined {
  const asIfUtc = Date.parse(`${wall.day}T${wall.time}:00Z`)
  if (Number.isNaN(asIfUtc)) return undefined
  const offsets = [asIfUtc - 86_400_000, asIfUtc + 86_400_000].map((ms) => offsetAt(ms, timeZone))
  const moments = offsets.map((offset) => asIfUtc - offset).filter((ms) => isSameWall(wallTime(ms, timeZone), wall))
  return moments.length === 0 ? undefined : Math.min(...moments)
}

function offsetAt(ms: number, timeZone: string): number {
  const wall = wallTime(ms, timeZone)
  return Date.parse(`${wall.day}T${wall.time}:00Z`) - Math.floor(ms / 60_000) * 60_000
}

const isSameWall = (one: WallTime, other: WallTime) => one.day === other.day && one.time === other.time
