import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** How far one step of a session has come: `done` of `total`, in the step's own unit. */
export const progress = z.object({
  step: z.string().min(1),
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  detail: z.string().optional(),
  atMs: z.int(),
})
export type Progress = z.infer<typeof progress>

/** Tells how far a step is; the last word of each step is kept. */
export async function reportProgress(tx: Tx, session: SessionId, of: Omit<Progress, 'atMs'>): Promise<void> {
  const { step, ...told } = progress.parse({ ...of, atMs: Date.now() })
  const row = { done: told.done, total: told.total, detail: told.detail ?? null, at_ms: told.atMs }
  await tx
    .insertInto('progress')
    .values({ session, step, ...row })
    .onConflict((on) => on.columns(['council_id', 'session', 'step']).doUpdateSet(row))
    .execute()
}

/** Name of the step that holds where a step stood when it was begun, and when. */
export const beginningOf = (step: string) => `${step}-began`

/** About how long until a step is through, ms, at its pace since it began; undefined while that cannot be told. Pure. */
export function remainingMs(told: readonly Progress[], step: string, nowMs: number): number | undefined {
  const [now, began] = [told.find((one) => one.step === step), told.find((one) => one.step === beginningOf(step))]
  if (!now || !began || now.done <= began.done || now.done >= now.total) return undefined
  const msEach = (now.atMs - began.atMs) / (now.done - began.done)
  return Math.max(0, Math.round(msEach * (now.total - now.done) - (nowMs - now.atMs)))
}

/** The latest of each step, the step that was heard of last at the end. */
export async function readProgress(tx: Tx, session: SessionId): Promise<Progress[]> {
  const rows = await tx.selectFrom('progress').selectAll().where('session', '=', session).orderBy('at_ms').orderBy('step').execute()
  return rows.map(({ step, done, total, detail, at_ms: atMs }) =>
    fromStored(progress, withoutNulls({ step, done, total, detail, atMs }), `progress of session ${session}`),
  )
}
