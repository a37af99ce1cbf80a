import { z } from 'zod'
import { sha256Hex } from '../model/ids.ts'

/** Where bytes lie in the store, and what they are: key, version, SHA-256. */
export const objectReference = z.object({ key: z.string().min(1), version: z.string().min(1), sha256: sha256Hex })
export type ObjectReference = z.infer<typeof objectReference>
