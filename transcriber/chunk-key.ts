import { createHash } from 'node:crypto'

/** Raised when what a chunk's result holds changes its shape. */
export const chunkSchema = 2

export interface ChunkIdentity {
  /** SHA-256 of the samples. */
  pcmSha256: string
  engine: string
  modelSha256: string
  language: string
  promptSha256: string
  parameters: string
}

/** Name of a chunk's result: all it was made from. The same again is never recognised again; anything changed is another result. */
export function chunkKey(of: ChunkIdentity): string {
  const parts = [of.pcmSha256, of.engine, of.modelSha256, of.language, of.promptSha256, of.parameters, String(chunkSchema)]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
