import { z } from 'zod'

/** Trust anchors (contracts.md §5): from the installation or `--trust FILE`, never from what is judged. Log and recorder keys are raw Ed25519 in base64. */
export const trustFile = z.object({
  name: z.string().default('installation'),
  /** Demo anchors: the answer is then «SINATURA DE PROBA, SEN VALOR LEGAL». */
  demo: z.boolean().default(false),
  roots: z.array(z.string()),
  tsaRoots: z.array(z.string()),
  logs: z.array(z.object({ origin: z.string().min(1), key: z.string().min(1) })),
  recorders: z.array(z.object({ origin: z.string().min(1), key: z.string().min(1) })).default([]),
})
export type Trust = z.infer<typeof trustFile>

/** One check of a verification. `code` is stable and listed in the README. */
export interface Check {
  code: string
  ok: boolean
  detail: string
}

/** What `verify` answers: the only report of the house; everything below it throws. */
export interface Verification {
  authentic: boolean
  trust: 'installation' | 'demo' | 'file' | 'none'
  checks: Check[]
}
