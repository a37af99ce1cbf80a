import { momentOf, wallTime } from '../council-clock.ts'
import type { Session } from '../session.ts'
import { addDays } from '../working-days.ts'

const hourMs = 3_600_000

/**
 * When a session that found no quorum on its first call meets again by law: the plenary two days later at the same hour of the
 * council's zone (ROF 90.2), the other bodies an hour later (ROF 113.1.c). The secretary confirms it.
 * @returns Unix ms; undefined after the second call, whose items go to the next session
 */
export function secondCallMs(session: Pick<Session, 'body' | 'call' | 'convenedFor'>, timeZone: string): number | undefined {
  if (session.call === 2) return undefined
  if (session.body !== 'pleno') return session.convenedFor + hourMs
  const { day, time } = wallTime(session.convenedFor, timeZone)
  return momentOf({ day: addDays(day, 2), time }, timeZone)
}
