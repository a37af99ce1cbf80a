import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../storage/programs/durable-file.ts'
import { type ChunkResult, type ChunkResults, chunkResult } from './chunk-result.ts'

/** Checkpoints as files of a folder, for the command: a run that was cut off goes on where it was. */
export function chunkFolder(folder: string): ChunkResults {
  // A failure lasts as long as this run: the next one tries again.
  const failures = new Map<string, ChunkResult>()
  const pathOf = (key: string) => join(folder, `${key}.json`)
  return {
    async read(key) {
      if (failures.has(key)) return failures.get(key)
      try {
        const parsed = chunkResult.safeParse(JSON.parse(await readFile(pathOf(key), 'utf8')))
        return parsed.success ? parsed.data : undefined
      } catch {
        // Not there, or not whole: it is recognised (again).
        return undefined
      }
    },
    async write(_chunk, result) {
      if (result.status === 'failed') {
        failures.set(result.key, result)
        return
      }
      await mkdir(folder, { recursive: true })
      await writeDurably(pathOf(result.key), JSON.stringify(result))
    },
  }
}
