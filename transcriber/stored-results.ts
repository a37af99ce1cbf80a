import type { JobPayload } from '../storage/records/job-kinds.ts'
import { putChunkResult, readChunkResults } from '../storage/records/transcripts.ts'
import type { Storage } from '../storage/storage.ts'
import { type ChunkResults, chunkResult } from './chunk-result.ts'

/** Checkpoints in the database. */
export function storedResults(storage: Storage, of: JobPayload<'transcript.plan'>): ChunkResults {
  return {
    async read(key) {
      const [row] = await storage.database.inCouncil(of.council, (tx) => readChunkResults(tx, of.session, [key]))
      return row && chunkResult.parse(row.result)
    },
    async write(chunk, result) {
      await storage.database.inCouncil(of.council, (tx) => putChunkResult(tx, { session: of.session, chunk, key: result.key, result }))
    },
  }
}
