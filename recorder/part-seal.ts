import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../storage/programs/durable-file.ts'

/** Of the gap that stands for what was not recorded, or recorded for the secretary alone. */
export const closedPartCause = 'closed-part'

const file = 'seal.json'
const partSeal = z.object({ recipients: z.array(z.string().min(1)).min(1) })

/** Says in the folder of a part that everything it writes is encrypted to these keys; said before its ffmpeg starts. */
export async function writePartSeal(folder: string, recipients: readonly string[]): Promise<void> {
  await writeDurably(join(folder, file), JSON.stringify({ recipients }))
}

/** Keys that a part is sealed to; undefined for one in the clear. */
export async function readPartSeal(folder: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(folder, file), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : partSeal.parse(JSON.parse(text)).recipients
}
