import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { sha256Hex } from '../../storage/model/ids.ts'

/** Folder of the repository, or of what was built from it: models.lock.json and the carried files lie under it. */
export const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A model we name: its bytes are known before anybody fetches them. Without a known hash it is named only: nothing is installed for it. */
const modelEntry = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.enum(['recognition', 'voice-activity', 'diarization']),
  /** Its name in the models folder. */
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  bytes: z.int().positive().nullable(),
  sha256: sha256Hex.nullable(),
  licence: z.string().min(1),
  /** Languages it was made for; none where it does not matter. */
  languages: z.array(z.string()),
  /** Where it can be fetched; null when no address is known to give these bytes. */
  address: z.url({ protocol: /^https?$/ }).nullable(),
  /** Its place in the repository, when it comes with it. */
  carried: z.string().optional(),
  note: z.string().optional(),
  /**
   * `chunk`: measured to lose nothing when the engine looks at only as much of its 30 s window as the sound fills. Whisper as published was
   * trained on full windows, and repeats itself on shorter ones (whisper.cpp issue 1951): never set unmeasured.
   */
  window: z.enum(['full', 'chunk']).default('full'),
  /** Whether it may be told words beforehand. One that never saw a prompt in its training hears worse with it. */
  prompt: z.boolean().default(true),
})
export type ModelEntry = z.infer<typeof modelEntry>
/** A model whose bytes are known. */
export type KnownModel = ModelEntry & { bytes: number; sha256: string }

export function isKnown(entry: ModelEntry): entry is KnownModel {
  return entry.bytes !== null && entry.sha256 !== null
}

/**
 * Models that this version knows (models.lock.json).
 * @param path another list, for tests
 */
export async function readModelLock(path: string = join(repository, 'models.lock.json')): Promise<ModelEntry[]> {
  return z.array(modelEntry).parse(JSON.parse(await readFile(path, 'utf8')))
}
