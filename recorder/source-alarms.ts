import type { Alarm } from './alarms.ts'
import { type ClockReading, shifted } from './clock.ts'
import type { Proof } from './proof-of-life.ts'
import { speedOf } from './source.ts'
import type { SourcePlan } from './track-plan.ts'

/** An alarm of a source, by the name that people call it. */
export function sourceAlarm(plan: SourcePlan, code: Alarm['code'], since: ClockReading, channel?: number): Alarm {
  const name = channel === undefined ? plan.name : (plan.microphones?.[channel] ?? String(channel + 1))
  return { code, sinceWallMs: Math.max(0, Math.round(since.wallMs)), ...(name === '' ? {} : { name }) }
}

/** What the last proof found wrong in what was written; places of the part become hours of the clock. */
export function proofAlarms(plan: SourcePlan, proof: Proof): Alarm[] {
  const speed = speedOf(plan.source)
  return proof.faults.map(({ code, sinceMs, channel }) =>
    sourceAlarm(plan, code, shifted(proof.clock, (sinceMs - proof.partMs) / speed), channel),
  )
}

/** Whether it was the source that failed, or what we write on: the cause of the gap that it leaves. */
export function causeOf(error: unknown): string {
  const ofSource = ['SourceUnreadableError', 'MediaUnreadableError', 'ProgramError']
  return error instanceof Error && ofSource.includes(error.name) ? 'source-unreadable' : 'recorder-fault'
}
