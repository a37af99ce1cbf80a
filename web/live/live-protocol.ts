import { z } from 'zod'
import { language } from '../../storage/model/council.ts'

/** What somebody who looks on is told: each has a sentence of its own. */
export const livePhases = ['live', 'waiting', 'stopped', 'closed', 'recess', 'before', 'over'] as const
export type LivePhase = (typeof livePhases)[number]

/** What the page is told every two seconds; `run` names the run of segments: with another one the player begins anew. */
export const liveAnswer = z.object({
  phase: z.enum(livePhases),
  run: z.string(),
  state: z.string(),
  item: z.string(),
  speaker: z.string(),
  /** The last of what a machine understood, older than the picture. */
  captions: z.array(z.object({ speaker: z.string(), text: z.string(), language })),
})
export type LiveAnswer = z.infer<typeof liveAnswer>
