import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { eventId } from '../storage/model/ids.ts'
import { writeDurably } from '../storage/programs/durable-file.ts'
import { chamberProfile } from './chamber-profile.ts'
import { restCause } from './control-protocol.ts'

/** What a restarted agent must know of a session beside its journal. */
const spoolState = z.object({
  session: z.string(),
  source: z.string(),
  /** The chamber as it was when the session began, when it has a profile. */
  chamber: chamberProfile.optional(),
  speed: z.number().positive(),
  wanted: z.enum(['recording', 'paused', 'stopped']),
  /** Why it rests while `wanted` is paused. */
  restCause: restCause.default('paused'),
  /** Keys that what is recorded is encrypted to; absent while it is recorded in the clear. */
  sealTo: z.array(z.string().min(1)).min(1).optional(),
  /** Marks of the closed parts that it rests or is sealed for (closed-rest.ts). */
  closings: z.array(eventId).default([]),
  /** All was journalled and the last head is signed. */
  finished: z.boolean(),
})
export type SpoolState = z.infer<typeof spoolState>

const stateFile = (folder: string) => join(folder, 'state.json')

/** What an earlier run left of a session; undefined when there is none. */
export async function readSpoolState(folder: string): Promise<SpoolState | undefined> {
  const path = stateFile(folder)
  const there = await stat(path).catch(() => undefined)
  return there === undefined ? undefined : spoolState.parse(JSON.parse(await readFile(path, 'utf8')))
}

/** On the disk before it is acted on. */
export async function writeSpoolState(folder: string, state: SpoolState): Promise<void> {
  await writeDurably(stateFile(folder), JSON.stringify(state))
}
